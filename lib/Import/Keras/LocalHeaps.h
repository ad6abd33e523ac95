//===- LocalHeaps.h - names that the HDF5 library reads ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_LOCALHEAPS_H
#define TFLC_LIB_IMPORT_KERAS_LOCALHEAPS_H

#include "llvm/ADT/StringRef.h"

namespace tflc::keras {

/// Whether a zero ends the data of each local heap of an HDF5 file, of which `bytes` are the whole.
/// The names of a group's members lie there, each with a zero behind it; the library looks for that
/// zero behind the heap, too.
bool endLocalHeapsWithZero(llvm::StringRef bytes);

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_LOCALHEAPS_H
