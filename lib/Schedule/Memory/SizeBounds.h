//===- SizeBounds.h - sizes before an invocation begins ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_SIZEBOUNDS_H
#define TFLC_LIB_SCHEDULE_MEMORY_SIZEBOUNDS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"

#include <optional>

namespace tflc {

/// Computes sizes again at the builder's place, from what is known when an invocation begins:
/// constants, and the values that `known` maps (the unknown dimensions of inputs).
class SizeBounds {
public:
  SizeBounds(mlir::OpBuilder &builder, mlir::IRMapping &known) : builder(builder), known(known) {}

  /// The value itself; fails where it depends on data.
  llvm::FailureOr<mlir::OpFoldResult> getExact(mlir::Value value);

  /// What the value never exceeds. Fails where data decide and nothing bounds them.
  llvm::FailureOr<mlir::OpFoldResult> getUpper(mlir::Value value);

  mlir::Value materialize(mlir::OpFoldResult value);

private:
  /// What the value is never below, or a failure.
  llvm::FailureOr<mlir::OpFoldResult> getLower(mlir::Value value);
  template <typename Op>
  mlir::OpFoldResult combine(mlir::Value origin, mlir::OpFoldResult lhs, mlir::OpFoldResult rhs);

  mlir::OpBuilder &builder;
  mlir::IRMapping &known;
};

/// The bytes that a buffer takes at most, where no unknown dimension of an input decides it.
std::optional<int64_t> getMaxBytes(mlir::memref::AllocOp alloc);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_SIZEBOUNDS_H
