//===- Complex.cpp - complex numbers and spectra --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/RandomOps.h"

using namespace mlir;
using namespace tflc;

static LogicalResult convertFourier2D(tf::RFFT2DOp op, PatternRewriter &rewriter) {
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "RFFT2D", op.getType(),
                                       {op.getInput(), castToI32(rewriter, op.getFftLength())}));
  return success();
}

void tflc::populateComplexPatterns(RewritePatternSet &patterns) {
  addPattern<tf::RFFT2DOp>(patterns, convertFourier2D);
  addRename<tf::ComplexAbsOp>(patterns, "COMPLEX_ABS");
  addRename<tf::ImagOp>(patterns, "IMAG");
  addRename<tf::RealOp>(patterns, "REAL");
}
