//===- DynamicRange.h - activations quantized when they arrive --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_DYNAMICRANGE_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_DYNAMICRANGE_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"

namespace tflc {

/// How each row of a float tensor is mapped to int8: tensors over the first dimensions of it.
struct RowQuantization {
  /// f32: what one step is worth, and its inverse.
  mlir::Value scales, inverses;
  /// i32; null where the quantization is symmetric.
  mlir::Value zeroPoints;
  /// Reads the row of an element of the product's result.
  mlir::AffineMap resultMap;

  bool isSymmetric() const { return !zeroPoints; }
};

/// Finds the range of each row, where the first `rowRank` dimensions of `input` count the rows, and
/// maps it on int8 as TensorFlow Lite does:
///
///   symmetric    scale = max|x| / 127, inverse = 127 / max|x|                   (zero row: 1, 0)
///   asymmetric   scale = (max(x, 0) - min(x, 0)) / 255, inverse = 1 / scale, and the zero point
///                is -128 - min / scale or 127 - max / scale, whichever has the smaller error,
///                rounded and limited to int8; all in double             (zero row: 1, 0, 0)
RowQuantization createRowQuantization(mlir::OpBuilder &builder, mlir::Location loc,
                                      mlir::Value input, int64_t rowRank, bool isSymmetric);

/// q = clamp(round(x * inverse + zero point)) to [-127, 127] or [-128, 127]; i8.
mlir::Value createQuantizedRows(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
                                const RowQuantization &rows);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_DYNAMICRANGE_H
