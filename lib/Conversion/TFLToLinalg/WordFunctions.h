//===- WordFunctions.h - 16 bit fixed-point functions in bodies -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// gemmlowp's arithmetic of 16 bit numbers, bit for bit. Those with n integer bits have 15 - n
// fractional ones. No step leaves 16 bits, so that a vector has as many lanes as it can.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_WORDFUNCTIONS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_WORDFUNCTIONS_H

#include "ScalarBuilder.h"

namespace tflc {

/// `lhs * rhs` with 15 fractional bits, rounded. Not both may be -2^15.
mlir::Value multiplyWords(ScalarBuilder &b, mlir::Value lhs, mlir::Value rhs);

/// 1 / (1 + exp(-value)) of a number with three integer bits, as one without.
mlir::Value emitWordLogistic(ScalarBuilder &b, mlir::Value value);

/// tanh(value) of a number with up to six integer bits, as one without.
mlir::Value emitWordTanh(ScalarBuilder &b, mlir::Value value, int integerBits);

/// A wider integer limited to 16 bits.
mlir::Value saturateWord(ScalarBuilder &b, mlir::Value value);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_WORDFUNCTIONS_H
