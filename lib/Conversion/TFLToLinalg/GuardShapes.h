//===- GuardShapes.h - sizes that must agree at run time --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_GUARDSHAPES_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_GUARDSHAPES_H

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// Says that the blocks of `op`, a loop or branch of `scf`, hold operators of the model: what is in
/// them is guarded as what stands at the top level of its function is.
void markModelBlocks(mlir::Operation *op);

/// Guards what unknown sizes could lead out of their tensors: operands of a linalg op that have to
/// agree in a dimension, slices that have to lie inside, and reshapes that have to keep the number
/// of elements. Where sizes are known, or equal by construction, there is nothing to guard.
void guardShapes(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_GUARDSHAPES_H
