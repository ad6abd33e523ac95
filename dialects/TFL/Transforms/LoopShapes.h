//===- LoopShapes.h - shapes of what loops carry ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_LOOPSHAPES_H
#define TFL_TRANSFORMS_LOOPSHAPES_H

#include "mlir/IR/Operation.h"

namespace tflc::tfl {

/// Gives the block arguments of `loop`, a `tfl.loop` or `tfl.repeat`, shapes that hold in every
/// iteration: a dimension that changes is unknown. Where the number of iterations is known, the
/// shapes of all of them are gone through for the loop's `most` and `last`. `inferBlock` infers the
/// shapes in a block without changing its ops.
llvm::LogicalResult
inferCarriedShapes(mlir::Operation *loop,
                   llvm::function_ref<llvm::LogicalResult(mlir::Block &)> inferBlock);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_LOOPSHAPES_H
