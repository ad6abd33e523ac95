//===- Shape.cpp - shapes and order of elements ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"
#include "Weights.h"

#include "TF/IR/ShapeOps.h"

using namespace mlir;
using namespace tflc;

/// A shape as a constant where one dimension at most is open.
static Value makeShapeOperand(PatternRewriter &rewriter, Location loc, RankedTensorType type) {
  if (llvm::count(type.getShape(), ShapedType::kDynamic) > 1)
    return {};
  // An open size is what is left, which 0 elements do not tell.
  if (!type.hasStaticShape() && llvm::is_contained(type.getShape(), 0))
    return {};
  return createShape(rewriter, loc, type);
}

static LogicalResult convertReshape(tf::ReshapeOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type)
    return rewriter.notifyMatchFailure(op, "the rank depends on values at run time");
  Value shape = makeShapeOperand(rewriter, op.getLoc(), type);
  if (!shape)
    shape = castToI32(rewriter, op.getShape());
  rewriter.replaceOp(
      op, createBuiltin(rewriter, op.getLoc(), "RESHAPE", type, {op.getTensor(), shape}));
  return success();
}

/// Squeezing and expanding dimensions is reshaping, where the shape can be told beforehand.
static LogicalResult convertSqueeze(tf::SqueezeOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type)
    return rewriter.notifyMatchFailure(op, "the rank depends on values at run time");
  if (Value shape = makeShapeOperand(rewriter, op.getLoc(), type)) {
    rewriter.replaceOp(
        op, createBuiltin(rewriter, op.getLoc(), "RESHAPE", type, {op.getInput(), shape}));
    return success();
  }
  OperatorOptions options(rewriter);
  options.add("squeeze_dims", rewriter.getDenseI32ArrayAttr(SmallVector<int32_t>(
                                  op.getSqueezeDims().begin(), op.getSqueezeDims().end())));
  rewriter.replaceOp(
      op, createBuiltin(rewriter, op.getLoc(), "SQUEEZE", type, op.getInput(), options.get()));
  return success();
}

static LogicalResult convertExpandDims(tf::ExpandDimsOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type)
    return rewriter.notifyMatchFailure(op, "unknown rank");
  if (Value shape = makeShapeOperand(rewriter, op.getLoc(), type)) {
    rewriter.replaceOp(
        op, createBuiltin(rewriter, op.getLoc(), "RESHAPE", type, {op.getInput(), shape}));
    return success();
  }
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "EXPAND_DIMS", type,
                                       {op.getInput(), castToI32(rewriter, op.getDim())}));
  return success();
}

static LogicalResult convertShape(tf::ShapeOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("out_type", getTypeName(op.getOutput()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "SHAPE", op.getType(), op.getInput(),
                                       options.get()));
  return success();
}

/// A permutation that only moves dimensions of one element is a view.
static LogicalResult convertTranspose(tf::TransposeOp op, PatternRewriter &rewriter) {
  auto from = dyn_cast<RankedTensorType>(op.getX().getType());
  std::optional<SmallVector<int64_t>> perm = tf::evaluateAllInts(op.getPerm());
  if (from && perm && from.hasStaticShape() && int64_t(perm->size()) == from.getRank()) {
    for (int64_t &entry : *perm)
      entry += entry < 0 ? from.getRank() : 0;
    if (keepsOrder(from.getShape(), *perm)) {
      rewriter.replaceOp(op, transpose(rewriter, op.getX(), *perm));
      return success();
    }
  }
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "TRANSPOSE", op.getType(),
                                       {op.getX(), castToI32(rewriter, op.getPerm())}));
  return success();
}

/// The kernel reverses one axis, or several that follow each other.
static LogicalResult convertReverse(tf::ReverseV2Op op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  std::optional<SmallVector<int64_t>> axes = tf::evaluateAllInts(op.getAxis());
  if (!type || !axes)
    return rewriter.notifyMatchFailure(op, "needs a known rank and constant axes");
  if (axes->empty()) {
    rewriter.replaceOp(op, op.getTensor());
    return success();
  }
  for (int64_t &axis : *axes)
    axis += axis < 0 ? type.getRank() : 0;
  llvm::sort(*axes);
  Value result = op.getTensor();
  for (size_t first = 0, last; first < axes->size(); first = last) {
    for (last = first + 1; last < axes->size() && (*axes)[last] == (*axes)[last - 1] + 1;)
      ++last;
    ArrayRef<int64_t> run = ArrayRef(*axes).slice(first, last - first);
    result = createBuiltinValue(rewriter, op.getLoc(), "REVERSE_V2", type,
                                {result, createInts(rewriter, op.getLoc(), run)});
  }
  rewriter.replaceOp(op, result);
  return success();
}

static LogicalResult convertReverseSequence(tf::ReverseSequenceOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("seq_dim", int64_t(op.getSeqDim())).set("batch_dim", int64_t(op.getBatchDim()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "REVERSE_SEQUENCE", op.getType(),
                                       op->getOperands(), options.get()));
  return success();
}

static LogicalResult convertOneHot(tf::OneHotOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("axis", int64_t(op.getAxis()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "ONE_HOT", op.getType(),
                                       op->getOperands(), options.get()));
  return success();
}

/// What has the shape already is not broadcast.
static LogicalResult convertBroadcastTo(tf::BroadcastToOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (type && type.hasStaticShape() && op.getInput().getType() == type)
    rewriter.replaceOp(op, op.getInput());
  else
    rewriter.replaceOp(
        op, createBuiltin(rewriter, op.getLoc(), "BROADCAST_TO", op.getType(), op->getOperands()));
  return success();
}

static LogicalResult convertMirrorPad(tf::MirrorPadOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("mode", op.getMode());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "MIRROR_PAD", op.getType(),
                                       op->getOperands(), options.get()));
  return success();
}

/// Only the main diagonal of a square matrix, with zeros around it, has an operator.
template <typename Op> static LogicalResult convertDiagonal(Op op, PatternRewriter &rewriter) {
  auto isAll = [](Value operand) { return tf::evaluateInt(operand) == -1; };
  DenseElementsAttr padding = getConstant(op.getPaddingValue());
  bool isZero =
      padding && padding.isSplat() &&
      (isa<FloatType>(padding.getElementType())
           ? padding.getSplatValue<APFloat>().isZero()
           : padding.getElementType().isInteger() && padding.getSplatValue<APInt>().isZero());
  auto type = dyn_cast<RankedTensorType>(op.getType());
  std::optional<int64_t> rows = tf::evaluateInt(op.getNumRows()),
                         columns = tf::evaluateInt(op.getNumCols());
  auto diagonal = dyn_cast<RankedTensorType>(op.getDiagonal().getType());
  if (!type || !diagonal || tf::evaluateInt(op.getK()) != 0 || !isZero)
    return rewriter.notifyMatchFailure(op, "not the main diagonal, or padding other than 0");
  int64_t length = diagonal.getShape().back();
  if ((!isAll(op.getNumRows()) && rows != length) || (!isAll(op.getNumCols()) && columns != length))
    return rewriter.notifyMatchFailure(op, "not a square matrix");
  rewriter.replaceOp(op,
                     createBuiltin(rewriter, op.getLoc(), "MATRIX_DIAG", type, op.getDiagonal()));
  return success();
}

template <typename Op> static LogicalResult convertSetDiagonal(Op op, PatternRewriter &rewriter) {
  if (tf::evaluateAllInts(op.getK()) != SmallVector<int64_t>{0} ||
      !isa<RankedTensorType>(op.getType()))
    return rewriter.notifyMatchFailure(op, "not the main diagonal alone");
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "MATRIX_SET_DIAG", op.getType(),
                                       {op.getInput(), op.getDiagonal()}));
  return success();
}

void tflc::populateShapePatterns(RewritePatternSet &patterns) {
  addPattern<tf::BroadcastToOp>(patterns, convertBroadcastTo);
  addPattern<tf::ExpandDimsOp>(patterns, convertExpandDims);
  addPattern<tf::MatrixDiagV2Op>(patterns, convertDiagonal<tf::MatrixDiagV2Op>);
  addPattern<tf::MatrixDiagV3Op>(patterns, convertDiagonal<tf::MatrixDiagV3Op>);
  addPattern<tf::MatrixSetDiagV2Op>(patterns, convertSetDiagonal<tf::MatrixSetDiagV2Op>);
  addPattern<tf::MatrixSetDiagV3Op>(patterns, convertSetDiagonal<tf::MatrixSetDiagV3Op>);
  addPattern<tf::MirrorPadOp>(patterns, convertMirrorPad);
  addPattern<tf::OneHotOp>(patterns, convertOneHot);
  addPattern<tf::ReshapeOp>(patterns, convertReshape);
  addPattern<tf::ReverseSequenceOp>(patterns, convertReverseSequence);
  addPattern<tf::ReverseV2Op>(patterns, convertReverse);
  addPattern<tf::ShapeOp>(patterns, convertShape);
  addPattern<tf::SqueezeOp>(patterns, convertSqueeze);
  addPattern<tf::TransposeOp>(patterns, convertTranspose);
  addRename<tf::BroadcastArgsOp>(patterns, "BROADCAST_ARGS");
  addRename<tf::FillOp>(patterns, "FILL");
  addRename<tf::MatrixDiagOp>(patterns, "MATRIX_DIAG");
  addRename<tf::MatrixSetDiagOp>(patterns, "MATRIX_SET_DIAG");
  addRename<tf::PadOp>(patterns, "PAD");
  addRename<tf::PadV2Op>(patterns, "PADV2");
  addRename<tf::RangeOp>(patterns, "RANGE");
  addRename<tf::RankOp>(patterns, "RANK");
  addRename<tf::TileOp>(patterns, "TILE");
}
