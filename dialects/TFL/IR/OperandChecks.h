//===- OperandChecks.h - types and shapes of named operands -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_OPERANDCHECKS_H
#define TFL_IR_OPERANDCHECKS_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/Twine.h"

namespace tflc::tfl {

/// Checks operands of an op that are known by names. Each check reports what is wrong in terms of
/// the name. A null value is an absent operand, with which nothing is wrong but its absence.
class OperandChecks {
public:
  explicit OperandChecks(mlir::Operation *op) : op(op) {}

  llvm::LogicalResult isPresent(mlir::Value value, const llvm::Twine &name) const;
  /// `shape` may have unknown sizes.
  llvm::LogicalResult hasShape(mlir::Value value, const llvm::Twine &name,
                               llvm::ArrayRef<int64_t> shape) const;
  llvm::LogicalResult hasRank(mlir::Value value, const llvm::Twine &name, int64_t rank) const;
  /// The shape does not matter, only its number of elements.
  llvm::LogicalResult hasElements(mlir::Value value, const llvm::Twine &name, int64_t count) const;
  llvm::LogicalResult isFloat32(mlir::Value value, const llvm::Twine &name) const;
  llvm::LogicalResult isInteger(mlir::Value value, const llvm::Twine &name, unsigned width) const;
  /// Whether there is one scale for all elements.
  llvm::LogicalResult hasOneScale(mlir::Value value, const llvm::Twine &name) const;
  /// An integer of this width with one scale.
  llvm::LogicalResult isQuantized(mlir::Value value, const llvm::Twine &name, unsigned width) const;

private:
  mlir::Operation *op;
};

/// A size of a ranked tensor, or `ShapedType::kDynamic` where it has no such dimension.
int64_t getSize(mlir::Value value, unsigned dim);

} // namespace tflc::tfl

#endif // TFL_IR_OPERANDCHECKS_H
