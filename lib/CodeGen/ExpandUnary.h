//===- ExpandUnary.h - functions of one f32 operand -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_EXPANDUNARY_H
#define TFLC_LIB_CODEGEN_EXPANDUNARY_H

#include "FloatBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

namespace tflc {

/// The sum of coefficient i times x^i.
inline mlir::Value emitPolynomial(FloatBuilder &b, mlir::Value x,
                                  llvm::ArrayRef<float> coefficients) {
  mlir::Value sum = b.real(coefficients.back());
  for (float coefficient : llvm::reverse(coefficients.drop_back()))
    sum = mlir::math::FmaOp::create(b, sum, x, b.real(coefficient));
  return sum;
}

/// Puts what `emit` computes of the operand in the place of an op on f32 scalars or vectors.
template <typename OpTy, mlir::Value (*emit)(FloatBuilder &, mlir::Value)>
struct ExpandUnary : mlir::OpRewritePattern<OpTy> {
  using mlir::OpRewritePattern<OpTy>::OpRewritePattern;

  mlir::LogicalResult matchAndRewrite(OpTy op, mlir::PatternRewriter &rewriter) const override {
    if (!mlir::getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not f32");
    FloatBuilder b(op, rewriter);
    rewriter.replaceOp(op, emit(b, op.getOperand()));
    return mlir::success();
  }
};

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_EXPANDUNARY_H
