//===- FrontEnd.cpp - readers of models -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Import/FrontEnd.h"

#include "tflc/Support/OutputFiles.h"

#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace mlir;

namespace tflc {

FrontEnd::~FrontEnd() = default;

Expected<Source> Source::open(StringRef path) {
  Source source;
  source.path = path.str();
  source.isFolder = sys::fs::is_directory(path);
  if (source.isFolder)
    return source;
  Expected<std::string> contents = readFile(path.str());
  if (!contents)
    return contents.takeError();
  source.contents = std::move(*contents);
  return source;
}

namespace {

class TFLiteFrontEnd : public FrontEnd {
public:
  StringRef getName() const override { return "TensorFlow Lite"; }
  SourceLevel getLevel() const override { return SourceLevel::TFL; }

  bool recognizes(const Source &source) const override {
    constexpr size_t identifierOffset = 4;
    return !source.isFolder &&
           StringRef(source.contents).substr(identifierOffset).starts_with("TFL3");
  }

  OwningOpRef<ModuleOp> read(const Source &source, MLIRContext *context,
                             const ImportOptions &options) const override {
    if (source.isFolder) {
      emitError(FileLineColLoc::get(context, source.path, 0, 0))
          << "the folder holds no saved_model.pb";
      return nullptr;
    }
    return importModel(MemoryBufferRef(source.contents, source.path), context, options);
  }
};

} // namespace

const FrontEnd &getTFLiteFrontEnd() {
  static const TFLiteFrontEnd frontEnd;
  return frontEnd;
}

const FrontEnd &findFrontEnd(const Source &source) {
  const FrontEnd *readers[] = {&getTFLiteFrontEnd(), &getSavedModelFrontEnd(), &getKerasFrontEnd(),
                               &getKerasHDF5FrontEnd()};
  for (const FrontEnd *reader : readers)
    if (reader->recognizes(source))
      return *reader;
  return getTFLiteFrontEnd();
}

} // namespace tflc
