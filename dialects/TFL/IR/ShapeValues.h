//===- ShapeValues.h - shapes known at compile time -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_SHAPEVALUES_H
#define TFL_IR_SHAPEVALUES_H

#include "TFL/IR/ShapeArithmetic.h"
#include "TFL/IR/TFLDialect.h"

#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace tflc::tfl {

/// Follows shape arithmetic (SHAPE, STRIDED_SLICE, PACK, ...) back to known sizes and constants.
/// Nothing where even the number of elements is unknown, or large.
std::optional<KnownInts> evaluateInts(mlir::Value value);

/// The elements of an integer tensor, where all of them are known.
std::optional<llvm::SmallVector<int64_t>> evaluateAllInts(mlir::Value value);

/// A vector that is a shape: unknown elements and those that are -1 become `ShapedType::kDynamic`.
/// Nothing where the rank is unknown.
std::optional<llvm::SmallVector<int64_t>> evaluateShape(mlir::Value value);

/// The single element of a known integer scalar (or vector of one).
std::optional<int64_t> evaluateInt(mlir::Value value);

/// `axis` counted from the front, or an error that names the operator's valid range.
llvm::FailureOr<int64_t> normalizeAxis(mlir::Operation *op, int64_t axis, int64_t rank,
                                       llvm::StringRef what = "axis");

/// The number of elements of a shape; nothing where it is unknown or more than 2^47.
std::optional<int64_t> getNumElements(llvm::ArrayRef<int64_t> shape);

/// The shape that the vector `operand` of `op` gives: sizes that are not known are unknown, and all
/// are, as many as the result has, where even their number is. An error where one is negative;
/// `name` says in it what the operand is.
llvm::FailureOr<llvm::SmallVector<int64_t>> getGivenShape(mlir::Operation *op, mlir::Value operand,
                                                          llvm::StringRef name);

/// Checks that all tensors among `values` have one element type, quantization included.
llvm::LogicalResult verifySameElementType(mlir::Operation *op, mlir::ValueRange values);

/// Checks that an operand holds i32 or i64 elements.
llvm::LogicalResult verifyIndexOperand(mlir::Operation *op, mlir::Value value,
                                       llvm::StringRef name);

/// More than any operator takes; keeps hostile files from making huge types.
constexpr size_t kMaxRank = 32;

/// Infers the shapes and drops them: what a verifier does for its findings.
llvm::LogicalResult verifyShapes(mlir::Operation *op);

/// Gives the results of `op` the shapes that follow from its operands.
llvm::LogicalResult inferResultTypes(ShapeInferenceOpInterface op);

} // namespace tflc::tfl

#endif // TFL_IR_SHAPEVALUES_H
