//===- ReducedOperand.h - what reductions work on ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_REDUCEDOPERAND_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_REDUCEDOPERAND_H

#include "FedAxes.h"
#include "ScalarBuilder.h"

namespace tflc {

using CombineBody =
    llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::Value element, mlir::Value sum)>;

/// Combines the elements along `axes`, which vanish.
mlir::Value reduceAxes(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
                       llvm::ArrayRef<int64_t> axes, mlir::Value initial, CombineBody combine);

/// The largest or least element along `axes`.
mlir::Value reduceExtremum(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
                           llvm::ArrayRef<int64_t> axes, bool isUnsigned, bool isMax);

/// What a reduction works on: the operand along its constant axes, or along the second dimension of
/// a matrix that fed axes make of it.
class ReducedOperand {
public:
  ReducedOperand(mlir::OpBuilder &builder, mlir::Operation *op, mlir::Value input, mlir::Value axes,
                 bool keepDims);

  mlir::Value getValue() const { return value; }
  llvm::ArrayRef<int64_t> getAxes() const { return constantAxes; }

  /// The number of elements that are reduced to one.
  mlir::OpFoldResult getCount() const;

  /// What `compute` gives for the number of elements, where all numbers that the axes can choose
  /// are known: a constant, or the entry of a table of them. Nothing where a dimension is unknown.
  mlir::Value selectByCount(mlir::Type type, llvm::function_ref<int64_t(int64_t)> compute) const;

  /// What the operator gives back, of `type`, from one element for each place that is left.
  mlir::Value restore(mlir::Value result, mlir::RankedTensorType type) const;

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Value value;
  llvm::SmallVector<int64_t> shape;
  bool keepDims;
  llvm::SmallVector<int64_t> constantAxes;
  std::optional<FedAxes> fedAxes;
};

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_REDUCEDOPERAND_H
