//===- Reduction.h - checks that reductions share ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_REDUCTION_H
#define TFL_IR_REDUCTION_H

#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace tflc::tfl {

/// The dimensions that the constant `axes` names in a tensor of rank `rank`, ascending and without
/// repetition; nothing where it is not constant or names none of the tensor.
std::optional<llvm::SmallVector<int64_t>> getReducedAxes(mlir::Value axes, int64_t rank);

/// The shape of operand 0 without the dimensions that operand 1 names, or with 1 in their place.
/// Sizes are unknown where operand 1 is not constant, and their number is that of the result.
llvm::LogicalResult inferReducedShape(mlir::Operation *op, bool keepDims,
                                      llvm::SmallVectorImpl<llvm::SmallVector<int64_t>> &shapes);

/// Input and result have one element type, which is in `types`; constant axes are dimensions of the
/// input.
llvm::LogicalResult verifyReduction(mlir::Operation *op, llvm::StringRef types);

/// The same for the index of an extremum, which is an int32 or int64.
llvm::LogicalResult verifyArgReduction(mlir::Operation *op);

} // namespace tflc::tfl

#endif // TFL_IR_REDUCTION_H
