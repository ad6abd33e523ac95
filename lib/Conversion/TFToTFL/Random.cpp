//===- Random.cpp - random numbers ----------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/RandomOps.h"

using namespace mlir;
using namespace tflc;

template <typename Op> static OperatorOptions getSeeds(Op op, OpBuilder &builder) {
  OperatorOptions options(builder);
  options.add("seed", builder.getI64IntegerAttr(op.getSeed()))
      .add("seed2", builder.getI64IntegerAttr(op.getSeed2()));
  return options;
}

template <typename Op>
static LogicalResult convertRandom(Op op, PatternRewriter &rewriter, StringRef name) {
  if (!op.getDtype().isF32())
    return rewriter.notifyMatchFailure(op, "the kernels give float32");
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), name, op.getType(),
                                       castToI32(rewriter, op.getShape()),
                                       getSeeds(op, rewriter).get()));
  return success();
}

static LogicalResult convertUniform(tf::RandomUniformOp op, PatternRewriter &rewriter) {
  return convertRandom(op, rewriter, "RANDOM_UNIFORM");
}

static LogicalResult convertNormal(tf::RandomStandardNormalOp op, PatternRewriter &rewriter) {
  return convertRandom(op, rewriter, "RANDOM_STANDARD_NORMAL");
}

static LogicalResult convertMultinomial(tf::MultinomialOp op, PatternRewriter &rewriter) {
  Type type = tf::getElementType(op.getLogits());
  if (!type.isF32())
    return rewriter.notifyMatchFailure(op, "the kernel takes float32");
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "MULTINOMIAL", op.getType(),
                                       {op.getLogits(), castToI32(rewriter, op.getNumSamples())},
                                       getSeeds(op, rewriter).get()));
  return success();
}

void tflc::populateRandomPatterns(RewritePatternSet &patterns) {
  addPattern<tf::MultinomialOp>(patterns, convertMultinomial);
  addPattern<tf::RandomStandardNormalOp>(patterns, convertNormal);
  addPattern<tf::RandomUniformOp>(patterns, convertUniform);
}
