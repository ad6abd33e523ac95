//===- Archive.h - what is in a .keras file ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_ARCHIVE_H
#define TFLC_LIB_IMPORT_KERAS_ARCHIVE_H

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>

namespace tflc::keras {

/// The parts of a model as Keras 3 stores it.
struct Archive {
  std::string config;                  ///< config.json
  std::string version;                 ///< of Keras, from metadata.json; empty if that is missing
  std::string weights;                 ///< model.weights.h5
  llvm::StringMap<std::string> assets; ///< the files in the folder "assets", by their paths
};

/// Reads the zip file in `bytes`. Its parts may not be larger than what a compressor can make of
/// weights, so that a small file cannot ask for much memory.
llvm::Expected<Archive> readArchive(llvm::StringRef bytes);

/// Parses a configuration. Nesting is limited, as the parser recurses.
llvm::Expected<llvm::json::Value> parseConfig(llvm::StringRef text);

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_ARCHIVE_H
