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
#include "TF/IR/ShapeOps.h"
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

/// Whether a convolution leaves nothing out and adds nothing.
template <typename Convolution> static bool isPlain(Convolution op) {
  auto isOne = [](int64_t size) { return size == 1; };
  return op->hasOneUse() && op.getPadding() == "VALID" &&
         (op.getDataFormat() == "NHWC" || op.getDataFormat() == "NDHWC") &&
         llvm::all_of(op.getStrides(), isOne) && llvm::all_of(op.getDilations(), isOne);
}

namespace {
/// What stands in place of the blocks.
struct Dilation {
  Shape blocks;
  StringRef padding;
};
} // namespace

/// The dilation that a convolution with `windows` between blocks has.
static std::optional<Dilation> getDilation(SpaceToBatchNDOp start, BatchToSpaceNDOp end,
                                           ArrayRef<int64_t> windows) {
  auto blocks = evaluateAllInts(start.getBlockShape()),
       other = evaluateAllInts(end.getBlockShape());
  auto paddings = evaluateAllInts(start.getPaddings()), crops = evaluateAllInts(end.getCrops());
  if (!blocks || !other || !paddings || !crops || *blocks != *other ||
      windows.size() != blocks->size() || paddings->size() != 2 * blocks->size() ||
      crops->size() != paddings->size())
    return std::nullopt;
  std::optional<StringRef> padding = getPadding(*paddings, *crops, *blocks, windows);
  return padding ? std::optional(Dilation{*blocks, *padding}) : std::nullopt;
}

/// Puts the new convolution, and the bias that comes behind it, in place of the blocks.
static LogicalResult replaceBlocks(BatchToSpaceNDOp end, Value result, Operation *bias,
                                   PatternRewriter &rewriter) {
  if (bias)
    result = AddV2Op::create(rewriter, bias->getLoc(), result, bias->getOperand(1));
  if (!areCompatible({result.getType()}, {end.getType()}))
    return rewriter.notifyMatchFailure(end, "sizes differ");
  rewriter.replaceOp(end, result);
  return success();
}

template <typename Convolution>
static LogicalResult fuse(BatchToSpaceNDOp end, Convolution convolution, Operation *bias,
                          PatternRewriter &rewriter) {
  auto start = convolution.getInput().template getDefiningOp<SpaceToBatchNDOp>();
  std::optional<Shape> filter = getShape(convolution.getFilter());
  std::optional<Shape> input = start ? getShape(start.getInput()) : std::nullopt;
  if (!filter || !input || input->size() != filter->size() || !isPlain(convolution))
    return rewriter.notifyMatchFailure(end, "no plain convolution between blocks");
  std::optional<Dilation> dilation = getDilation(start, end, ArrayRef(*filter).drop_back(2));
  if (!dilation)
    return rewriter.notifyMatchFailure(end, "no blocks that convolutions can say");
  Shape dilations = {1};
  llvm::append_range(dilations, dilation->blocks);
  dilations.push_back(1);
  rewriter.setInsertionPoint(end);
  Value result = convolve(convolution, start.getInput(), dilation->padding, dilations, rewriter);
  return replaceBlocks(end, result, bias, rewriter);
}

/// A convolution of lines, which are pictures for its sake alone. The blocks are those of lines.
static LogicalResult fuseLine(BatchToSpaceNDOp end, SqueezeOp squeeze, Operation *bias,
                              PatternRewriter &rewriter) {
  auto convolution = squeeze.getInput().getDefiningOp<Conv2DOp>();
  auto expand = convolution ? convolution.getInput().getDefiningOp<ExpandDimsOp>() : ExpandDimsOp();
  auto start = expand ? expand.getInput().getDefiningOp<SpaceToBatchNDOp>() : SpaceToBatchNDOp();
  std::optional<int64_t> dim = start ? evaluateInt(expand.getDim()) : std::nullopt;
  std::optional<Shape> filter = convolution ? getShape(convolution.getFilter()) : std::nullopt;
  auto fromFront = [](int64_t axis) { return axis < 0 ? axis + 4 : axis; };
  if (!dim || !filter || squeeze.getSqueezeDims().size() != 1 ||
      fromFront(*dim) != fromFront(squeeze.getSqueezeDims().front()) || !isPlain(convolution))
    return rewriter.notifyMatchFailure(end, "no convolution of lines");
  // The dimension that is added is that of the rows or of the columns.
  bool isRow = fromFront(*dim) == 1;
  if ((!isRow && fromFront(*dim) != 2) || (*filter)[isRow ? 0 : 1] != 1)
    return rewriter.notifyMatchFailure(end, "the window has two dimensions");
  std::optional<Dilation> dilation = getDilation(start, end, (*filter)[isRow ? 1 : 0]);
  if (!dilation)
    return rewriter.notifyMatchFailure(end, "no blocks that convolutions can say");
  Shape dilations(4, 1);
  dilations[isRow ? 2 : 1] = dilation->blocks.front();
  rewriter.setInsertionPoint(end);
  Value picture =
      ExpandDimsOp::create(rewriter, expand.getLoc(), start.getInput(), expand.getDim());
  Value result = convolve(convolution, picture, dilation->padding, dilations, rewriter);
  result = SqueezeOp::create(rewriter, squeeze.getLoc(), result, squeeze.getSqueezeDims());
  return replaceBlocks(end, result, bias, rewriter);
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
  if (auto squeeze = dyn_cast_or_null<SqueezeOp>(source))
    return fuseLine(op, squeeze, bias, rewriter);
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
