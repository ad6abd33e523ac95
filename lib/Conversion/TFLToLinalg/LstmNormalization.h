//===- LstmNormalization.h - layer normalization of words -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_LSTMNORMALIZATION_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_LSTMNORMALIZATION_H

#include "Elements.h"

namespace tflc {

/// The layer normalization of int8 LSTM layers: the rows of `words` (i16), normalized, times
/// `weights` (i16) plus `bias` (i32), rescaled and limited to 16 bits, in 32. `leastVariance`
/// stands for a variance that is not positive.
Elements normalizeWords(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value words,
                        mlir::Value weights, mlir::Value bias, FixedPointMultiplier multiplier,
                        int32_t leastVariance);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_LSTMNORMALIZATION_H
