//===- Rescales.h - rescaled values and what becomes of them ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// What all passes share that replace rescales.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_RESCALE_RESCALES_H
#define TFLC_LIB_SCHEDULE_RESCALE_RESCALES_H

#include "tflc/Quantization/Activation.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace tflc {

/// The integer that `value` always is.
std::optional<int64_t> getConstantInt(mlir::Value value);

/// All rescales in bodies of elementwise ops on tensors, with these.
llvm::SmallVector<std::pair<tflrt::RescaleOp, mlir::linalg::GenericOp>>
findElementwiseRescales(mlir::Operation *module);

/// What becomes of a rescaled value.
struct ClampedResult {
  IntegerRange range;                       ///< of the results that the readers can tell apart
  int32_t added = 0;                        ///< the sum of the constants that they add
  llvm::SmallVector<mlir::Operation *> ops; ///< up to the clamp, in their order
};

/// Follows additions of constants from `op` to a clamp on both sides. Nothing where it leaves more
/// values than bytes have.
std::optional<ClampedResult> getClampedResult(tflrt::RescaleOp op);

/// Where a rescale in float has a base, constants that are added to its result join it: mostly they
/// cancel each other. Of those that stay it is recorded that nothing wraps, where that is known.
void joinAddedConstants(tflrt::RescaleOpInterface op);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_RESCALE_RESCALES_H
