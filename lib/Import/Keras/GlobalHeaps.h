//===- GlobalHeaps.h - checks ahead of the HDF5 library ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_GLOBALHEAPS_H
#define TFLC_LIB_IMPORT_KERAS_GLOBALHEAPS_H

#include "llvm/ADT/StringRef.h"

namespace tflc::keras {

/// Whether the objects of all global heaps of an HDF5 file, which hold texts of variable length,
/// lie one after the other within their heap. The library believes the sizes that stand there: one
/// of zero keeps it busy for ever, and one that is too large makes it read behind the heap.
bool hasSoundHeaps(llvm::StringRef bytes);

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_GLOBALHEAPS_H
