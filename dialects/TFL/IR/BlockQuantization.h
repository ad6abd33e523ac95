//===- BlockQuantization.h - a scale for each block -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_BLOCKQUANTIZATION_H
#define TFL_IR_BLOCKQUANTIZATION_H

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"

#include <optional>

namespace tflc::tfl {

/// Scales of blocks: neighbours along the last dimension share one, and there are no zero points.
struct BlockQuantization {
  /// f32, the tensor's shape with blocks counted in the last dimension.
  mlir::DenseElementsAttr scales;
  int64_t blockSize;

  /// Whether these are the scales of a matrix of that type, in whole blocks.
  bool fits(mlir::RankedTensorType matrix) const;
};

/// The type of int4 elements with these `scales` for blocks of `blockSize` neighbours along the
/// last dimension; `shape` is the tensor's with blocks counted in the last dimension.
mlir::quant::QuantizedType getBlockType(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> shape,
                                        llvm::ArrayRef<float> scales, int64_t blockSize);

/// The blocks of a tensor, or of an element type, that has one scale for each; nothing where it
/// has none, or blocks of another form.
std::optional<BlockQuantization> getBlockQuantization(mlir::Type type);

} // namespace tflc::tfl

#endif // TFL_IR_BLOCKQUANTIZATION_H
