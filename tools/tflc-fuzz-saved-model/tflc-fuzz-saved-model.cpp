//===- tflc-fuzz-saved-model.cpp - damaged SavedModels --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// docs/Testing.md says how to build and run it.
//
// The input is a saved_model.pb or, if it ends like a table of a checkpoint, a variables.index
// beside the model that TFLC_FUZZ_MODEL names. What the reader accepts goes on through all phases.
//
//===----------------------------------------------------------------------===//

#include "fuzz/ConvertSource.h"

#include "tflc/Support/OutputFiles.h"

#include "llvm/Support/FileSystem.h"

#include <cstdlib>

/// A folder for the files of one input after the other.
static const std::string &getFolder() {
  static const std::string folder = [] {
    llvm::SmallString<128> path;
    if (llvm::sys::fs::createUniqueDirectory("tflc-fuzz", path) ||
        llvm::sys::fs::create_directory(path + "/variables"))
      std::abort();
    return path.str().str();
  }();
  return folder;
}

static void write(llvm::StringRef name, llvm::StringRef contents) {
  if (llvm::Error error = tflc::writeFile(getFolder() + "/" + name.str(), contents))
    std::abort();
}

/// Whether the bytes end with the mark of a table.
static bool isTable(llvm::StringRef bytes) {
  return bytes.ends_with(llvm::StringRef("\x57\xfb\x80\x8b\x24\x75\x47\xdb", 8));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  if (isTable(bytes)) {
    const char *model = std::getenv("TFLC_FUZZ_MODEL");
    if (!model)
      return 0;
    static const std::string contents = llvm::cantFail(tflc::readFile(model));
    write("saved_model.pb", contents);
    write("variables/variables.index", bytes);
  } else {
    write("saved_model.pb", bytes);
  }
  tflc::Source source;
  source.path = getFolder();
  source.isFolder = true;
  tflc::convertSilently(tflc::getSavedModelFrontEnd(), source);
  return 0;
}
