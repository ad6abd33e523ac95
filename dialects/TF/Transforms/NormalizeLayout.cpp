//===- NormalizeLayout.cpp - channels last --------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/NormalizationOps.h"
#include "TF/IR/PoolingOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/SliceOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_NORMALIZELAYOUTPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// The dimensions of an image or volume of `rank`, in the order that has the channels last.
static Shape getOrder(int64_t rank) {
  Shape order = {0};
  for (int64_t dim = 2; dim < rank; ++dim)
    order.push_back(dim);
  order.push_back(1);
  return order;
}

static Shape invert(ArrayRef<int64_t> order) {
  Shape inverse(order.size());
  for (auto [to, from] : llvm::enumerate(order))
    inverse[from] = to;
  return inverse;
}

static Value permute(Value value, ArrayRef<int64_t> order, PatternRewriter &rewriter) {
  return TransposeOp::create(rewriter, value.getLoc(), value,
                             makeVector(rewriter, value.getLoc(), order));
}

/// Entries of an attribute, `width` numbers for each dimension.
static DenseI64ArrayAttr permute(DenseI64ArrayAttr entries, ArrayRef<int64_t> order, unsigned width,
                                 PatternRewriter &rewriter) {
  if (entries.size() != int64_t(order.size() * width))
    return entries;
  Shape permuted;
  for (int64_t dim : order)
    llvm::append_range(permuted, entries.asArrayRef().slice(dim * width, width));
  return rewriter.getDenseI64ArrayAttr(permuted);
}

/// Rebuilds an op with the channels last. Operand `image` and the first result have the layout.
static LogicalResult normalize(Operation *op, unsigned image, PatternRewriter &rewriter) {
  auto format = op->getAttrOfType<StringAttr>("data_format");
  auto type = dyn_cast<RankedTensorType>(op->getOperand(image).getType());
  if (!format || !type || !format.getValue().starts_with("NC") || type.getRank() < 3)
    return rewriter.notifyMatchFailure(op, "the channels come last, or the rank is unknown");
  Shape order = getOrder(type.getRank());
  Operation *last = rewriter.clone(*op);
  rewriter.modifyOpInPlace(last, [&] {
    rewriter.setInsertionPoint(last);
    last->setOperand(image, permute(op->getOperand(image), order, rewriter));
    last->setAttr("data_format", rewriter.getStringAttr(type.getRank() == 5 ? "NDHWC" : "NHWC"));
    for (StringRef name : {"strides", "dilations", "ksize"})
      if (auto entries = op->getAttrOfType<DenseI64ArrayAttr>(name))
        last->setAttr(name, permute(entries, order, 1, rewriter));
    if (auto entries = op->getAttrOfType<DenseI64ArrayAttr>("explicit_paddings"))
      last->setAttr("explicit_paddings", permute(entries, order, 2, rewriter));
    Value result = last->getResult(0);
    auto old = cast<TensorType>(result.getType());
    Shape sizes;
    if (old.hasRank()) {
      for (int64_t dim : order)
        sizes.push_back(old.getDimSize(dim));
      result.setType(RankedTensorType::get(sizes, old.getElementType()));
    }
  });
  rewriter.setInsertionPointAfter(last);
  SmallVector<Value> results(last->getResults());
  results[0] = permute(results[0], invert(order), rewriter);
  rewriter.replaceOp(op, results);
  return success();
}

template <typename Op> static LogicalResult normalizeFirst(Op op, PatternRewriter &rewriter) {
  return normalize(op, 0, rewriter);
}

/// A batch norm that computes the statistics is taken apart as it stands.
template <typename Op> static LogicalResult normalizeNorm(Op op, PatternRewriter &rewriter) {
  if (op.getIsTraining())
    return rewriter.notifyMatchFailure(op, "computes statistics");
  return normalize(op, 0, rewriter);
}

/// Transposed convolutions are given the shape of their result, too.
template <typename Op> static LogicalResult normalizeTransposed(Op op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getOutBackprop().getType());
  if (!type || !op.getDataFormat().starts_with("NC") || type.getRank() < 4)
    return rewriter.notifyMatchFailure(op, "the channels come last, or the rank is unknown");
  auto indices = makeVector(rewriter, op.getLoc(), getOrder(type.getRank()));
  auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
  Value axis = ConstOp::create(rewriter, op.getLoc(), makeIntegers(scalar, int64_t(0)));
  Value sizes =
      rewriter.createOrFold<GatherV2Op>(op.getLoc(), op.getInputSizes(), indices, axis, 0);
  rewriter.modifyOpInPlace(op, [&] { op.getInputSizesMutable().assign(sizes); });
  return normalize(op, 2, rewriter);
}

namespace {

class NormalizeLayout : public tflc::tf::impl::NormalizeLayoutPassBase<NormalizeLayout> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<AvgPoolOp>(patterns, normalizeFirst<AvgPoolOp>);
    addPattern<BiasAddOp>(patterns, normalizeFirst<BiasAddOp>);
    addPattern<Conv2DBackpropInputOp>(patterns, normalizeTransposed<Conv2DBackpropInputOp>);
    addPattern<Conv2DOp>(patterns, normalizeFirst<Conv2DOp>);
    addPattern<Conv3DBackpropInputV2Op>(patterns, normalizeTransposed<Conv3DBackpropInputV2Op>);
    addPattern<Conv3DOp>(patterns, normalizeFirst<Conv3DOp>);
    addPattern<DepthToSpaceOp>(patterns, normalizeFirst<DepthToSpaceOp>);
    addPattern<DepthwiseConv2dNativeOp>(patterns, normalizeFirst<DepthwiseConv2dNativeOp>);
    addPattern<FusedBatchNormOp>(patterns, normalizeNorm<FusedBatchNormOp>);
    addPattern<FusedBatchNormV2Op>(patterns, normalizeNorm<FusedBatchNormV2Op>);
    addPattern<FusedBatchNormV3Op>(patterns, normalizeNorm<FusedBatchNormV3Op>);
    addPattern<MaxPoolOp>(patterns, normalizeFirst<MaxPoolOp>);
    addPattern<SpaceToDepthOp>(patterns, normalizeFirst<SpaceToDepthOp>);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
