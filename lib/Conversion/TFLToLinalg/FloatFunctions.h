//===- FloatFunctions.h - functions of floats in bodies ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_FLOATFUNCTIONS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_FLOATFUNCTIONS_H

#include "ScalarBuilder.h"

namespace tflc {

/// 1 / (1 + exp(-value)).
mlir::Value emitLogistic(ScalarBuilder &b, mlir::Value value);

/// The activation of a recurrent cell. Other than a fused activation of a product it clamps with
/// std::max and std::min, so that a NaN becomes a bound, and infinities stay.
mlir::Value emitCellActivation(ScalarBuilder &b, mlir::Value value, Activation activation);

/// Limits `value` to [-bound, bound] where the bound is above zero.
mlir::Value emitClip(ScalarBuilder &b, mlir::Value value, float bound);

/// The integer `round(steps) + zeroPoint`, halves away from zero, clamped to `limits` of at most 16
/// bits. `steps` and `zeroPoint` are floats; a NaN gives the lower limit.
mlir::Value emitRounded(ScalarBuilder &b, mlir::Value steps, mlir::Value zeroPoint,
                        IntegerRange limits, mlir::Type storage);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_FLOATFUNCTIONS_H
