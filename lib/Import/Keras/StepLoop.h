//===- StepLoop.h - a loop over the steps of a sequence ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_STEPLOOP_H
#define TFLC_LIB_IMPORT_KERAS_STEPLOOP_H

#include "LayerBuilder.h"

namespace tflc::keras {

/// What one step of a layer gives.
struct StepResult {
  Values states;
  mlir::Value output; ///< [b, ...]; null where the step failed
};

/// Computes one step, whose number is a scalar, from the present states.
using StepFunction =
    llvm::function_ref<StepResult(mlir::Value number, llvm::ArrayRef<mlir::Value> states)>;

/// Builds a loop of `steps` steps, a scalar, that begins with `states`. `outputs`, [b, t, ...],
/// takes the outputs of all steps; null where nobody wants them. The results are all outputs, or
/// the last first state in their place, and the last states; nothing after a fault of the layer.
Values buildStepLoop(LayerBuilder &layer, mlir::Value steps, llvm::ArrayRef<mlir::Value> states,
                     mlir::Value outputs, StepFunction compute);

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_STEPLOOP_H
