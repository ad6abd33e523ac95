//===- Image.cpp - images and blocks --------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/PoolingOps.h"

using namespace mlir;
using namespace tflc;

template <typename Op>
static LogicalResult convertResize(Op op, PatternRewriter &rewriter, StringRef name) {
  if (!tf::getElementType(op.getImages()).isF32())
    return rewriter.notifyMatchFailure(op, "images must be float32");
  OperatorOptions options(rewriter);
  options.set("align_corners", op.getAlignCorners())
      .set("half_pixel_centers", op.getHalfPixelCenters());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), name, op.getType(),
                                       {op.getImages(), castToI32(rewriter, op.getSize())},
                                       options.get()));
  return success();
}

static LogicalResult convertBilinear(tf::ResizeBilinearOp op, PatternRewriter &rewriter) {
  return convertResize(op, rewriter, "RESIZE_BILINEAR");
}

static LogicalResult convertNearest(tf::ResizeNearestNeighborOp op, PatternRewriter &rewriter) {
  return convertResize(op, rewriter, "RESIZE_NEAREST_NEIGHBOR");
}

template <typename Op>
static LogicalResult convertBlocks(Op op, PatternRewriter &rewriter, StringRef name) {
  if (op.getDataFormat() != "NHWC")
    return rewriter.notifyMatchFailure(op, "needs NHWC");
  OperatorOptions options(rewriter);
  options.set("block_size", int64_t(op.getBlockSize()));
  rewriter.replaceOp(
      op, createBuiltin(rewriter, op.getLoc(), name, op.getType(), op.getInput(), options.get()));
  return success();
}

static LogicalResult convertSpaceToDepth(tf::SpaceToDepthOp op, PatternRewriter &rewriter) {
  return convertBlocks(op, rewriter, "SPACE_TO_DEPTH");
}

static LogicalResult convertDepthToSpace(tf::DepthToSpaceOp op, PatternRewriter &rewriter) {
  return convertBlocks(op, rewriter, "DEPTH_TO_SPACE");
}

static LogicalResult convertSpaceToBatch(tf::SpaceToBatchNDOp op, PatternRewriter &rewriter) {
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "SPACE_TO_BATCH_ND", op.getType(),
                                       {op.getInput(), castToI32(rewriter, op.getBlockShape()),
                                        castToI32(rewriter, op.getPaddings())}));
  return success();
}

static LogicalResult convertBatchToSpace(tf::BatchToSpaceNDOp op, PatternRewriter &rewriter) {
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "BATCH_TO_SPACE_ND", op.getType(),
                                       {op.getInput(), castToI32(rewriter, op.getBlockShape()),
                                        castToI32(rewriter, op.getCrops())}));
  return success();
}

/// The kernels fill their results up to the most that there can be.
template <typename Op>
static LogicalResult convertSuppression(Op op, PatternRewriter &rewriter, StringRef name) {
  if (!op.getPadToMaxOutputSize())
    return rewriter.notifyMatchFailure(op, "the result is not filled");
  rewriter.replaceOp(
      op, createBuiltin(rewriter, op.getLoc(), name, op->getResultTypes(), op->getOperands()));
  return success();
}

static LogicalResult convertSuppressionV4(tf::NonMaxSuppressionV4Op op, PatternRewriter &rewriter) {
  return convertSuppression(op, rewriter, "NON_MAX_SUPPRESSION_V4");
}

static LogicalResult convertSuppressionV5(tf::NonMaxSuppressionV5Op op, PatternRewriter &rewriter) {
  return convertSuppression(op, rewriter, "NON_MAX_SUPPRESSION_V5");
}

void tflc::populateImagePatterns(RewritePatternSet &patterns) {
  addPattern<tf::BatchToSpaceNDOp>(patterns, convertBatchToSpace);
  addPattern<tf::DepthToSpaceOp>(patterns, convertDepthToSpace);
  addPattern<tf::NonMaxSuppressionV4Op>(patterns, convertSuppressionV4);
  addPattern<tf::NonMaxSuppressionV5Op>(patterns, convertSuppressionV5);
  addPattern<tf::ResizeBilinearOp>(patterns, convertBilinear);
  addPattern<tf::ResizeNearestNeighborOp>(patterns, convertNearest);
  addPattern<tf::SpaceToBatchNDOp>(patterns, convertSpaceToBatch);
  addPattern<tf::SpaceToDepthOp>(patterns, convertSpaceToDepth);
}
