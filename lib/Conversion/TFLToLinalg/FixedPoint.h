//===- FixedPoint.h - fixed-point functions in bodies -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_FIXEDPOINT_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_FIXEDPOINT_H

#include "ScalarBuilder.h"

namespace tflc {

/// `lhs * rhs` with 31 fractional bits, rounded.
mlir::Value multiplyHigh(ScalarBuilder &b, mlir::Value lhs, mlir::Value rhs);

/// `value << distance` of i32, limited to the type.
mlir::Value saturatingShiftLeft(ScalarBuilder &b, mlir::Value value, int distance);

/// 2^31 / (1 + f) where `value`, above zero, is 2^(32 - zeros) * (1 + f) / 2 and `zeros` its
/// leading zeros: three steps of Newton's iteration in fixed point.
mlir::Value emitReciprocal(ScalarBuilder &b, mlir::Value value, mlir::Value zeros);

/// How far `value` can be shifted to the left without a change of its sign.
mlir::Value countSignBits(ScalarBuilder &b, mlir::Value value);

/// Limits a distance of a shift to [0, 31].
mlir::Value clampDistance(ScalarBuilder &b, mlir::Value distance);

/// `value / 2^exponent`, halves rounded away from zero; the exponent is in [0, 31].
mlir::Value divideByPowerOfTwo(ScalarBuilder &b, mlir::Value value, mlir::Value exponent);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_FIXEDPOINT_H
