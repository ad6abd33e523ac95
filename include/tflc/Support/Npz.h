//===- Npz.h - NumPy's .npy and .npz files ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Named arrays in the format that numpy.save and numpy.savez write. A file is as hostile as a
// model: sizes are checked before memory is taken.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_NPZ_H
#define TFLC_SUPPORT_NPZ_H

#include "tflc/Support/ModelInfo.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace tflc {

/// An array in C order and the byte order of this machine.
struct Array {
  std::string name;
  ElementType type = ElementType::Float32;
  std::vector<int64_t> shape;
  std::string data;
};

/// "float32[1x28x28]".
std::string formatArrayType(const Array &array);

/// Decodes the contents of a .npy file; `what` names it in errors. Fortran order is transposed and
/// the other byte order swapped.
llvm::Expected<Array> decodeNpy(llvm::StringRef contents, llvm::StringRef what);

/// How the bytes of a .npy file are to be read.
struct ArrayLayout {
  ElementType type = ElementType::Float32;
  std::vector<int64_t> shape;
  /// Where the data begins, and how long it is.
  size_t headerSize = 0;
  int64_t numBytes = 0;
  /// The first axis runs fastest.
  bool isFortran = false;
  /// The size of the words whose bytes stand in the other order; 0 where none do.
  unsigned swappedWord = 0;
};

/// The size of a .npy file's header by its first 12 bytes.
llvm::Expected<size_t> getNpyHeaderSize(llvm::StringRef start, llvm::StringRef what);

/// Decodes the header that `contents` begins with.
llvm::Expected<ArrayLayout> decodeNpyHeader(llvm::StringRef contents, llvm::StringRef what);

/// Reverses the bytes of each word.
void swapWords(std::string &data, unsigned wordSize);

/// The contents of a .npy file. The type must be one that NumPy has.
std::string encodeNpy(const Array &array);

/// Reads all arrays of an .npz file in its order; a .npy file is one array of the name "0".
llvm::Expected<std::vector<Array>> readArrays(llvm::StringRef path);

/// The contents of an .npz file; the same arrays give the same bytes.
llvm::Expected<std::string> encodeNpz(llvm::ArrayRef<Array> arrays);

/// The arrays of an .npz file, or of a .npy file (named "0"), read element by element of their
/// first axis, so that a file may be larger than memory.
class ArrayReader {
public:
  static llvm::Expected<std::unique_ptr<ArrayReader>> open(llvm::StringRef path);
  virtual ~ArrayReader() = default;

  /// Names, types and shapes; without data.
  llvm::ArrayRef<Array> getArrays() const { return arrays; }

  /// Reads the next element along the first axis of array `index`; there must be one.
  virtual llvm::Expected<Array> readNext(size_t index) = 0;

protected:
  std::vector<Array> arrays;
};

} // namespace tflc

#endif // TFLC_SUPPORT_NPZ_H
