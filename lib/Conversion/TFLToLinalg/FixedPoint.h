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

/// 2^31 / (1 + f) where `fraction`, not negative, is f with 31 fractional bits.
mlir::Value emitReciprocalOfSum(ScalarBuilder &b, mlir::Value fraction);

/// The multiplier of 1 / sqrt(`value`) as fixed-point number, whose shift is
/// `emitInverseRootShift`: five steps of Newton's iteration with three integer bits. Values below 2
/// count as 1.
mlir::Value emitInverseRoot(ScalarBuilder &b, mlir::Value value);
mlir::Value emitInverseRootShift(ScalarBuilder &b, mlir::Value value);

/// The natural logarithm, with 26 fractional bits, of `value`, which has 19 and is at least one.
mlir::Value emitLogarithm(ScalarBuilder &b, mlir::Value value);

/// How far `value` can be shifted to the left without a change of its sign.
mlir::Value countSignBits(ScalarBuilder &b, mlir::Value value);

/// `value / 2^exponent`, halves rounded away from zero; the exponent is in [0, 31].
mlir::Value divideByPowerOfTwo(ScalarBuilder &b, mlir::Value value, mlir::Value exponent);

/// The same as the reference kernels compute it for an exponent outside of [0, 31]: the mask of
/// what is shifted out has 64 bits and loses its upper half, and the distance is taken modulo 32.
mlir::Value divideByAnyPowerOfTwo(ScalarBuilder &b, mlir::Value value, mlir::Value exponent);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_FIXEDPOINT_H
