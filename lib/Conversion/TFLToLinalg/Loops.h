//===- Loops.h - algorithms that go step by step ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// What is no loop nest of independent elements (sorting, searching, suppression) is written as
// `scf` loops that carry tensors from step to step. Bufferization updates a carried tensor in place
// as long as its old value is not read after the new one exists: a step reads first, then inserts.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_LOOPS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_LOOPS_H

#include "ScalarBuilder.h"

namespace tflc {

/// What a step makes of the carried values: their values for the next one.
using StepBuilder = llvm::function_ref<llvm::SmallVector<mlir::Value>(
    ScalarBuilder &, mlir::ValueRange indices, mlir::ValueRange carried)>;

/// Runs a step for each index vector of these sizes, in row-major order; gives the last values.
llvm::SmallVector<mlir::Value> buildLoops(ScalarBuilder &b, llvm::ArrayRef<mlir::Value> sizes,
                                          mlir::ValueRange carried, StepBuilder step);

/// What a step makes of the one value that a loop carries.
using ValueStep =
    llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::Value index, mlir::Value carried)>;

/// Runs a step for each index below `count`; gives the last value.
mlir::Value buildLoop(ScalarBuilder &b, mlir::Value count, mlir::Value initial, ValueStep step);

using ValuesBuilder =
    llvm::function_ref<llvm::SmallVector<mlir::Value>(ScalarBuilder &, mlir::ValueRange carried)>;

/// Runs a step as long as `condition` holds for the carried values.
llvm::SmallVector<mlir::Value>
buildWhile(ScalarBuilder &b, mlir::ValueRange carried,
           llvm::function_ref<mlir::Value(ScalarBuilder &, mlir::ValueRange)> condition,
           ValuesBuilder step);

/// What `step` makes of the values where the condition holds, else the values.
llvm::SmallVector<mlir::Value> buildIf(ScalarBuilder &b, mlir::Value condition,
                                       mlir::ValueRange values, ValuesBuilder step);

/// The size of a dimension as an index.
mlir::Value getSize(ScalarBuilder &b, mlir::Value tensor, int64_t dim);

/// An element of a tensor, and a tensor with one element replaced.
mlir::Value extract(ScalarBuilder &b, mlir::Value tensor, mlir::ValueRange place);
mlir::Value insert(ScalarBuilder &b, mlir::Value element, mlir::Value tensor,
                   mlir::ValueRange place);

/// Conversions between places and signed integers.
mlir::Value castToIndex(ScalarBuilder &b, mlir::Value integer);
mlir::Value castFromIndex(ScalarBuilder &b, mlir::Value index, mlir::Type type);

/// A count that data decide as the size of a tensor. It never exceeds `limit`, and that the least
/// of both is taken says so to who plans memory (lib/Schedule/Memory/SizeBounds.h).
mlir::Value createSize(ScalarBuilder &b, mlir::Value size, mlir::Value limit);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_LOOPS_H
