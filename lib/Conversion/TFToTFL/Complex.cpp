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

/// Along one dimension: that of rows of one line each.
static LogicalResult convertFourier(tf::RFFTOp op, PatternRewriter &rewriter) {
  auto input = dyn_cast<RankedTensorType>(op.getInput().getType());
  auto output = dyn_cast<RankedTensorType>(op.getType());
  std::optional<int64_t> length = tf::evaluateInt(op.getFftLength());
  if (!input || !output || !length)
    return rewriter.notifyMatchFailure(op, "needs a known rank and length");
  Location loc = op.getLoc();
  auto withLine = [](RankedTensorType type) {
    SmallVector<int64_t> shape(type.getShape());
    shape.insert(shape.end() - 1, 1);
    return RankedTensorType::get(shape, type.getElementType());
  };
  RankedTensorType lines = withLine(input);
  Value x;
  if (llvm::count(input.getShape(), ShapedType::kDynamic) <= 1)
    x = createBuiltinValue(rewriter, loc, "RESHAPE", lines,
                           {op.getInput(), createShape(rewriter, loc, lines)});
  else
    x = createBuiltinValue(rewriter, loc, "EXPAND_DIMS", lines,
                           {op.getInput(), createInt(rewriter, loc, input.getRank() - 1)});
  Value spectrum = createBuiltinValue(rewriter, loc, "RFFT2D", withLine(output),
                                      {x, createInts(rewriter, loc, {1, *length})});
  OperatorOptions options(rewriter);
  int32_t line = int32_t(input.getRank() - 1);
  options.add("squeeze_dims", rewriter.getDenseI32ArrayAttr(line));
  rewriter.replaceOp(op, createBuiltin(rewriter, loc, "SQUEEZE", output, spectrum, options.get()));
  return success();
}

void tflc::populateComplexPatterns(RewritePatternSet &patterns) {
  addPattern<tf::RFFT2DOp>(patterns, convertFourier2D);
  addPattern<tf::RFFTOp>(patterns, convertFourier);
  addRename<tf::ComplexAbsOp>(patterns, "COMPLEX_ABS");
  addRename<tf::ImagOp>(patterns, "IMAG");
  addRename<tf::RealOp>(patterns, "REAL");
}
