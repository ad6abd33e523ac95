//===- SequentialLoops.h - loops whose order matters ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_SEQUENTIALLOOPS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_SEQUENTIALLOOPS_H

#include "ScalarBuilder.h"

namespace tflc {

/// Where one step of a scatter writes. A null `isWritten` stands for true.
struct ScatterPlace {
  llvm::SmallVector<mlir::Value> indices;
  mlir::Value isWritten;
};

using PlaceBuilder = llvm::function_ref<ScatterPlace(ScalarBuilder &, mlir::ValueRange step)>;
using ElementCombiner =
    llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::Value old, mlir::Value update)>;

/// `target` after one write for each element of `updates`, in row-major order: what `getPlace` says
/// of the element's indices becomes what `combine` makes of its present value and the element.
/// Places are inside of the target: who calls this has guarded what comes from data.
mlir::Value scatter(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value target,
                    mlir::Value updates, PlaceBuilder getPlace, ElementCombiner combine);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_SEQUENTIALLOOPS_H
