//===- Elements.h - elementwise expressions -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The gates of a recurrent cell are long elementwise expressions with parts that are absent in
// some models. `Elements` puts one together part by part, and makes one loop of it in the end.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_ELEMENTS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_ELEMENTS_H

#include "ScalarBuilder.h"

#include <functional>

namespace tflc {

/// The elements of a matrix [rows, columns] as an expression of tensors.
class Elements {
public:
  using Emitter = std::function<mlir::Value(ScalarBuilder &, mlir::ValueRange)>;

  /// The elements of a matrix, of a vector [columns] that each row repeats, or of a scalar.
  static Elements read(mlir::Value tensor);
  /// The elements of a vector [rows] that each column repeats.
  static Elements readRows(mlir::Value tensor);
  /// What `emit` makes of one element of each part.
  static Elements combine(llvm::ArrayRef<Elements> parts, Emitter emit);

  /// Computes the matrix into the tensor `destination`, whose elements may be read by this
  /// expression, each before it is replaced.
  mlir::Value create(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value destination) const;

private:
  static Elements read(mlir::Value tensor, mlir::AffineMap map);

  llvm::SmallVector<mlir::Value> operands;
  llvm::SmallVector<mlir::AffineMap> maps;
  Emitter emit;
};

Elements operator+(const Elements &lhs, const Elements &rhs);
Elements operator*(const Elements &lhs, const Elements &rhs);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_ELEMENTS_H
