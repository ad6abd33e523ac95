//===- FedAxes.h - dimensions that data choose ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_FEDAXES_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_FEDAXES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace tflc {

/// The dimensions of a tensor that an operand names whose value only an invocation shows. What
/// names no dimension ends the invocation.
class FedAxes {
public:
  /// `axes` holds integers of any number, each counted from the front or from the end. Where
  /// `numNamed` is given, anything but that many different ones ends the invocation, too.
  FedAxes(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value axes,
          llvm::ArrayRef<mlir::OpFoldResult> sizes, std::optional<int64_t> numNamed);

  /// Whether a dimension is named, as an i1.
  mlir::Value isNamed(int64_t dim) const { return flags[dim]; }

  /// The sizes of all dimensions with 1 in place of those that are not named, or that are.
  llvm::SmallVector<mlir::OpFoldResult> getNamedSizes() const;
  llvm::SmallVector<mlir::OpFoldResult> getOtherSizes() const;

  /// The sizes of those that are not named, of which there are `rank`.
  llvm::SmallVector<mlir::OpFoldResult> collectOtherSizes(int64_t rank) const;

  /// The tensor of these sizes as a matrix. A row holds what differs only along the dimensions that
  /// are named, both rows and their elements in the order in which they stand in the tensor.
  mlir::Value createRows(mlir::Value tensor) const;

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
  llvm::SmallVector<mlir::OpFoldResult> sizes;
  llvm::SmallVector<mlir::Value> flags;
};

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_FEDAXES_H
