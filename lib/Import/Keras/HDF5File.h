//===- HDF5File.h - datasets of an HDF5 file in memory ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_HDF5FILE_H
#define TFLC_LIB_IMPORT_KERAS_HDF5FILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tflc::keras {

/// A dataset as float32 or int64 numbers, whatever it is stored as.
struct Dataset {
  std::vector<int64_t> shape;
  bool isInteger = false;
  std::vector<float> floats;     ///< of a float dataset
  std::vector<int64_t> integers; ///< of an integer or boolean one
};

/// Reads through HDF5's own library; the file is never written. Sizes are compared with the file's
/// before anything is allocated.
class HDF5File {
public:
  /// `bytes` must outlive the file. An error for what HDF5's library does not survive, too: a child
  /// process reads all of it first.
  static llvm::Expected<HDF5File> open(llvm::StringRef bytes);
  HDF5File(HDF5File &&other);
  ~HDF5File();

  bool exists(llvm::StringRef path) const;
  /// Names of what is in a group, sorted; empty where there is no such group.
  std::vector<std::string> list(llvm::StringRef group) const;
  /// A text attribute of a group; none where it is missing or no text.
  std::optional<std::string> readText(llvm::StringRef object, llvm::StringRef attribute) const;
  /// A vector of texts, also where Keras has split it in parts (NAME0, NAME1, ...).
  std::vector<std::string> readTexts(llvm::StringRef object, llvm::StringRef attribute) const;
  llvm::Expected<Dataset> read(llvm::StringRef path) const;

private:
  HDF5File(int64_t file, size_t size) : file(file), size(size) {}

  static llvm::Expected<HDF5File> openUntried(llvm::StringRef bytes);
  void readAll(const std::string &path, unsigned depth, size_t &left) const;

  int64_t file; ///< HDF5's handle; negative: none
  size_t size;  ///< of the whole file in bytes
};

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_HDF5FILE_H
