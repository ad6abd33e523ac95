//===- FuseDilation.cpp - dilated convolutions ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/PoolingOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FUSEDILATIONPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// The padding of a dilated convolution that takes the place of blocks: what SpaceToBatchND adds
/// beyond whole blocks and BatchToSpaceND crops again belongs to the blocks.
static std::optional<StringRef> getPadding(ArrayRef<int64_t> paddings, ArrayRef<int64_t> crops,
                                           ArrayRef<int64_t> blocks, ArrayRef<int64_t> windows) {
  bool isValid = true, isSame = true;
  for (unsigned i = 0; i < blocks.size(); ++i) {
    int64_t before = paddings[2 * i], after = paddings[2 * i + 1];
    int64_t cropBefore = crops[2 * i], cropAfter = crops[2 * i + 1];
    int64_t extent = (windows[i] - 1) * blocks[i];
    if (cropBefore != 0)
      return std::nullopt;
    int64_t net = after - cropAfter;
    isValid &= before == 0 && net == 0;
    isSame &= before == extent / 2 && net == extent - extent / 2;
  }
  return isValid  ? std::optional<StringRef>("VALID")
         : isSame ? std::optional<StringRef>("SAME")
                  : std::nullopt;
}

static Value convolve(Conv3DOp op, Value input, StringRef padding, ArrayRef<int64_t> dilations,
                      PatternRewriter &rewriter) {
  return Conv3DOp::create(rewriter, op.getLoc(), input, op.getFilter(), op.getStrides(), padding,
                          "NDHWC", dilations);
}

template <typename Convolution>
static Value convolve(Convolution op, Value input, StringRef padding, ArrayRef<int64_t> dilations,
                      PatternRewriter &rewriter) {
  return Convolution::create(rewriter, op.getLoc(), input, op.getFilter(), op.getStrides(), padding,
                             ArrayRef<int64_t>(), "NHWC", dilations);
}

template <typename Convolution>
static LogicalResult fuse(BatchToSpaceNDOp end, Convolution convolution, Operation *bias,
                          PatternRewriter &rewriter) {
  auto start = convolution.getInput().template getDefiningOp<SpaceToBatchNDOp>();
  if (!start || !convolution->hasOneUse() || convolution.getPadding() != "VALID" ||
      (convolution.getDataFormat() != "NHWC" && convolution.getDataFormat() != "NDHWC") ||
      llvm::any_of(convolution.getStrides(), [](int64_t stride) { return stride != 1; }) ||
      llvm::any_of(convolution.getDilations(), [](int64_t dilation) { return dilation != 1; }))
    return rewriter.notifyMatchFailure(end, "no plain convolution between blocks");
  auto blocks = evaluateAllInts(start.getBlockShape()),
       other = evaluateAllInts(end.getBlockShape());
  auto paddings = evaluateAllInts(start.getPaddings()), crops = evaluateAllInts(end.getCrops());
  std::optional<Shape> filter = getShape(convolution.getFilter()),
                       input = getShape(start.getInput());
  if (!blocks || !other || !paddings || !crops || !filter || !input || *blocks != *other ||
      filter->size() != blocks->size() + 2 || input->size() != filter->size() ||
      paddings->size() != 2 * blocks->size() || crops->size() != paddings->size())
    return rewriter.notifyMatchFailure(end, "blocks differ or are not known");
  std::optional<StringRef> padding = getPadding(*paddings, *crops, *blocks, *filter);
  if (!padding)
    return rewriter.notifyMatchFailure(end, "a padding that convolutions cannot say");
  Shape dilations = {1};
  llvm::append_range(dilations, *blocks);
  dilations.push_back(1);
  rewriter.setInsertionPoint(end);
  Value result = convolve(convolution, start.getInput(), *padding, dilations, rewriter);
  if (bias) {
    Value vector = bias->getOperand(1);
    result = AddV2Op::create(rewriter, bias->getLoc(), result, vector);
  }
  if (!areCompatible({result.getType()}, {end.getType()}))
    return rewriter.notifyMatchFailure(end, "sizes differ");
  rewriter.replaceOp(end, result);
  return success();
}

static LogicalResult fuseDilation(BatchToSpaceNDOp op, PatternRewriter &rewriter) {
  Operation *source = op.getInput().getDefiningOp(), *bias = nullptr;
  if (source && isa<BiasAddOp, AddV2Op>(source) && source->hasOneUse()) {
    DenseElementsAttr vector = getConstant(source->getOperand(1));
    if (!vector || vector.getType().getRank() != 1)
      return rewriter.notifyMatchFailure(op, "an addition that is no bias");
    bias = source;
    source = source->getOperand(0).getDefiningOp();
  }
  if (auto convolution = dyn_cast_or_null<Conv2DOp>(source))
    return fuse(op, convolution, bias, rewriter);
  if (auto convolution = dyn_cast_or_null<DepthwiseConv2dNativeOp>(source))
    return fuse(op, convolution, bias, rewriter);
  if (auto convolution = dyn_cast_or_null<Conv3DOp>(source))
    return fuse(op, convolution, bias, rewriter);
  return rewriter.notifyMatchFailure(op, "no convolution before it");
}

namespace {

class FuseDilation : public tflc::tf::impl::FuseDilationPassBase<FuseDilation> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<BatchToSpaceNDOp>(patterns, fuseDilation);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
