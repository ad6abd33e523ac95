//===- IndexMath.h - arithmetic on sizes ------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_INDEXMATH_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_INDEXMATH_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"

namespace tflc {

/// Arithmetic on sizes and offsets: known ones are computed now, others by `arith` ops on indices.
class IndexMath {
public:
  IndexMath(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::OpFoldResult get(int64_t value) const { return builder.getIndexAttr(value); }
  mlir::OpFoldResult add(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs) const;
  mlir::OpFoldResult sub(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs) const;
  mlir::OpFoldResult mul(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs) const;
  mlir::OpFoldResult min(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs) const;
  mlir::OpFoldResult max(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs) const;
  /// Of a value that is not negative by a positive one.
  mlir::OpFoldResult div(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs) const;
  mlir::OpFoldResult ceilDiv(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs) const;
  mlir::OpFoldResult clamp(mlir::OpFoldResult value, mlir::OpFoldResult min,
                           mlir::OpFoldResult max) const;
  mlir::OpFoldResult product(llvm::ArrayRef<mlir::OpFoldResult> values) const;
  /// `index`, or `index + size` where it is negative.
  mlir::OpFoldResult wrap(mlir::OpFoldResult index, mlir::OpFoldResult size) const;

  mlir::Value getValue(mlir::OpFoldResult value) const;

  /// Element `index` (in row-major order) of an integer operand: `model` is the tfl op's operand,
  /// whose value may be known, `converted` the same after conversion.
  mlir::OpFoldResult getElement(mlir::Value model, mlir::Value converted, int64_t index) const;

private:
  template <typename Op, typename Compute>
  mlir::OpFoldResult apply(mlir::OpFoldResult lhs, mlir::OpFoldResult rhs, Compute compute) const;

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_INDEXMATH_H
