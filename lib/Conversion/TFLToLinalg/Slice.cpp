//===- Slice.cpp - lowering of the slice family ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "IndexMath.h"
#include "Loops.h"
#include "PopulatePatterns.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/SliceItems.h"
#include "TFL/IR/SliceOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

struct ConvertSlice : OpConversionPattern<tfl::SliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SliceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, loc);
    SizeChecks checks(rewriter, loc);
    SmallVector<OpFoldResult> offsets, sizes;
    Value input = adaptor.getInput();
    for (auto [i, whole] : llvm::enumerate(tensor::getMixedSizes(rewriter, loc, input))) {
      OpFoldResult begin = math.getElement(op.getBegin(), adaptor.getBegin(), i);
      begin = checks.requireAtLeast(begin, 0);
      OpFoldResult size = math.get(type.getDimSize(i));
      if (type.isDynamicDim(i)) {
        begin = checks.requireAtMost(begin, whole);
        size = math.getElement(op.getSize(), adaptor.getSize(), i);
        size = getSize(math, checks, size, math.sub(whole, begin));
      } else {
        begin = checks.requireAtMost(begin, math.sub(whole, size));
      }
      offsets.push_back(begin);
      sizes.push_back(size);
    }
    checks.finish(TFLC_INDEX_OUT_OF_RANGE);
    Value slice = sliceTensor(rewriter, loc, input, offsets, sizes);
    rewriter.replaceOp(op, castTo(rewriter, loc, slice, type));
    return success();
  }

private:
  /// The size that is given, or all of the `rest` that is left where that is -1.
  static OpFoldResult getSize(IndexMath &math, SizeChecks &checks, OpFoldResult given,
                              OpFoldResult rest) {
    if (getConstantIntValue(given) == -1)
      return rest;
    if (isa<Value>(given))
      given = math.wrap(checks.requireAtLeast(given, -1), math.add(rest, math.get(1)));
    return checks.requireAtMost(given, rest);
  }
};

struct ConvertStridedSlice : OpConversionPattern<tfl::StridedSliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::StridedSliceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    std::optional<SmallVector<tfl::SliceItem>> items = tfl::getSliceItems(op);
    if (!items)
      return rewriter.notifyMatchFailure(op, "the number of entries is unknown");
    IndexMath math(rewriter, loc);
    ScalarBuilder b(rewriter, loc);
    Value input = adaptor.getInput();
    SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(rewriter, loc, input);
    SizeChecks checks(rewriter, loc);
    SmallVector<OpFoldResult> begins, sizes, strides, resultSizes;
    bool hasFedStride = !tfl::evaluateAllInts(op.getStrides());
    for (const tfl::SliceItem &item : *items) {
      if (item.kind == tfl::SliceItem::Kind::NewAxis) {
        resultSizes.push_back(math.get(1));
        continue;
      }
      OpFoldResult stride = math.get(1);
      if (item.entry)
        stride = math.getElement(op.getStrides(), adaptor.getStrides(), *item.entry);
      if (!getConstantIntValue(stride)) {
        checks.reject(
            b.compare(arith::CmpIPredicate::eq, math.getValue(stride), math.getValue(math.get(0))));
        // Longer steps leave every dimension, too, and their negative is a number.
        constexpr int64_t longest = std::numeric_limits<int32_t>::max();
        stride = math.clamp(stride, math.get(-longest), math.get(longest));
      }
      OpFoldResult size = inputSizes[*item.dim];
      if (hasFedStride && item.kind == tfl::SliceItem::Kind::Index)
        checks.requireAtLeast(size, 1);
      auto [first, count] = getRange(op, adaptor, item, stride, size, math, b);
      begins.push_back(first);
      sizes.push_back(count);
      strides.push_back(stride);
      if (item.kind == tfl::SliceItem::Kind::Range)
        resultSizes.push_back(count);
    }
    checks.finish();
    Value slice = hasFedStride ? gather(rewriter, loc, input, begins, sizes, strides)
                               : extract(rewriter, loc, input, begins, sizes, strides);
    auto [shape, dynamicSizes] = decomposeMixedValues(resultSizes);
    auto reshaped = cast<RankedTensorType>(type.clone(ArrayRef<int64_t>(shape)));
    if (slice.getType() != reshaped)
      slice = reshapeTo(rewriter, loc, slice, reshaped, resultSizes);
    rewriter.replaceOp(op, castTo(rewriter, loc, slice, type));
    return success();
  }

private:
  /// What is chosen where a stride goes forwards, or where it goes backwards.
  static OpFoldResult choose(IndexMath &math, ScalarBuilder &b, OpFoldResult stride,
                             OpFoldResult forwards, OpFoldResult backwards) {
    if (std::optional<int64_t> known = getConstantIntValue(stride))
      return *known > 0 ? forwards : backwards;
    Value isForwards =
        b.compare(arith::CmpIPredicate::sgt, math.getValue(stride), math.getValue(math.get(0)));
    return b.select(isForwards, math.getValue(forwards), math.getValue(backwards));
  }

  /// Elements at known distances.
  static Value extract(OpBuilder &builder, Location loc, Value input, ArrayRef<OpFoldResult> begins,
                       ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides) {
    IndexMath math(builder, loc);
    SmallVector<OpFoldResult> offsets, steps;
    SmallVector<bool> isReversed;
    for (auto [first, count, signedStride] : llvm::zip_equal(begins, sizes, strides)) {
      // Backwards: the same elements forwards from the last one, then reversed.
      int64_t stride = *getConstantIntValue(signedStride), step = std::abs(stride);
      OpFoldResult offset = first;
      if (stride < 0)
        offset = math.sub(first, math.mul(math.sub(count, math.get(1)), math.get(step)));
      if (getConstantIntValue(count) == 0)
        offset = math.get(0);
      offsets.push_back(offset);
      steps.push_back(math.get(step));
      isReversed.push_back(stride < 0 && getConstantIntValue(count) != 1);
    }
    Value slice = tensor::ExtractSliceOp::create(builder, loc, input, offsets, sizes, steps);
    if (llvm::is_contained(isReversed, true))
      slice = reverse(builder, loc, slice, isReversed);
    return slice;
  }

  /// Elements at any distances, forwards or backwards.
  static Value gather(OpBuilder &builder, Location loc, Value input, ArrayRef<OpFoldResult> begins,
                      ArrayRef<OpFoldResult> sizes, ArrayRef<OpFoldResult> strides) {
    IndexMath math(builder, loc);
    SmallVector<Value> offsets, steps;
    for (auto [first, stride] : llvm::zip_equal(begins, strides)) {
      offsets.push_back(math.getValue(first));
      steps.push_back(math.getValue(stride));
    }
    return gatherElements(
        builder, loc, input, sizes, [&](OpBuilder &nested, Location at, ValueRange indices) {
          ScalarBuilder b(nested, at);
          SmallVector<Value> places;
          for (auto [offset, step, index] : llvm::zip_equal(offsets, steps, indices))
            places.push_back(b.add(offset, b.mul(index, step)));
          return places;
        });
  }

  /// The place of the first element and their number.
  std::pair<OpFoldResult, OpFoldResult> getRange(tfl::StridedSliceOp op, OpAdaptor adaptor,
                                                 const tfl::SliceItem &item, OpFoldResult stride,
                                                 OpFoldResult size, IndexMath &math,
                                                 ScalarBuilder &b) const {
    OpFoldResult zero = math.get(0), one = math.get(1);
    if (!item.entry)
      return {zero, size};
    OpFoldResult lowest = choose(math, b, stride, zero, math.get(-1));
    OpFoldResult highest = choose(math, b, stride, size, math.sub(size, one));
    OpFoldResult first = choose(math, b, stride, lowest, highest);
    OpFoldResult last = choose(math, b, stride, highest, lowest);
    if (item.hasBegin) {
      OpFoldResult begin = math.getElement(op.getBegin(), adaptor.getBegin(), *item.entry);
      first = math.clamp(math.wrap(begin, size), lowest, highest);
    }
    if (item.kind == tfl::SliceItem::Kind::Index)
      return {math.clamp(first, zero, math.sub(size, one)), one};
    if (item.hasEnd) {
      OpFoldResult end = math.getElement(op.getEnd(), adaptor.getEnd(), *item.entry);
      end = op.getOffset() ? math.add(first, end) : math.wrap(end, size);
      last = math.clamp(end, lowest, highest);
    }
    OpFoldResult distance = choose(math, b, stride, math.sub(last, first), math.sub(first, last));
    OpFoldResult step = choose(math, b, stride, stride, math.sub(zero, stride));
    OpFoldResult count = math.ceilDiv(math.max(distance, zero), math.max(step, one));
    // Of different elements, which bounds the memory of the result.
    if (!getConstantIntValue(stride))
      count = createSize(b, math.getValue(count), math.getValue(size));
    return {first, count};
  }
};

} // namespace

void tflc::populateSlicePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertSlice, ConvertStridedSlice>(converter, patterns.getContext());
}
