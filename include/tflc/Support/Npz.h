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

/// The contents of a .npy file. The type must be one that NumPy has.
std::string encodeNpy(const Array &array);

/// Reads all arrays of an .npz file in its order; a .npy file is one array of the name "0".
llvm::Expected<std::vector<Array>> readArrays(llvm::StringRef path);

/// The contents of an .npz file; the same arrays give the same bytes.
llvm::Expected<std::string> encodeNpz(llvm::ArrayRef<Array> arrays);

} // namespace tflc

#endif // TFLC_SUPPORT_NPZ_H
