//===- FolderSource.cpp - a file for each sample --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FolderSource.h"

#include "AdaptInput.h"
#include "tflc/Support/OutputFiles.h"
#include "tflc/Support/Picture.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace tflc;

namespace {

enum class FileKind { Other, Npy, Picture };

class FolderSource : public SampleSource {
public:
  FolderSource(const SignatureInfo &signature, const SampleOptions &options)
      : signature(signature), options(options) {}

  Error open(StringRef path);
  Expected<bool> next(Sample &sample) override;
  std::optional<int64_t> getSize() const override { return files.size(); }

private:
  Expected<Array> readPictureFile(StringRef path) const;
  Expected<Array> readSample(StringRef path) const;

  /// A copy, as the source may outlive what the caller gave.
  SignatureInfo signature;
  SampleOptions options;
  std::vector<std::string> files;
  size_t position = 0;
};

} // namespace

static FileKind getKind(StringRef path) {
  return StringSwitch<FileKind>(sys::path::extension(path).lower())
      .Case(".npy", FileKind::Npy)
      .Cases({".png", ".jpg", ".jpeg"}, FileKind::Picture)
      .Default(FileKind::Other);
}

Error FolderSource::open(StringRef path) {
  if (signature.inputs.size() != 1)
    return createStringError(formatv("{0}: the signature '{1}' has {2} inputs; a folder holds the "
                                     "data of one",
                                     path, signature.key, signature.inputs.size()));
  std::error_code code;
  for (sys::fs::directory_iterator it(path, code), end; it != end && !code; it.increment(code))
    if (getKind(it->path()) != FileKind::Other)
      files.push_back(it->path());
  if (code)
    return createStringError(formatv("cannot read '{0}': {1}", path, code.message()));
  if (files.empty())
    return createStringError(formatv("{0}: the folder holds no .npy, .png or .jpeg files", path));
  llvm::sort(files);
  return Error::success();
}

/// Pictures are [height, width, channels], whatever batch the model takes.
Expected<Array> FolderSource::readPictureFile(StringRef path) const {
  ArrayRef<int64_t> shape = signature.inputs.front().shape;
  if (shape.size() < 3 || (shape.back() != 1 && shape.back() != 3))
    return createStringError(formatv("{0}: the input '{1}' is {2}, which is no picture", path,
                                     signature.inputs.front().name,
                                     formatTensorType(signature.inputs.front())));
  unsigned channels = unsigned(shape.back());
  Expected<Picture> picture = readPicture(path, channels);
  if (!picture)
    return picture.takeError();
  int64_t height = shape[shape.size() - 3], width = shape[shape.size() - 2];
  if (options.resize && height > 0 && width > 0)
    *picture = resizePicture(*picture, height, width);
  Array array;
  array.name = signature.inputs.front().name;
  array.type = ElementType::UInt8;
  array.shape = {picture->height, picture->width, channels};
  array.data.assign(picture->pixels.begin(), picture->pixels.end());
  return array;
}

Expected<Array> FolderSource::readSample(StringRef path) const {
  if (getKind(path) == FileKind::Picture)
    return readPictureFile(path);
  Expected<std::string> contents = readFile(path);
  if (!contents)
    return contents.takeError();
  return decodeNpy(*contents, path);
}

Expected<bool> FolderSource::next(Sample &sample) {
  if (position == files.size())
    return false;
  const std::string &path = files[position++];
  Expected<Array> array = readSample(path);
  if (!array)
    return array.takeError();
  sample.signature = signature.key;
  sample.place = path;
  sample.label.reset();
  sample.inputs.clear();
  sample.inputs.push_back(adaptInput(std::move(*array), signature.inputs.front(), options));
  return true;
}

Expected<std::unique_ptr<SampleSource>>
tflc::openFolder(StringRef path, const SignatureInfo &signature, const SampleOptions &options) {
  auto source = std::make_unique<FolderSource>(signature, options);
  if (Error error = source->open(path))
    return std::move(error);
  return source;
}
