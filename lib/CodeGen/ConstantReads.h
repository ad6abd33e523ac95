//===- ConstantReads.h - who reads a constant, and where --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_CONSTANTREADS_H
#define TFLC_LIB_CODEGEN_CONSTANTREADS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <optional>

namespace tflc {

/// The loads of one constant, through whatever views of it.
struct ConstantReads {
  /// Each is a `memref.load`, or a `vector.load` of neighbours.
  llvm::SmallVector<mlir::Operation *> loads;
  llvm::SmallVector<mlir::memref::GetGlobalOp> references;
  /// Whether these loads are all that looks at the constant, and where each reads is known.
  bool areComplete = true;
};

/// Finds what reads the constant that `references` name.
ConstantReads findReads(llvm::ArrayRef<mlir::memref::GetGlobalOp> references);

/// The number of the first element that a load of `findReads` reads, in the order of the constant.
mlir::Value createElementIndex(mlir::OpBuilder &builder, mlir::Operation *load);

/// The greatest number that is known to divide the value of an index; 0 if the value is 0.
int64_t getKnownDivisor(mlir::Value index);

/// `index` divided by a number that divides it.
mlir::Value divideExactly(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value index,
                          int64_t divisor);

/// The rest of `index` in a division by `divisor`, where it is known.
std::optional<int64_t> getKnownRest(mlir::Value index, int64_t divisor);

/// How often an operation is executed in one call of its function: the product of the constant trip
/// counts around it. Loops of unknown length count once.
int64_t countExecutions(mlir::Operation *op);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_CONSTANTREADS_H
