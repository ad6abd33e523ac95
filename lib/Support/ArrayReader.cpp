//===- ArrayReader.cpp - arrays element by element ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/Npz.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"

#include <fstream>
#include <zip.h>

using namespace llvm;
using namespace tflc;

static Error fail(const Twine &what, const Twine &reason) {
  return createStringError(what + ": " + reason);
}

namespace {

/// Bytes that are read from the front to the end.
class ByteStream {
public:
  virtual ~ByteStream() = default;
  /// Whether `size` bytes could be read.
  virtual bool read(char *data, size_t size) = 0;
};

class FileStream : public ByteStream {
public:
  explicit FileStream(StringRef path) : file(path.str(), std::ios::binary) {}
  bool read(char *data, size_t size) override {
    return bool(file.read(data, std::streamsize(size)));
  }

private:
  std::ifstream file;
};

struct ZipDiscard {
  void operator()(zip_t *archive) const { zip_discard(archive); }
};
struct ZipClose {
  void operator()(zip_file_t *file) const { zip_fclose(file); }
};

class EntryStream : public ByteStream {
public:
  EntryStream(zip_t *archive, uint64_t index) : file(zip_fopen_index(archive, index, 0)) {}
  bool read(char *data, size_t size) override {
    return file && zip_fread(file.get(), data, size) == zip_int64_t(size);
  }

private:
  std::unique_ptr<zip_file_t, ZipClose> file;
};

class StreamedArrays : public ArrayReader {
public:
  Error openFile(StringRef path);
  Error openArchive(StringRef path);
  Expected<Array> readNext(size_t index) override;

private:
  struct Source {
    std::unique_ptr<ByteStream> stream;
    ArrayLayout layout;
    std::string what;
    /// Of an array in Fortran order, whose elements do not lie one after the other: all data.
    Array whole;
    int64_t position = 0;
  };
  Error add(std::unique_ptr<ByteStream> stream, StringRef name, StringRef what);

  std::unique_ptr<zip_t, ZipDiscard> archive;
  std::vector<Source> sources;
};

} // namespace

Error StreamedArrays::add(std::unique_ptr<ByteStream> stream, StringRef name, StringRef what) {
  constexpr size_t prefix = 12;
  std::string header(prefix, '\0');
  if (!stream->read(header.data(), prefix))
    return fail(what, "not a .npy file");
  Expected<size_t> size = getNpyHeaderSize(header, what);
  if (!size)
    return size.takeError();
  // A header is a line of text.
  constexpr size_t largestHeader = 1 << 16;
  if (*size < prefix || *size > largestHeader)
    return fail(what, "the .npy header is malformed");
  header.resize(*size);
  if (!stream->read(header.data() + prefix, *size - prefix))
    return fail(what, "the .npy header is cut off");
  Expected<ArrayLayout> layout = decodeNpyHeader(header, what);
  if (!layout)
    return layout.takeError();
  Source source;
  source.layout = *layout;
  source.what = what.str();
  if (layout->isFortran) {
    std::string contents = header;
    contents.resize(header.size() + layout->numBytes);
    if (!stream->read(contents.data() + header.size(), layout->numBytes))
      return fail(what, "the data is cut off");
    Expected<Array> whole = decodeNpy(contents, what);
    if (!whole)
      return whole.takeError();
    source.whole = std::move(*whole);
  }
  source.stream = std::move(stream);
  Array array;
  array.name = name.str();
  array.type = layout->type;
  array.shape = layout->shape;
  arrays.push_back(std::move(array));
  sources.push_back(std::move(source));
  return Error::success();
}

Error StreamedArrays::openFile(StringRef path) {
  return add(std::make_unique<FileStream>(path), "0", path);
}

Error StreamedArrays::openArchive(StringRef path) {
  int code = 0;
  archive.reset(zip_open(path.str().c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string message = zip_error_strerror(&error);
    zip_error_fini(&error);
    return fail(path, message);
  }
  StringSet<> names;
  for (zip_int64_t i = 0, e = zip_get_num_entries(archive.get(), 0); i < e; ++i) {
    const char *text = zip_get_name(archive.get(), i, 0);
    StringRef name = text ? text : "";
    std::string what = (path + ": array '" + name + "'").str();
    (void)name.consume_back(".npy");
    if (!names.insert(name).second)
      return fail(path, "two arrays have the name '" + name + "'");
    if (Error error = add(std::make_unique<EntryStream>(archive.get(), i), name, what))
      return error;
  }
  return Error::success();
}

Expected<Array> StreamedArrays::readNext(size_t index) {
  Source &source = sources[index];
  ArrayRef<int64_t> shape = source.layout.shape;
  Array element;
  element.name = arrays[index].name;
  element.type = source.layout.type;
  element.shape.assign(shape.begin() + 1, shape.end());
  size_t bytes = source.layout.numBytes / shape.front();
  if (source.layout.isFortran) {
    element.data = source.whole.data.substr(bytes * source.position++, bytes);
    return element;
  }
  element.data.resize(bytes);
  if (bytes != 0 && !source.stream->read(element.data.data(), bytes))
    return fail(source.what, "the data is cut off or damaged");
  swapWords(element.data, source.layout.swappedWord);
  return element;
}

Expected<std::unique_ptr<ArrayReader>> ArrayReader::open(StringRef path) {
  char magic[6] = {};
  std::ifstream file(path.str(), std::ios::binary);
  if (!file)
    return fail("cannot read '" + path + "'", "no such file, or no permission");
  file.read(magic, sizeof(magic));
  StringRef start(magic, size_t(file.gcount()));
  auto reader = std::make_unique<StreamedArrays>();
  if (start == "\x93NUMPY") {
    if (Error error = reader->openFile(path))
      return std::move(error);
  } else if (start.starts_with("PK")) {
    if (Error error = reader->openArchive(path))
      return std::move(error);
  } else {
    return fail("cannot read '" + path + "'", "not an .npz or .npy file");
  }
  return reader;
}
