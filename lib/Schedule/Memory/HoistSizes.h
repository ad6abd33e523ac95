//===- HoistSizes.h - sizes in front of loops and branches ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_HOISTSIZES_H
#define TFLC_LIB_SCHEDULE_MEMORY_HOISTSIZES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

namespace tflc {

/// Computes sizes of tensors that a block inside of `op` makes, in front of `op`: as far as what
/// stands there, and arithmetic, decide them.
class SizeHoister {
public:
  explicit SizeHoister(mlir::Operation *op) : op(op), builder(op) {}

  /// An index in front of the op that equals the size of `tensor` in dimension `dim`; null where
  /// only the block shows that size.
  mlir::Value hoistSize(mlir::Value tensor, int64_t dim);

private:
  bool isOutside(mlir::Value value) const;
  mlir::Value hoist(mlir::Value value);
  mlir::Value hoist(mlir::OpFoldResult size);
  mlir::Value hoistProduct(mlir::Value tensor, llvm::ArrayRef<int64_t> dims);
  mlir::Value createIndex(int64_t value);

  mlir::Operation *op;
  mlir::OpBuilder builder;
  mlir::IRMapping known;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_HOISTSIZES_H
