//===- Guard.h - values that an operator rejects ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// What the reference refuses to compute ends the invocation with a status, before anything is read
// or written by it. The check comes once for each operator, in a loop of its own; constants are
// checked at compile time.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_GUARD_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_GUARD_H

#include "ScalarBuilder.h"
#include "tflc/tflc.h"

namespace tflc {

/// `value`, for whose use it takes that the scalar `isRejected` is false.
mlir::Value guardScalar(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                        mlir::Value isRejected, tflc_status status);

/// `value`, for whose use it takes that `isRejected` is false for each element of `inputs`, which
/// are broadcast against each other.
mlir::Value
guardElements(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
              mlir::ValueRange inputs, tflc_status status,
              llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::ValueRange)> isRejected);

/// The stored values `low` to `high` of one operand. Of floats, only zero can be rejected.
struct Rejection {
  unsigned operand;
  int64_t low, high;
  tflc_status status;
};

/// `converted`, whose elements are none of the rejected ones. `model` is the tfl op's operand.
mlir::Value guardOperand(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value model,
                         mlir::Value converted, const Rejection &rejection);

/// The integer `indices`, none of them outside of [0, bound), where `bound` is an index.
mlir::Value guardIndices(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value model,
                         mlir::Value indices, mlir::OpFoldResult bound);

/// The integer `indices`, none of them `bound` or above.
mlir::Value guardBelow(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value model,
                       mlir::Value indices, mlir::OpFoldResult bound);

/// The integer `axes`, each a dimension of `rank` ones, counted from the front or from the end.
mlir::Value guardAxes(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value axes, int64_t rank);

/// The rows of `indices`, each a place inside of dimensions of these sizes.
mlir::Value guardPlaces(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value indices,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_GUARD_H
