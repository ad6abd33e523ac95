//===- ExpandUnary.h - functions of one f32 operand -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_EXPANDUNARY_H
#define TFLC_LIB_CODEGEN_EXPANDUNARY_H

#include "FloatBuilder.h"

#include "mlir/IR/PatternMatch.h"

namespace tflc {

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
