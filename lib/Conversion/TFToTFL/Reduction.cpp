//===- Reduction.cpp - reductions and searches ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/ReductionOps.h"

using namespace mlir;
using namespace tflc;

template <typename Op> static void addReduction(RewritePatternSet &patterns, StringRef name) {
  struct Pattern : OpRewritePattern<Op> {
    Pattern(MLIRContext *context, StringRef name) : OpRewritePattern<Op>(context), name(name) {}

    LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
      OperatorOptions options(rewriter);
      options.set("keep_dims", op.getKeepDims());
      Value axes = castToI32(rewriter, op.getReductionIndices());
      rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), name, op.getType(),
                                           {op.getInput(), axes}, options.get()));
      return success();
    }

    StringRef name;
  };
  patterns.add<Pattern>(patterns.getContext(), name);
}

template <typename Op>
static LogicalResult convertArg(Op op, PatternRewriter &rewriter, StringRef name) {
  OperatorOptions options(rewriter);
  options.set("output_type", getTypeName(op.getOutput()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), name, op.getType(),
                                       {op.getInput(), castToI32(rewriter, op.getDimension())},
                                       options.get()));
  return success();
}

static LogicalResult convertArgMax(tf::ArgMaxOp op, PatternRewriter &rewriter) {
  return convertArg(op, rewriter, "ARG_MAX");
}

static LogicalResult convertArgMin(tf::ArgMinOp op, PatternRewriter &rewriter) {
  return convertArg(op, rewriter, "ARG_MIN");
}

static LogicalResult convertCumsum(tf::CumsumOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("exclusive", op.getExclusive()).set("reverse", op.getReverse());
  rewriter.replaceOp(op,
                     createBuiltin(rewriter, op.getLoc(), "CUMSUM", op.getType(),
                                   {op.getX(), castToI32(rewriter, op.getAxis())}, options.get()));
  return success();
}

static LogicalResult convertTopK(tf::TopKV2Op op, PatternRewriter &rewriter) {
  Type indices = tf::getElementType(op.getIndices());
  if (!indices.isInteger(32) && !indices.isInteger(16))
    return rewriter.notifyMatchFailure(op, "indices must be int32 or int16");
  Value k = tf::getElementType(op.getK()).isInteger(16) ? Value(op.getK())
                                                        : castToI32(rewriter, op.getK());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "TOPK_V2", op->getResultTypes(),
                                       {op.getInput(), k}));
  return success();
}

/// The kernels take numbers of segments, and how many there are, as int32.
template <typename Op> static void addSegments(RewritePatternSet &patterns, StringRef name) {
  struct Pattern : OpRewritePattern<Op> {
    Pattern(MLIRContext *context, StringRef name) : OpRewritePattern<Op>(context), name(name) {}

    LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
      SmallVector<Value> operands = {op->getOperand(0)};
      for (Value operand : op->getOperands().drop_front())
        operands.push_back(castToI32(rewriter, operand));
      rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), name, op.getType(), operands));
      return success();
    }

    StringRef name;
  };
  patterns.add<Pattern>(patterns.getContext(), name);
}

static LogicalResult convertUnique(tf::UniqueOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("idx_out_type", getTypeName(op.getIdx()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "UNIQUE", op->getResultTypes(),
                                       op.getX(), options.get()));
  return success();
}

static LogicalResult convertBucketize(tf::BucketizeOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.add("boundaries", op.getBoundariesAttr());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "BUCKETIZE", op.getType(),
                                       op.getInput(), options.get()));
  return success();
}

void tflc::populateReductionPatterns(RewritePatternSet &patterns) {
  addReduction<tf::AllOp>(patterns, "REDUCE_ALL");
  addReduction<tf::AnyOp>(patterns, "REDUCE_ANY");
  addReduction<tf::MaxOp>(patterns, "REDUCE_MAX");
  addReduction<tf::MeanOp>(patterns, "MEAN");
  addReduction<tf::MinOp>(patterns, "REDUCE_MIN");
  addReduction<tf::ProdOp>(patterns, "REDUCE_PROD");
  addReduction<tf::SumOp>(patterns, "SUM");
  addPattern<tf::ArgMaxOp>(patterns, convertArgMax);
  addPattern<tf::ArgMinOp>(patterns, convertArgMin);
  addPattern<tf::BucketizeOp>(patterns, convertBucketize);
  addPattern<tf::CumsumOp>(patterns, convertCumsum);
  addPattern<tf::TopKV2Op>(patterns, convertTopK);
  addPattern<tf::UniqueOp>(patterns, convertUnique);
  addSegments<tf::SegmentSumOp>(patterns, "SEGMENT_SUM");
  addSegments<tf::UnsortedSegmentMaxOp>(patterns, "UNSORTED_SEGMENT_MAX");
  addSegments<tf::UnsortedSegmentMinOp>(patterns, "UNSORTED_SEGMENT_MIN");
  addSegments<tf::UnsortedSegmentProdOp>(patterns, "UNSORTED_SEGMENT_PROD");
  addSegments<tf::UnsortedSegmentSumOp>(patterns, "UNSORTED_SEGMENT_SUM");
}
