//===- FloatRescale.h - rescaling in float, where it is exact ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_FLOATRESCALE_H
#define TFLC_LIB_SCHEDULE_FLOATRESCALE_H

#include "tflc/Quantization/Activation.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

std::optional<int64_t> getConstantInt(mlir::Value value);

/// All rescales in bodies of elementwise ops on tensors, with these.
llvm::SmallVector<std::pair<tflrt::RescaleOp, mlir::linalg::GenericOp>>
findElementwiseRescales(mlir::Operation *module);

/// What becomes of a rescaled value.
struct ClampedResult {
  IntegerRange range; ///< of the results that the readers can tell apart
  int32_t added = 0;  ///< the sum of the constants that they add
};

/// Follows additions of constants from `op` to a clamp on both sides. Nothing where it leaves more
/// values than bytes have.
std::optional<ClampedResult> getClampedResult(tflrt::RescaleOp op);

/// The integer nearest to a float, plus `base`: an i32.
mlir::Value toNearestInteger(mlir::ImplicitLocOpBuilder &b, mlir::Value value, int32_t base);

/// Replaces a rescaled sum of two bytes, each of them rescaled itself, in the body of the
/// elementwise `op`; false where float arithmetic is not known to give the same.
bool replaceByteSum(tflrt::RescaleOp rescale, mlir::linalg::GenericOp op);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_FLOATRESCALE_H
