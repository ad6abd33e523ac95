//===- FourierTransform.h - discrete Fourier transforms ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_FOURIERTRANSFORM_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_FOURIERTRANSFORM_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace tflc {

/// Complex numbers as two tensors of reals of one shape.
struct ComplexTensor {
  mlir::Value re, im;
};

/// The transforms of the matrices in the last two dimensions of `input`, floats of a static shape:
/// out[u, v] = sum over y, x of in[y, x] * exp(-2 * pi * i * (u * y / height + v * x / width)) for
/// u in [0, height) and v in [0, width / 2]. Sizes are powers of two; the matrices are cut off or
/// filled with zeros.
ComplexTensor transformMatrices(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
                                int64_t height, int64_t width);

/// The same where only an invocation shows the sizes; what is no power of two ends it.
ComplexTensor transformFedMatrices(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
                                   mlir::OpFoldResult height, mlir::OpFoldResult width);

/// The last two dimensions cut off, or filled with zeros.
mlir::Value fitMatrices(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
                        mlir::OpFoldResult height, mlir::OpFoldResult width);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_FOURIERTRANSFORM_H
