//===- FunctionPattern.h - rewrite patterns made of functions ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_FUNCTIONPATTERN_H
#define TFLC_SUPPORT_FUNCTIONPATTERN_H

#include "mlir/IR/PatternMatch.h"

namespace tflc {

/// A pattern made of a function.
template <typename Op> class FunctionPattern : public mlir::OpRewritePattern<Op> {
public:
  using Function = llvm::LogicalResult (*)(Op, mlir::PatternRewriter &);
  FunctionPattern(mlir::MLIRContext *context, Function function)
      : mlir::OpRewritePattern<Op>(context), function(function) {}

  llvm::LogicalResult matchAndRewrite(Op op, mlir::PatternRewriter &rewriter) const override {
    return function(op, rewriter);
  }

private:
  Function function;
};

template <typename Op>
void addPattern(mlir::RewritePatternSet &patterns,
                typename FunctionPattern<Op>::Function function) {
  patterns.add<FunctionPattern<Op>>(patterns.getContext(), function);
}

} // namespace tflc

#endif // TFLC_SUPPORT_FUNCTIONPATTERN_H
