//===- KeySearch.h - places of keys in order --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_KEYSEARCH_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_KEYSEARCH_H

#include "ScalarBuilder.h"

namespace tflc {

/// The place of a key among ascending ones, a vector of signed integers, or -1: the range in which
/// it can be is halved. An i32.
mlir::Value findKey(ScalarBuilder &b, mlir::Value keys, mlir::Value key);

/// Whether a key has a place.
mlir::Value isFound(ScalarBuilder &b, mlir::Value place);

/// The index that an element is read at: the place, or the first one where there is none.
mlir::Value getReadable(ScalarBuilder &b, mlir::Value place);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_KEYSEARCH_H
