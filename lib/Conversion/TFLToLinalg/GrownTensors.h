//===- GrownTensors.h - tensors that loops make larger or smaller -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_GROWNTENSORS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_GROWNTENSORS_H

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// On loops of `scf`: a list of shapes, one for each tensor that the loop carries, which it never
/// exceeds; unknown sizes where nothing is known.
constexpr llvm::StringLiteral kMostShapesName = "tflc.most_shapes";

/// Lets the model's loops carry tensors whose sizes change from iteration to iteration. Instead of
/// such a tensor a loop carries a vector that keeps its size, the place, and the tensor's sizes:
/// the tensor is the beginning of the place. As large as the largest tensor is the place, where
/// that is known, or as the arena has room for.
void carryGrownTensors(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_GROWNTENSORS_H
