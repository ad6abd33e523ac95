//===- Pad.cpp - lowering of the pad family -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "TFL/IR/PadOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

/// The padding before and after each dimension. What comes from data is not negative, and so small
/// that sums do not overflow on any machine; more than fits in memory it can still be.
template <typename Op, typename Adaptor>
std::pair<SmallVector<OpFoldResult>, SmallVector<OpFoldResult>>
getPaddings(Op op, Adaptor adaptor, IndexMath &math, SizeChecks &checks) {
  SmallVector<OpFoldResult> low, high;
  auto get = [&](int64_t index) {
    OpFoldResult size = math.getElement(op.getPaddings(), adaptor.getPaddings(), index);
    constexpr int64_t most = 1 << 29;
    return checks.requireAtMost(checks.requireAtLeast(size, 0), math.get(most));
  };
  for (int64_t i = 0, e = op.getInput().getType().getRank(); i < e; ++i) {
    low.push_back(get(2 * i));
    high.push_back(get(2 * i + 1));
  }
  return {low, high};
}

template <typename Op> struct ConvertPad : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = this->getTypeConverter()->template convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, loc);
    SizeChecks checks(rewriter, loc);
    auto [low, high] = getPaddings(op, adaptor, math, checks);
    checks.finish();
    Value element = getPaddingElement(rewriter, op, adaptor, type.getElementType());
    Value padded = padTensor(rewriter, loc, adaptor.getInput(), low, high, element);
    rewriter.replaceOp(op, castTo(rewriter, loc, padded, type));
    return success();
  }

  static Value getPaddingElement(OpBuilder &builder, tfl::PadOp op, tfl::PadOp::Adaptor,
                                 Type type) {
    return createRealZero(builder, op.getLoc(), op.getType(), type);
  }
  static Value getPaddingElement(OpBuilder &builder, tfl::PadV2Op op, tfl::PadV2Op::Adaptor adaptor,
                                 Type type) {
    // A constant element as a scalar constant: users look for one.
    if (DenseElementsAttr known = matchConstant(op.getConstantValues())) {
      DenseElementsAttr stored =
          convertElements(known, op.getConstantValues().getType().getElementType());
      if (stored.getElementType() == type)
        return arith::ConstantOp::create(builder, op.getLoc(),
                                         cast<TypedAttr>(*stored.getValues<Attribute>().begin()));
    }
    return getOnlyElement(builder, op.getLoc(), adaptor.getConstantValues());
  }
};

struct ConvertMirrorPad : OpConversionPattern<tfl::MirrorPadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::MirrorPadOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput();
    IndexMath math(rewriter, loc);
    SizeChecks checks(rewriter, loc);
    auto [low, high] = getPaddings(op, adaptor, math, checks);
    SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(rewriter, loc, input), sizes;
    // The border's own place: element -1 is element 1 with REFLECT, element 0 with SYMMETRIC.
    int64_t shift = op.getMode() == "REFLECT" ? 0 : 1;
    SmallVector<Value> first, turn, last;
    SmallVector<bool> isPadded;
    for (auto [before, size, after] : llvm::zip(low, inputSizes, high)) {
      // No more than there is to mirror.
      OpFoldResult most = math.max(math.sub(size, math.get(1 - shift)), math.get(0));
      before = checks.requireAtMost(before, most);
      after = checks.requireAtMost(after, most);
      sizes.push_back(math.add(math.add(before, size), after));
      isPadded.push_back(!isZeroInteger(before) || !isZeroInteger(after));
      first.push_back(math.getValue(before));
      last.push_back(math.getValue(math.sub(size, math.get(1))));
      turn.push_back(math.getValue(math.sub(math.mul(size, math.get(2)), math.get(2 - shift))));
    }
    checks.finish();
    Value zero = math.getValue(math.get(0)), offset = math.getValue(math.get(shift));
    auto reflect = [&](OpBuilder &b, Location l, ValueRange place) {
      SmallVector<Value> indices(place);
      for (size_t i = 0; i < indices.size(); ++i) {
        if (!isPadded[i])
          continue;
        Value at = arith::SubIOp::create(b, l, indices[i], first[i]);
        Value isBefore = arith::CmpIOp::create(b, l, arith::CmpIPredicate::slt, at, zero);
        Value negated = arith::SubIOp::create(b, l, zero, at);
        negated = arith::SubIOp::create(b, l, negated, offset);
        at = arith::SelectOp::create(b, l, isBefore, negated, at);
        Value isAfter = arith::CmpIOp::create(b, l, arith::CmpIPredicate::sgt, at, last[i]);
        Value mirrored = arith::SubIOp::create(b, l, turn[i], at);
        indices[i] = arith::SelectOp::create(b, l, isAfter, mirrored, at);
      }
      return indices;
    };
    Value padded = gatherElements(rewriter, loc, input, sizes, reflect);
    rewriter.replaceOp(op, castTo(rewriter, loc, padded, type));
    return success();
  }
};

/// The elements of `input`, `step` places apart, in a tensor of `sizes` that holds `element`
/// elsewhere, the first one at `first`.
Value spread(OpBuilder &builder, Location loc, Value input, ArrayRef<OpFoldResult> sizes,
             ArrayRef<OpFoldResult> first, ArrayRef<OpFoldResult> steps, Value element) {
  Value filled = createFilled(builder, loc, sizes, element);
  // An empty slice of an empty tensor would begin outside of it.
  if (llvm::is_contained(cast<RankedTensorType>(input.getType()).getShape(), 0))
    return filled;
  return tensor::InsertSliceOp::create(builder, loc, input, filled, first,
                                       tensor::getMixedSizes(builder, loc, input), steps);
}

/// The size of a dimension with `step - 1` elements between neighbours.
OpFoldResult getSpreadSize(IndexMath &math, OpFoldResult size, OpFoldResult step) {
  OpFoldResult gaps = math.max(math.sub(size, math.get(1)), math.get(0));
  return math.add(size, math.mul(gaps, math.sub(step, math.get(1))));
}

struct ConvertDilate : OpConversionPattern<tfl::DilateOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::DilateOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    SmallVector<OpFoldResult> steps, first(sizes.size(), math.get(0));
    SizeChecks checks(rewriter, loc);
    for (auto [i, size] : llvm::enumerate(sizes)) {
      OpFoldResult step = math.getElement(op.getDilations(), adaptor.getDilations(), i);
      steps.push_back(checks.requireAtLeast(step, 1));
      size = getSpreadSize(math, size, steps.back());
    }
    checks.finish();
    Value result = spread(rewriter, loc, adaptor.getInput(), sizes, first, steps,
                          getOnlyElement(rewriter, loc, adaptor.getPaddingValue()));
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertStablehloPad : OpConversionPattern<tfl::StablehloPadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::StablehloPadOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value element = getOnlyElement(rewriter, loc, adaptor.getPaddingValue());
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> from = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    SmallVector<OpFoldResult> sizes, first, steps, skipped, kept;
    for (auto [size, low, high, between] : llvm::zip_equal(
             from, op.getEdgePaddingLow(), op.getEdgePaddingHigh(), op.getInteriorPadding())) {
      OpFoldResult spreadSize = getSpreadSize(math, size, math.get(between + 1));
      int64_t before = std::max<int64_t>(low, 0), after = std::max<int64_t>(high, 0);
      first.push_back(math.get(before));
      steps.push_back(math.get(between + 1));
      sizes.push_back(math.add(spreadSize, math.get(before + after)));
      skipped.push_back(math.get(before - low));
      kept.push_back(math.max(math.add(spreadSize, math.get(low + high)), math.get(0)));
    }
    Value result;
    if (type.hasStaticShape() && type.getNumElements() == 0) {
      result = createFilled(rewriter, loc, getAsIndexOpFoldResult(getContext(), type.getShape()),
                            element);
    } else {
      result = spread(rewriter, loc, adaptor.getInput(), sizes, first, steps, element);
      if (kept != sizes)
        result = sliceTensor(rewriter, loc, result, skipped, kept);
    }
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

} // namespace

void tflc::populatePadPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertPad<tfl::PadOp>, ConvertPad<tfl::PadV2Op>, ConvertMirrorPad, ConvertDilate,
               ConvertStablehloPad>(converter, patterns.getContext());
}
