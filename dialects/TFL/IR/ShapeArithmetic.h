//===- ShapeArithmetic.h - ops that compute shapes --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SHAPEARITHMETIC_H
#define TFL_IR_SHAPEARITHMETIC_H

#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace tflc::tfl {

/// What is known at compile time about the elements of an integer tensor.
using KnownInts = llvm::SmallVector<std::optional<int64_t>>;

/// Follows values back through the ops that implement `ShapeArithmeticOpInterface`. What has been
/// found for a value is kept, so that it serves for one state of the module only.
class ShapeEvaluator {
public:
  /// Nothing where even the number of elements is unknown, or large.
  std::optional<KnownInts> evaluate(mlir::Value value);
  /// The elements where all of them are known.
  std::optional<llvm::SmallVector<int64_t>> evaluateAll(mlir::Value value);

private:
  llvm::DenseMap<mlir::Value, std::optional<KnownInts>> known;
  unsigned depth = 0;
};

/// The elements of `inputs`, one behind the other.
std::optional<KnownInts> evaluateJoin(ShapeEvaluator &evaluator, mlir::ValueRange inputs);

/// `compute` on each pair of elements of two vectors of one size, or of one with a single element.
std::optional<KnownInts>
evaluatePairs(ShapeEvaluator &evaluator, mlir::Value lhs, mlir::Value rhs,
              llvm::function_ref<std::optional<int64_t>(int64_t lhs, int64_t rhs)> compute);

} // namespace tflc::tfl

#include "TFL/IR/ShapeArithmetic.h.inc"

#endif // TFL_IR_SHAPEARITHMETIC_H
