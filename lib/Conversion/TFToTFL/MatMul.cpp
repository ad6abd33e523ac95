//===- MatMul.cpp - products of matrices ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"
#include "Weights.h"

#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ShapeOps.h"

using namespace mlir;
using namespace tflc;

/// The operator takes rows in any number of dimensions.
static Value skipFlattening(Value rows) {
  auto view = rows.getDefiningOp<tf::ReshapeOp>();
  auto from = view ? dyn_cast<RankedTensorType>(view.getTensor().getType()) : RankedTensorType();
  auto to = dyn_cast<RankedTensorType>(rows.getType());
  bool isFlattening = from && to && from.getRank() > 2 && !to.isDynamicDim(1) &&
                      from.getShape().back() == to.getDimSize(1);
  return isFlattening ? Value(view.getTensor()) : rows;
}

static LogicalResult convertMatMul(tf::MatMulOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getProduct().getType());
  if (!type || !isa<FloatType>(type.getElementType()))
    return rewriter.notifyMatchFailure(op, "needs floats of known rank");
  if (!op.getTransposeB() && !isStored(op.getB())) {
    OperatorOptions options(rewriter);
    options.set("adj_x", op.getTransposeA()).set("adj_y", false);
    rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "BATCH_MATMUL", type,
                                         op->getOperands(), options.get()));
    return success();
  }
  Biased biased = takeBias(rewriter, op, type.getDimSize(1));
  rewriter.setInsertionPoint(biased.last);
  Value lhs =
      op.getTransposeA() ? transpose(rewriter, op.getA(), {1, 0}) : skipFlattening(op.getA());
  // Weights have one row for each output.
  Value weights = op.getTransposeB() ? op.getB() : transpose(rewriter, op.getB(), {1, 0});
  Value bias = biased.bias ? biased.bias : createNoValue(rewriter, op.getLoc());
  OperatorOptions options(rewriter);
  options.set("fused_activation_function", "NONE");
  rewriter.replaceOp(biased.last, createBuiltin(rewriter, biased.last->getLoc(), "FULLY_CONNECTED",
                                                type, {lhs, weights, bias}, options.get()));
  return success();
}

/// A product of a batch with one matrix of weights is a product of all its rows with that.
static LogicalResult convertToFullyConnected(Operation *op, Value x, Value y, bool adjointY,
                                             PatternRewriter &rewriter) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Biased biased = takeBias(rewriter, op, type.getShape().back());
  rewriter.setInsertionPoint(biased.last);
  Value weights = adjointY ? y : transpose(rewriter, y, {1, 0});
  Value bias = biased.bias ? biased.bias : createNoValue(rewriter, op->getLoc());
  OperatorOptions options(rewriter);
  options.set("fused_activation_function", "NONE").set("keep_num_dims", type.getRank() > 2);
  rewriter.replaceOp(biased.last, createBuiltin(rewriter, biased.last->getLoc(), "FULLY_CONNECTED",
                                                type, {x, weights, bias}, options.get()));
  return success();
}

template <typename Op> static LogicalResult convertBatchMatMul(Op op, PatternRewriter &rewriter) {
  auto lhs = dyn_cast<RankedTensorType>(op.getX().getType());
  auto rhs = dyn_cast<RankedTensorType>(op.getY().getType());
  auto type = dyn_cast<RankedTensorType>(op.getOutput().getType());
  if (!lhs || !rhs || !type)
    return rewriter.notifyMatchFailure(op, "unknown rank");
  if (getConstant(op.getY()) && rhs.getRank() == 2 && !op.getAdjX() && lhs.getRank() >= 2 &&
      isa<FloatType>(type.getElementType()))
    return convertToFullyConnected(op, op.getX(), op.getY(), op.getAdjY(), rewriter);
  OperatorOptions options(rewriter);
  options.set("adj_x", op.getAdjX()).set("adj_y", op.getAdjY());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "BATCH_MATMUL", type,
                                       op->getOperands(), options.get()));
  return success();
}

void tflc::populateMatMulPatterns(RewritePatternSet &patterns) {
  addPattern<tf::BatchMatMulOp>(patterns, convertBatchMatMul<tf::BatchMatMulOp>);
  addPattern<tf::BatchMatMulV2Op>(patterns, convertBatchMatMul<tf::BatchMatMulV2Op>);
  addPattern<tf::BatchMatMulV3Op>(patterns, convertBatchMatMul<tf::BatchMatMulV3Op>);
  addPattern<tf::MatMulOp>(patterns, convertMatMul);
}
