//===- Weights.h - weights and biases of products ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFTOTFL_WEIGHTS_H
#define TFLC_LIB_CONVERSION_TFTOTFL_WEIGHTS_H

#include "mlir/IR/PatternMatch.h"

namespace tflc {

/// A product with the addition behind it.
struct Biased {
  /// The vector that is added; null if there is none.
  mlir::Value bias;
  /// The op whose result the operator takes over: the addition, or the product itself.
  mlir::Operation *last;
  int64_t channels;

  /// The bias, or zeros where an operator must have one.
  mlir::Value getBias(mlir::OpBuilder &builder) const;
};

/// Finds a constant vector of `channels` floats that the only user of a product adds to its last
/// dimension.
Biased takeBias(mlir::PatternRewriter &rewriter, mlir::Operation *product, int64_t channels);

/// Whether a value is in the file: a constant, or one below a DEQUANTIZE.
bool isStored(mlir::Value value);

/// Whether only dimensions of one element change their places.
bool keepsOrder(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> perm);

/// A permuted value: at once for constants.
mlir::Value transpose(mlir::OpBuilder &builder, mlir::Value value, llvm::ArrayRef<int64_t> perm);

/// A value of another shape: at once for constants.
mlir::Value reshape(mlir::OpBuilder &builder, mlir::Value value, llvm::ArrayRef<int64_t> shape);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFTOTFL_WEIGHTS_H
