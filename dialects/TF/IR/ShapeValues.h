//===- ShapeValues.h - integers known at compile time -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_SHAPEVALUES_H
#define TF_IR_SHAPEVALUES_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace tflc::tf {

/// What is known at compile time about the elements of an integer tensor.
using KnownInts = llvm::SmallVector<std::optional<int64_t>>;

/// Follows shape arithmetic (Shape, StridedSlice, Pack, ...) back to known sizes and constants.
/// Nothing where even the number of elements is unknown, or large.
std::optional<KnownInts> evaluateInts(mlir::Value value);

/// The elements of an integer tensor, where all of them are known.
std::optional<llvm::SmallVector<int64_t>> evaluateAllInts(mlir::Value value);

/// The single element of a known integer tensor.
std::optional<int64_t> evaluateInt(mlir::Value value);

/// The elements of a vector that is a shape: unknown and negative ones become
/// `ShapedType::kDynamic`. Nothing where the rank is unknown.
std::optional<llvm::SmallVector<int64_t>> evaluateShape(mlir::Value value);

/// The number of elements of a shape; nothing where it is unknown or more than 2^47.
std::optional<int64_t> getNumElements(llvm::ArrayRef<int64_t> shape);

} // namespace tflc::tf

#endif // TF_IR_SHAPEVALUES_H
