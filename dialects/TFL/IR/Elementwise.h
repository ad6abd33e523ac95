//===- Elementwise.h - checks that elementwise ops share --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_ELEMENTWISE_H
#define TFL_IR_ELEMENTWISE_H

#include "mlir/IR/Operation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace tflc::tfl {

/// Whether `type` is in `types`, a list of names of element types divided by spaces in which a `q`
/// in front marks quantized ones.
bool isElementTypeIn(mlir::Type type, llvm::StringRef types);

/// The shape that `shapes` broadcast to; nothing where they do not fit. An unknown size gives way
/// to a known one above 1.
std::optional<llvm::SmallVector<int64_t>>
getBroadcastShape(llvm::ArrayRef<llvm::ArrayRef<int64_t>> shapes);

/// The one result has the shape that all operands broadcast to.
llvm::LogicalResult inferBroadcastShape(mlir::Operation *op,
                                        llvm::SmallVectorImpl<llvm::SmallVector<int64_t>> &shapes);

/// All operands and results have one element type, quantized or not, which is in `types`, and at
/// most one scale.
llvm::LogicalResult verifyElementwise(mlir::Operation *op, llvm::StringRef types);

/// The same, with a fused activation function that the type has; int16 has no zero points.
llvm::LogicalResult verifyArithmetic(mlir::Operation *op, llvm::StringRef types,
                                     llvm::StringRef activation);

/// All operands and the result have one element type in `types` and one shape.
llvm::LogicalResult verifyOneShape(mlir::Operation *op, llvm::StringRef types);

/// All operands have one element type in `types`; the result is bool.
llvm::LogicalResult verifyComparison(mlir::Operation *op, llvm::StringRef types);

/// The first operand is bool; the others and the result have one element type in `types`.
llvm::LogicalResult verifySelect(mlir::Operation *op, llvm::StringRef types);

} // namespace tflc::tfl

#endif // TFL_IR_ELEMENTWISE_H
