//===- ConfigPositions.h - where layers stand in a text ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_CONFIGPOSITIONS_H
#define TFLC_LIB_IMPORT_KERAS_CONFIGPOSITIONS_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/JSON.h"

#include <optional>

namespace tflc::keras {

/// Where the objects of a configuration stand in its text, which the JSON library does not say.
class ConfigPositions {
public:
  /// Line and column of an opening brace, both from 1. The column counts bytes.
  using Position = std::pair<unsigned, unsigned>;

  /// `root` is what parsing `text` has given, and must live as long as this. `source` is how
  /// messages call the text.
  ConfigPositions(llvm::StringRef text, const llvm::json::Value &root, llvm::StringRef source);

  /// Nothing for an object that is no part of the configuration.
  std::optional<Position> find(const llvm::json::Object &object) const;

  llvm::StringRef getSource() const { return source; }

private:
  class Scanner;

  llvm::DenseMap<const llvm::json::Object *, Position> positions;
  std::string source;
};

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_CONFIGPOSITIONS_H
