//===- Scan.cpp - lowering of the scan family -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "Utils.h"

#include "TFL/IR/ScanOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

/// A reduction that also stores what it has added up so far.
struct ConvertCumsum : OpConversionPattern<tfl::CumsumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::CumsumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    std::optional<int64_t> known = tfl::evaluateInt(op.getAxis());
    if (!known)
      return rewriter.notifyMatchFailure(op, "the axis is not constant");
    Location loc = op.getLoc();
    int64_t rank = op.getInput().getType().getRank();
    int64_t axis = *known < 0 ? *known + rank : *known;
    SmallVector<bool> isReversed(rank, false);
    isReversed[axis] = true;
    Value input = adaptor.getInput();
    if (op.getReverse())
      input = reverse(rewriter, loc, input, isReversed);
    Value result = addUp(rewriter, loc, input, axis, op.getExclusive());
    if (op.getReverse())
      result = reverse(rewriter, loc, result, isReversed);
    rewriter.replaceOp(
        op, castTo(rewriter, loc, result, getTypeConverter()->convertType(op.getType())));
    return success();
  }

private:
  static Value addUp(OpBuilder &builder, Location loc, Value input, int64_t axis,
                     bool isExclusive) {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
    Type element = getElementType(input);
    Value sums = createEmpty(builder, loc, sizes, element);
    AffineMap whole = builder.getMultiDimIdentityMap(sizes.size());
    SmallVector<utils::IteratorType> iterators(sizes.size(), utils::IteratorType::parallel);
    iterators[axis] = utils::IteratorType::reduction;
    sizes.erase(sizes.begin() + axis);
    Value init = createFilled(builder, loc, sizes, createZero(builder, loc, element));
    auto generic = linalg::GenericOp::create(
        builder, loc, TypeRange{init.getType(), sums.getType()}, input, ValueRange{init, sums},
        ArrayRef<AffineMap>{whole, whole.dropResult(axis), whole}, iterators,
        [&](OpBuilder &inner, Location at, ValueRange args) {
          ScalarBuilder b(inner, at);
          Value sum = b.add(args[1], args[0]);
          linalg::YieldOp::create(inner, at, ValueRange{sum, isExclusive ? args[1] : sum});
        });
    return generic.getResult(1);
  }
};

} // namespace

void tflc::populateScanPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertCumsum>(converter, patterns.getContext());
}
