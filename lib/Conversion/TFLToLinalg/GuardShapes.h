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
bool holdsModelBlocks(mlir::Operation *op);

/// Whether dimension `dim` of two tensors has the same size by construction.
bool haveSameSize(mlir::Value one, mlir::Value other, int64_t dim);

/// Whether dimension `dim` of a tensor that a block of `branch` makes has a size that follows, by
/// arithmetic, from what stands in front of the branch.
bool isSizeKnownBefore(mlir::Operation *branch, mlir::Value tensor, int64_t dim);

/// Guards what unknown sizes could lead out of their tensors: operands of a linalg op that have to
/// agree in a dimension, slices that have to lie inside, and reshapes that have to keep the number
/// of elements. Where sizes are known, or equal by construction, there is nothing to guard.
void guardShapes(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_GUARDSHAPES_H
