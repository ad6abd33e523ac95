//===- BlockwiseProduct.h - weights with a scale for each block -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_BLOCKWISEPRODUCT_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_BLOCKWISEPRODUCT_H

#include "TFL/IR/BlockQuantization.h"

#include "mlir/IR/Builders.h"

namespace tflc {

/// FULLY_CONNECTED with blockwise weights: f32 [m, n] from the f32 matrix `rows` [m, k] and
/// constant i8 weights w [n, k] of whole blocks; `bias` is f32 [n] or null. As in the reference
/// kernel, row i is quantized to q with a zero point zp, whatever the operator's attribute says; b
/// counts blocks, and floats are added in the order of the blocks:
///
///   s(i, j) = sum over b of float(sum over l in b of q(i, l) * w(j, l)) * scale(j, b)
///   z(j)    = sum over b of scale(j, b) * float(sum over l in b of w(j, l))
///   out     = activation((s(i, j) - float(zp(i)) * z(j)) * scale(i) + bias(j))
///
/// That kernel leaves the activation out; XNNPACK does not.
mlir::Value createBlockwiseProduct(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value rows,
                                   mlir::DenseElementsAttr weights,
                                   const tfl::BlockQuantization &blocks, mlir::Value bias,
                                   llvm::StringRef activation);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_BLOCKWISEPRODUCT_H
