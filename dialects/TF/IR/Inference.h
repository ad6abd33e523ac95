//===- Inference.h - types that follow from operands ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Shape functions that several ops share. A function that finds a fault emits it where a location
// is given, and returns null. What is not known is an unranked tensor or a dynamic dimension.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_INFERENCE_H
#define TF_IR_INFERENCE_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/ValueRange.h"

#include <optional>

namespace tflc::tf {

using Shape = llvm::SmallVector<int64_t>;
using MaybeLocation = std::optional<mlir::Location>;

/// A tensor of a shape, or of unknown rank.
mlir::TensorType makeType(const std::optional<Shape> &shape, mlir::Type elementType);

/// Emits an error where there is a location, and returns no type.
template <typename... Args> mlir::Type reportFault(MaybeLocation location, Args &&...args) {
  (void)mlir::emitOptionalError(location, std::forward<Args>(args)...);
  return {};
}

/// The shape of a ranked tensor.
std::optional<Shape> getShape(mlir::Value value);

/// The element type of a tensor.
mlir::Type getElementType(mlir::Value value);

/// Whether types of the same number can be those of one value at run time: equal element types, no
/// size that contradicts.
bool areCompatible(mlir::TypeRange first, mlir::TypeRange second);

/// The type that knows what either of two compatible types knows.
mlir::TensorType refine(mlir::TensorType first, mlir::TensorType second);

/// `axis` counted from the front, or a fault.
std::optional<int64_t> normalizeAxis(int64_t axis, int64_t rank, MaybeLocation location);

/// Numpy's rule; `elementType` null stands for that of the first operand.
mlir::Type inferBroadcast(mlir::ValueRange operands, mlir::Type elementType,
                          MaybeLocation location);

mlir::Type inferBatchMatMul(mlir::Value x, mlir::Value y, bool adjointX, bool adjointY,
                            MaybeLocation location);

/// Windows over the spatial dimensions of `data_format`.
mlir::Type inferPool(mlir::Value input, llvm::ArrayRef<int64_t> sizes,
                     llvm::ArrayRef<int64_t> strides, llvm::StringRef padding,
                     llvm::ArrayRef<int64_t> explicitPaddings, llvm::StringRef dataFormat,
                     MaybeLocation location);

mlir::Type inferReduction(mlir::Value input, mlir::Value axes, bool keepDims,
                          MaybeLocation location);
mlir::Type inferArg(mlir::Value input, mlir::Value axis, mlir::Type elementType,
                    MaybeLocation location);
mlir::Type inferSegments(mlir::Value data, mlir::Value ids, mlir::Value count);
/// [b, t, n] and a matrix [u, ...] give [b, t, u].
mlir::Type inferSequence(mlir::Value input, mlir::Value recurrent);
mlir::Type inferPad(mlir::Value input, mlir::Value paddings, MaybeLocation location);
mlir::Type inferComplexPart(mlir::Value input);
/// The complex spectrum of real numbers along the last `rank` dimensions, whose lengths an operand
/// holds. Of the last dimension only the half that is not redundant is there.
mlir::Type inferRealFourier(mlir::Value input, mlir::Value lengths, unsigned rank,
                            MaybeLocation location);
/// `count` samples for each row of `logits`.
mlir::Type inferSamples(mlir::Value logits, mlir::Value count, mlir::Type elementType);

/// The type that an optional attribute names, or integers of `width` bits.
mlir::Type getTypeOr(std::optional<mlir::Type> given, unsigned width, mlir::Value sample);

/// How many places a window has along one dimension; dynamic where `size` is.
std::optional<int64_t> getWindowCount(int64_t size, int64_t window, int64_t stride,
                                      int64_t dilation, llvm::StringRef padding, int64_t before,
                                      int64_t after, MaybeLocation location);

} // namespace tflc::tf

#endif // TF_IR_INFERENCE_H
