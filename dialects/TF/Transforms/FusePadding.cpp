//===- FusePadding.cpp - paddings ahead of windows ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FUSEPADDINGPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// Whether SAME adds `before` and `after` zeros to `size` elements. With a stride the amount
/// depends on the size, which then must be known.
static bool isSame(int64_t before, int64_t after, int64_t size, int64_t window, int64_t stride,
                   int64_t dilation) {
  int64_t extent = (window - 1) * dilation + 1, total = extent - 1;
  if (stride != 1) {
    if (ShapedType::isDynamic(size))
      return false;
    int64_t places = (size + stride - 1) / stride;
    total = std::max<int64_t>((places - 1) * stride + extent - size, 0);
  }
  return before == total / 2 && after == total - total / 2;
}

/// Whether `amounts`, a pair for each dimension of the input, are what SAME adds.
template <typename Op> static bool isSame(Op op, Value input, ArrayRef<int64_t> amounts) {
  std::optional<Shape> sizes = getShape(input), filter = getShape(op.getFilter());
  if (op.getDataFormat() != "NHWC" || !sizes || sizes->size() != 4 || !filter ||
      filter->size() != 4 || amounts.size() != 8 || op.getStrides().size() != 4 ||
      amounts[0] != 0 || amounts[1] != 0 || amounts[6] != 0 || amounts[7] != 0)
    return false;
  for (unsigned dim : {1, 2}) {
    int64_t window = (*filter)[dim - 1];
    int64_t dilation = op.getDilations().empty() ? 1 : op.getDilations()[dim];
    if (ShapedType::isDynamic(window) ||
        !isSame(amounts[2 * dim], amounts[2 * dim + 1], (*sizes)[dim], window, op.getStrides()[dim],
                dilation))
      return false;
  }
  return true;
}

template <typename Op> static void setSame(Op op, Value input, PatternRewriter &rewriter) {
  rewriter.modifyOpInPlace(op, [&] {
    op.getInputMutable().assign(input);
    op.setPadding("SAME");
    op.setExplicitPaddings({});
  });
}

/// PAD and then VALID.
template <typename Op> static LogicalResult fusePad(Op op, PatternRewriter &rewriter) {
  auto pad = op.getInput().template getDefiningOp<PadOp>();
  std::optional<SmallVector<int64_t>> amounts =
      pad ? evaluateAllInts(pad.getPaddings()) : std::nullopt;
  if (!amounts || op.getPadding() != "VALID" || !isSame(op, pad.getInput(), *amounts))
    return rewriter.notifyMatchFailure(op, "no padding that SAME would add");
  setSame(op, pad.getInput(), rewriter);
  return success();
}

template <typename Op> static LogicalResult nameExplicit(Op op, PatternRewriter &rewriter) {
  if (op.getPadding() != "EXPLICIT" || !isSame(op, op.getInput(), op.getExplicitPaddings()))
    return rewriter.notifyMatchFailure(op, "no padding that SAME would add");
  setSame(op, op.getInput(), rewriter);
  return success();
}

namespace {

class FusePadding : public tflc::tf::impl::FusePaddingPassBase<FusePadding> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<Conv2DOp>(patterns, fusePad<Conv2DOp>);
    addPattern<Conv2DOp>(patterns, nameExplicit<Conv2DOp>);
    addPattern<DepthwiseConv2dNativeOp>(patterns, fusePad<DepthwiseConv2dNativeOp>);
    addPattern<DepthwiseConv2dNativeOp>(patterns, nameExplicit<DepthwiseConv2dNativeOp>);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
