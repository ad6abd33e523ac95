//===- FourierTransform.h - discrete Fourier transforms ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_FOURIERTRANSFORM_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_FOURIERTRANSFORM_H

#include "ScalarBuilder.h"

namespace tflc {

/// Complex numbers as two tensors of reals of one shape.
struct ComplexTensor {
  mlir::Value re, im;
};

/// A complex number as two scalars.
struct ComplexScalar {
  mlir::Value re, im;
};

/// A step of Stockham's algorithm makes two transforms of half the length of one: from elements
/// `first`, p, and `second`, p + half, the element p of both. It is
///   first * factors[0] + second * factors[1],
/// where the factors are 1 and 1 for the one transform, root and -root for the other one, and root
/// is exp(-2 * pi * i * p / length).
ComplexScalar createStockhamStep(ScalarBuilder &b, ComplexScalar first, ComplexScalar second,
                                 llvm::ArrayRef<ComplexScalar> factors);

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
