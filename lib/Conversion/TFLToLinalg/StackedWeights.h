//===- StackedWeights.h - weights of several gates at once ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The gates of a recurrent cell multiply the same vector by matrices of their own. Stacked, these
// are one matrix and one product, whose columns belong to one gate after the other.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_STACKEDWEIGHTS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_STACKEDWEIGHTS_H

#include "Elements.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>

namespace tflc {

/// Tensors of one element type in a row along their first dimension; constants give a constant.
mlir::Value stackTensors(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange tensors);

/// Part `index` of the columns of `matrix`, which has `count` parts of one size.
mlir::Value extractColumns(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value matrix,
                           unsigned index, unsigned count);

/// `value` with all dimensions but the last one joined.
mlir::Value flattenRows(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value);

/// What `createProduct` makes of all rows [m, depth] of `value`, [m, n], with the dimensions of
/// `value` in front of the last one.
mlir::Value createRows(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                       llvm::function_ref<mlir::Value(mlir::Value)> createProduct);

/// A matrix [n, depth] made of several gates' weights.
class StackedWeights {
public:
  /// `weights` are the converted operands of the gates that have some, each [rows, depth].
  StackedWeights(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange weights);

  bool isFloat() const;
  /// All rows of the gates, known at compile time.
  int64_t getSize() const { return getType().getDimSize(0); }

  /// The sums of `rows` [m, depth] times the matrix, in f32 or i32: [m, n].
  mlir::Value createProduct(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value rows) const;

  /// The same on top of `bias` [n], in the tensor `destination`.
  mlir::Value createProduct(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value rows,
                            mlir::Value bias, mlir::Value destination) const;

  /// A bound of the magnitudes of such products of int8 rows on top of `bias`; none where the
  /// matrix or the bias is not constant, or 32 bits might wrap around.
  std::optional<int32_t> boundProduct(mlir::Value bias) const;

  /// For each row of the matrix, the sum of its elements: [n] of i32.
  mlir::Value createSums(mlir::OpBuilder &builder, mlir::Location loc) const;

private:
  mlir::RankedTensorType getType() const {
    return mlir::cast<mlir::RankedTensorType>(matrix.getType());
  }
  mlir::Value createProductOnto(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value rows,
                                mlir::Value init) const;

  mlir::Value matrix;
};

/// bias - zeroPoint * the sums of the weights' rows: what a product with stored integers starts
/// from, [n] of i32. `bias` may be null.
mlir::Value createEffectiveBias(mlir::OpBuilder &builder, mlir::Location loc,
                                const StackedWeights &weights, mlir::Value bias, int32_t zeroPoint);

/// One value for each column of a product: `values[i]` for all of gate i, whose weights have
/// `sizes[i]` rows. A scalar constant where all are the same, otherwise a table [n].
mlir::Value createColumnTable(mlir::OpBuilder &builder, mlir::Location loc,
                              llvm::ArrayRef<mlir::Attribute> values,
                              llvm::ArrayRef<int64_t> sizes);

/// Products of float rows with float weights, or with int8 ones of one scale for each gate, for
/// which the rows are quantized.
class RowProduct {
public:
  /// `models` are the model's operands of `weights`.
  RowProduct(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange models,
             mlir::ValueRange weights, bool isAsymmetric);

  /// rows [m, depth] times the weights plus `addend`, which is [m, n], [n], or null: [m, n].
  mlir::Value create(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value rows,
                     mlir::Value addend) const;
  /// The same as an expression.
  Elements createElements(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value rows,
                          mlir::Value addend) const;

private:
  StackedWeights weights;
  bool isAsymmetric;
  /// For int8 weights: the scales, a scalar or [n], and the sums of the rows of the matrix.
  mlir::Value scales, sums;
};

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_STACKEDWEIGHTS_H
