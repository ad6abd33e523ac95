//===- SliceKey.h - names of the parts of a tensor --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_SLICEKEY_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_SLICEKEY_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace tflc::proto {
class TensorSlice;
} // namespace tflc::proto

namespace tflc::savedmodel {

/// The key of a slice in the index of a checkpoint: name and extents in a code whose order as bytes
/// is that of the numbers.
std::string makeSliceKey(llvm::StringRef name, const proto::TensorSlice &slice);

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_SLICEKEY_H
