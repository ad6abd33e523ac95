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

/// FULLY_CONNECTED with blockwise weights, as its record (MatMulOps.td) says: f32 [m, n] from the
/// f32 matrix `rows` [m, k] and constant i8 weights [n, k] of whole blocks; `bias` is f32 [n] or
/// null.
mlir::Value createBlockwiseProduct(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value rows,
                                   mlir::DenseElementsAttr weights,
                                   const tfl::BlockQuantization &blocks, mlir::Value bias,
                                   llvm::StringRef activation);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_BLOCKWISEPRODUCT_H
