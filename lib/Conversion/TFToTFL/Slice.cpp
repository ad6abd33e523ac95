//===- Slice.cpp - parts and joins of tensors -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/ShapeOps.h"
#include "TF/IR/SliceOps.h"

using namespace mlir;
using namespace tflc;

static LogicalResult convertConcat(tf::ConcatV2Op op, PatternRewriter &rewriter) {
  std::optional<int64_t> axis = tf::evaluateInt(op.getAxis());
  if (!axis)
    return rewriter.notifyMatchFailure(op, "needs a constant axis");
  OperatorOptions options(rewriter);
  options.set("axis", *axis).set("fused_activation_function", "NONE");
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "CONCATENATION", op.getType(),
                                       op.getValues(), options.get()));
  return success();
}

static LogicalResult convertPack(tf::PackOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("values_count", int64_t(op.getValues().size())).set("axis", int64_t(op.getAxis()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "PACK", op.getType(), op.getValues(),
                                       options.get()));
  return success();
}

static LogicalResult convertUnpack(tf::UnpackOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("num", int64_t(op.getNumResults())).set("axis", int64_t(op.getAxis()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "UNPACK", op->getResultTypes(),
                                       op.getValue(), options.get()));
  return success();
}

static LogicalResult convertSplit(tf::SplitOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("num_splits", int64_t(op.getNumResults()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "SPLIT", op->getResultTypes(),
                                       {castToI32(rewriter, op.getSplitDim()), op.getValue()},
                                       options.get()));
  return success();
}

static LogicalResult convertSplitV(tf::SplitVOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("num_splits", int64_t(op.getNumResults()));
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "SPLIT_V", op->getResultTypes(),
                                       {op.getValue(), castToI32(rewriter, op.getSizeSplits()),
                                        castToI32(rewriter, op.getSplitDim())},
                                       options.get()));
  return success();
}

static LogicalResult convertStridedSlice(tf::StridedSliceOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("begin_mask", int64_t(op.getBeginMask()))
      .set("end_mask", int64_t(op.getEndMask()))
      .set("ellipsis_mask", int64_t(op.getEllipsisMask()))
      .set("new_axis_mask", int64_t(op.getNewAxisMask()))
      .set("shrink_axis_mask", int64_t(op.getShrinkAxisMask()));
  rewriter.replaceOp(
      op, createBuiltin(rewriter, op.getLoc(), "STRIDED_SLICE", op.getType(),
                        {op.getInput(), castToI32(rewriter, op.getBegin()),
                         castToI32(rewriter, op.getEnd()), castToI32(rewriter, op.getStrides())},
                        options.get()));
  return success();
}

static LogicalResult createGather(Operation *op, Value params, Value indices, int64_t axis,
                                  int64_t batchDims, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("axis", axis).set("batch_dims", batchDims);
  rewriter.replaceOp(op, createBuiltin(rewriter, op->getLoc(), "GATHER", op->getResultTypes(),
                                       {params, indices}, options.get()));
  return success();
}

static LogicalResult convertGather(tf::GatherOp op, PatternRewriter &rewriter) {
  return createGather(op, op.getParams(), op.getIndices(), 0, 0, rewriter);
}

static LogicalResult convertGatherV2(tf::GatherV2Op op, PatternRewriter &rewriter) {
  std::optional<int64_t> axis = tf::evaluateInt(op.getAxis());
  auto params = dyn_cast<RankedTensorType>(op.getParams().getType());
  auto indices = dyn_cast<RankedTensorType>(op.getIndices().getType());
  if (!axis || !params || !indices)
    return rewriter.notifyMatchFailure(op, "needs known ranks and a constant axis");
  int64_t batchDims = op.getBatchDims();
  return createGather(op, op.getParams(), op.getIndices(),
                      *axis < 0 ? *axis + params.getRank() : *axis,
                      batchDims < 0 ? batchDims + indices.getRank() : batchDims, rewriter);
}

/// The kernel takes indices of int32 alone.
static Value createScatter(OpBuilder &builder, Location loc, Type type, Value indices,
                           Value updates, Value shape) {
  return createBuiltinValue(builder, loc, "SCATTER_ND", type,
                            {castToI32(builder, indices), updates, castToI32(builder, shape)});
}

/// The sizes of a value of known rank, constant where all of them are.
static Value createSizes(OpBuilder &builder, Location loc, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.hasStaticShape())
    return createInts(builder, loc, type.getShape());
  auto sizes = RankedTensorType::get({type.getRank()}, builder.getI32Type());
  return tf::ShapeOp::create(builder, loc, sizes, value, TypeAttr());
}

static LogicalResult convertScatter(tf::ScatterNdOp op, PatternRewriter &rewriter) {
  rewriter.replaceOp(op, createScatter(rewriter, op.getLoc(), op.getType(), op.getIndices(),
                                       op.getUpdates(), op.getShape()));
  return success();
}

/// Updating is scattering the new values over the old ones: where a mask of ones falls.
static LogicalResult convertScatterUpdate(tf::TensorScatterUpdateOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getTensor().getType());
  auto updates = dyn_cast<RankedTensorType>(op.getUpdates().getType());
  if (!type || !updates)
    return rewriter.notifyMatchFailure(op, "needs known ranks");
  Location loc = op.getLoc();
  Type i1 = rewriter.getI1Type(), elementType = type.getElementType();
  if (!isa<FloatType>(elementType) && !elementType.isInteger())
    return rewriter.notifyMatchFailure(op, "needs numbers");
  Value shape = createSizes(rewriter, loc, op.getTensor());
  Value ones = updates.hasStaticShape()
                   ? createConstant(rewriter, loc, DenseElementsAttr::get(updates.clone(i1), true))
                   : createBuiltinValue(rewriter, loc, "FILL", updates.clone(i1),
                                        {createSizes(rewriter, loc, op.getUpdates()),
                                         createScalar(rewriter, loc, i1, 1)});
  Value mask = createScatter(rewriter, loc, type.clone(i1), op.getIndices(), ones, shape);
  Value spread = createScatter(rewriter, loc, type, op.getIndices(), op.getUpdates(), shape);
  rewriter.replaceOp(
      op, createBuiltin(rewriter, loc, "SELECT_V2", type, {mask, spread, op.getTensor()}));
  return success();
}

/// Adding or subtracting at indices: scatter into zeros, which sums what falls together.
template <typename Op>
static LogicalResult convertScatterSum(Op op, PatternRewriter &rewriter, StringRef name) {
  auto type = dyn_cast<RankedTensorType>(op.getTensor().getType());
  if (!type)
    return rewriter.notifyMatchFailure(op, "needs a known rank");
  Value shape = createSizes(rewriter, op.getLoc(), op.getTensor());
  Value spread =
      createScatter(rewriter, op.getLoc(), type, op.getIndices(), op.getUpdates(), shape);
  OperatorOptions options(rewriter);
  options.set("fused_activation_function", "NONE");
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), name, type, {op.getTensor(), spread},
                                       options.get()));
  return success();
}

static LogicalResult convertScatterAdd(tf::TensorScatterAddOp op, PatternRewriter &rewriter) {
  return convertScatterSum(op, rewriter, "ADD");
}

static LogicalResult convertScatterSub(tf::TensorScatterSubOp op, PatternRewriter &rewriter) {
  return convertScatterSum(op, rewriter, "SUB");
}

static LogicalResult convertSparseToDense(tf::SparseToDenseOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("validate_indices", op.getValidateIndices());
  rewriter.replaceOp(op, createBuiltin(rewriter, op.getLoc(), "SPARSE_TO_DENSE", op.getType(),
                                       op->getOperands(), options.get()));
  return success();
}

void tflc::populateSlicePatterns(RewritePatternSet &patterns) {
  addPattern<tf::ConcatV2Op>(patterns, convertConcat);
  addPattern<tf::GatherOp>(patterns, convertGather);
  addPattern<tf::GatherV2Op>(patterns, convertGatherV2);
  addPattern<tf::PackOp>(patterns, convertPack);
  addPattern<tf::SparseToDenseOp>(patterns, convertSparseToDense);
  addPattern<tf::SplitOp>(patterns, convertSplit);
  addPattern<tf::SplitVOp>(patterns, convertSplitV);
  addPattern<tf::StridedSliceOp>(patterns, convertStridedSlice);
  addPattern<tf::TensorScatterAddOp>(patterns, convertScatterAdd);
  addPattern<tf::TensorScatterSubOp>(patterns, convertScatterSub);
  addPattern<tf::TensorScatterUpdateOp>(patterns, convertScatterUpdate);
  addPattern<tf::UnpackOp>(patterns, convertUnpack);
  addPattern<tf::ScatterNdOp>(patterns, convertScatter);
  addRename<tf::GatherNdOp>(patterns, "GATHER_ND");
  addRename<tf::SliceOp>(patterns, "SLICE");
  addRename<tf::WhereOp>(patterns, "WHERE");
  addRename<tf::XlaDynamicUpdateSliceOp>(patterns, "DYNAMIC_UPDATE_SLICE");
}
