//===- Utils.h - building blocks of lowerings -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_UTILS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_UTILS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/Transforms/DialectConversion.h"

namespace tflc {

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// The element type of a tensor value.
mlir::Type getElementType(mlir::Value value);

/// The quantization of a tensor with one scale for all elements, or null.
mlir::quant::UniformQuantizedType getUniform(mlir::Type tensorType);

/// Whether elements of this model type (`ui8`, `i1`, `!quant.uniform<u8:...>`) are widened with
/// zeros.
bool isUnsignedElement(mlir::Type elementType);

//===----------------------------------------------------------------------===//
// Constants and scalars
//===----------------------------------------------------------------------===//

/// The values of a constant operand of a tfl op, or null.
mlir::DenseElementsAttr matchConstant(mlir::Value value);

/// The values of a constant integer operand, or nothing.
std::optional<llvm::SmallVector<int64_t>> matchConstantInts(mlir::Value value);

/// A scalar integer or index of type `type`.
mlir::Value createInt(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, int64_t value);

/// A scalar float of type `type`.
mlir::Value createFloat(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type,
                        double value);

/// The zero of an integer, index or float type.
mlir::Value createZero(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type);

/// Widens the integer scalar `value`, an element of a tensor of model type `modelType`, to `type`.
mlir::Value extendInt(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                      mlir::Type modelType, mlir::Type type);

/// The range that a fused activation leaves of the real numbers; infinite where it does not limit.
/// Nothing for names that are not a clamp (TANH, SIGN_BIT).
std::optional<std::pair<double, double>> getActivationRange(llvm::StringRef activation);

/// Applies a fused activation that is a clamp to the float scalar `value`. As in the reference,
/// what an activation leaves open of float32 ends at the largest finite numbers: infinities become
/// those. NaN stays NaN.
mlir::Value clampFloat(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                       llvm::StringRef activation);

/// Clamps a signed integer scalar.
mlir::Value clampInt(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, int64_t min,
                     int64_t max);

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// `tensor.empty` of the given sizes.
mlir::Value createEmpty(mlir::OpBuilder &builder, mlir::Location loc,
                        llvm::ArrayRef<mlir::OpFoldResult> sizes, mlir::Type elementType);

/// A tensor with `scalar` everywhere.
mlir::Value createFilled(mlir::OpBuilder &builder, mlir::Location loc,
                         llvm::ArrayRef<mlir::OpFoldResult> sizes, mlir::Value scalar);

/// The map that reads an operand of `type` in an iteration space of these sizes: dimensions align
/// at the end, dimensions of size one are repeated unless the space has size one there, too.
mlir::AffineMap getBroadcastMap(mlir::RankedTensorType type,
                                llvm::ArrayRef<mlir::OpFoldResult> sizes);

/// The sizes of the result of broadcasting `values` against each other. A dimension that is unknown
/// in the types counts as not broadcast.
llvm::SmallVector<mlir::OpFoldResult>
getBroadcastSizes(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange values);

using BodyBuilder =
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

/// One `linalg.generic` over `sizes` whose body gets one scalar of each input, broadcast where
/// needed, and returns the result's element.
mlir::Value buildElementwise(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange inputs,
                             llvm::ArrayRef<mlir::OpFoldResult> sizes, mlir::Type elementType,
                             BodyBuilder body);

/// The same with explicit maps of the inputs; the result's map is the identity.
mlir::Value buildElementwise(mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange inputs,
                             llvm::ArrayRef<mlir::AffineMap> maps,
                             llvm::ArrayRef<mlir::OpFoldResult> sizes, mlir::Type elementType,
                             BodyBuilder body);

/// `value` with the static type that the model gives, by `tensor.cast` if its present type is less
/// precise.
mlir::Value castTo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                   mlir::Type type);

/// Replaces the single result of `op` by `value` with the type that `converter` gives it.
void replaceWithCast(mlir::RewriterBase &rewriter, mlir::Operation *op, mlir::Value value,
                     const mlir::TypeConverter &converter);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_UTILS_H
