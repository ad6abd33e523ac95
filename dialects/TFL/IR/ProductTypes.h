//===- ProductTypes.h - types of products with weights ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_PRODUCTTYPES_H
#define TFL_IR_PRODUCTTYPES_H

#include "mlir/IR/Operation.h"
#include "mlir/IR/Value.h"

#include <optional>

namespace tflc::tfl {

/// The arithmetic of a convolution, dense layer or other product of activations with weights.
enum class ProductKind {
  /// float32 activations; float32 or float16 weights.
  Float,
  /// int8 or uint8 activations, i32 accumulator; a result of uint8 activations may be int16.
  Byte,
  /// int16 activations, int8 weights, i64 or i32 accumulator.
  Short,
  /// float32 activations that are quantized when they arrive; int8 or int4 weights.
  Hybrid
};

/// The kind that these element types select; nothing where TensorFlow Lite has none.
std::optional<ProductKind> getProductKind(mlir::Type input, mlir::Type weights, mlir::Type output);

/// Checks the types, scales and zero points of a product with weights, whose outputs channels
/// stand along `channelAxis` of the weights.
llvm::LogicalResult verifyProduct(mlir::Operation *op, mlir::Value input, mlir::Value weights,
                                  mlir::Value bias, mlir::Value output, int64_t channelAxis);

} // namespace tflc::tfl

#endif // TFL_IR_PRODUCTTYPES_H
