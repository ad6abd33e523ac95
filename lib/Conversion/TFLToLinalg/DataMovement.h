//===- DataMovement.h - tensors moved and rearranged ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_DATAMOVEMENT_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_DATAMOVEMENT_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace tflc {

/// The elements of `value` in row-major order as a tensor of `type`, whose sizes are `sizes`.
mlir::Value reshapeTo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                      mlir::RankedTensorType type, llvm::ArrayRef<mlir::OpFoldResult> sizes);

/// The same for a shape without unknown dimensions.
mlir::Value reshapeTo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                      llvm::ArrayRef<int64_t> shape);

/// Dimension i of the result is dimension `perm[i]` of `value`.
mlir::Value transpose(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                      llvm::ArrayRef<int64_t> perm);

/// The elements of `value` in reverse order along some dimensions.
mlir::Value reverse(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                    llvm::ArrayRef<bool> isReversed);

using IndexBuilder = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// A tensor of sizes `sizes` whose element at some indices is the element of `value` at what
/// `getIndices` makes of them.
mlir::Value gatherElements(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                           llvm::ArrayRef<mlir::OpFoldResult> sizes, IndexBuilder getIndices);

/// `value` with `low` and `high` elements around that hold the scalar `element`.
mlir::Value padTensor(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                      llvm::ArrayRef<mlir::OpFoldResult> low,
                      llvm::ArrayRef<mlir::OpFoldResult> high, mlir::Value element);

/// The elements of `value` from `offsets` on; all strides are one.
mlir::Value sliceTensor(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                        llvm::ArrayRef<mlir::OpFoldResult> offsets,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes);

/// The scalar that a tensor of one element holds.
mlir::Value getOnlyElement(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value tensor);

/// The scalar of the storage type that stands for the real number zero in a tensor of the model's
/// type.
mlir::Value createRealZero(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type modelType,
                           mlir::Type storageType);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_DATAMOVEMENT_H
