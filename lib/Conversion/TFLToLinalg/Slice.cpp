//===- Slice.cpp - lowering of the slice family ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "Guard.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
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
    SmallVector<OpFoldResult> offsets, sizes;
    Value input = adaptor.getInput();
    SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(rewriter, loc, input);
    for (auto [i, inputSize] : llvm::enumerate(inputSizes)) {
      OpFoldResult begin = math.getElement(op.getBegin(), adaptor.getBegin(), i);
      if (type.isDynamicDim(i)) {
        // A size that depends on them keeps the bounds inside of the tensor.
        begin = math.clamp(begin, math.get(0), inputSize);
        OpFoldResult size = math.getElement(op.getSize(), adaptor.getSize(), i);
        OpFoldResult rest = math.sub(inputSize, begin);
        if (getConstantIntValue(size) == -1)
          size = rest;
        else if (isa<Value>(size))
          size = math.clamp(math.wrap(size, math.add(rest, math.get(1))), math.get(0), rest);
        sizes.push_back(size);
      } else {
        sizes.push_back(math.get(type.getDimSize(i)));
        if (isa<Value>(begin) || isa<Value>(inputSize))
          input = guardBegin(rewriter, loc, input, begin, math.sub(inputSize, sizes.back()));
      }
      offsets.push_back(begin);
    }
    Value slice = sliceTensor(rewriter, loc, input, offsets, sizes);
    rewriter.replaceOp(op, castTo(rewriter, loc, slice, type));
    return success();
  }

private:
  /// `input`, of which a slice may begin at `begin` up to `last`.
  static Value guardBegin(OpBuilder &builder, Location loc, Value input, OpFoldResult begin,
                          OpFoldResult last) {
    IndexMath math(builder, loc);
    ScalarBuilder b(builder, loc);
    Value first = math.getValue(begin);
    Value isBelow = b.compare(arith::CmpIPredicate::slt, first, math.getValue(math.get(0)));
    Value isAbove = b.compare(arith::CmpIPredicate::sgt, first, math.getValue(last));
    return guardScalar(builder, loc, input, b.emit<arith::OrIOp>(isBelow, isAbove),
                       TFLC_INDEX_OUT_OF_RANGE);
  }
};

struct ConvertStridedSlice : OpConversionPattern<tfl::StridedSliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::StridedSliceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    std::optional<SmallVector<tfl::SliceItem>> items = tfl::getSliceItems(op);
    std::optional<SmallVector<int64_t>> strides = tfl::evaluateAllInts(op.getStrides());
    if (!items || !strides)
      return rewriter.notifyMatchFailure(op, "strides are not constant");
    IndexMath math(rewriter, loc);
    Value input = adaptor.getInput();
    SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(rewriter, loc, input);

    SmallVector<OpFoldResult> offsets, sizes, steps, resultSizes;
    SmallVector<bool> isReversed;
    for (const tfl::SliceItem &item : *items) {
      if (item.kind == tfl::SliceItem::Kind::NewAxis) {
        resultSizes.push_back(math.get(1));
        continue;
      }
      int64_t stride = item.entry ? (*strides)[*item.entry] : 1;
      OpFoldResult size = inputSizes[*item.dim];
      auto [first, count] = getRange(op, adaptor, item, stride, size, math);
      // Backwards: the same elements forwards from the last one, then reversed.
      int64_t step = std::abs(stride);
      if (stride < 0)
        first = math.sub(first, math.mul(math.sub(count, math.get(1)), math.get(step)));
      if (getConstantIntValue(count) == 0)
        first = math.get(0);
      offsets.push_back(first);
      sizes.push_back(count);
      steps.push_back(math.get(step));
      isReversed.push_back(stride < 0 && getConstantIntValue(count) != 1);
      if (item.kind == tfl::SliceItem::Kind::Range)
        resultSizes.push_back(count);
    }
    Value slice = tensor::ExtractSliceOp::create(rewriter, loc, input, offsets, sizes, steps);
    if (llvm::is_contained(isReversed, true))
      slice = reverse(rewriter, loc, slice, isReversed);
    auto [shape, dynamicSizes] = decomposeMixedValues(resultSizes);
    auto reshaped = cast<RankedTensorType>(type.clone(ArrayRef<int64_t>(shape)));
    if (slice.getType() != reshaped)
      slice = reshapeTo(rewriter, loc, slice, reshaped, resultSizes);
    rewriter.replaceOp(op, castTo(rewriter, loc, slice, type));
    return success();
  }

  /// The place of the first element and their number.
  std::pair<OpFoldResult, OpFoldResult> getRange(tfl::StridedSliceOp op, OpAdaptor adaptor,
                                                 const tfl::SliceItem &item, int64_t stride,
                                                 OpFoldResult size, IndexMath &math) const {
    if (!item.entry)
      return {math.get(0), size};
    OpFoldResult minusOne = math.get(-1), one = math.get(1);
    OpFoldResult lowest = stride > 0 ? math.get(0) : minusOne;
    OpFoldResult highest = stride > 0 ? size : math.sub(size, one);
    OpFoldResult first = stride > 0 ? lowest : highest, last = stride > 0 ? highest : lowest;
    if (item.hasBegin) {
      OpFoldResult begin = math.getElement(op.getBegin(), adaptor.getBegin(), *item.entry);
      first = math.clamp(math.wrap(begin, size), lowest, highest);
    }
    if (item.kind == tfl::SliceItem::Kind::Index)
      return {math.clamp(first, math.get(0), math.sub(size, one)), one};
    if (item.hasEnd) {
      OpFoldResult end = math.getElement(op.getEnd(), adaptor.getEnd(), *item.entry);
      end = op.getOffset() ? math.add(first, end) : math.wrap(end, size);
      last = math.clamp(end, lowest, highest);
    }
    OpFoldResult distance = stride > 0 ? math.sub(last, first) : math.sub(first, last);
    return {first, math.ceilDiv(math.max(distance, math.get(0)), math.get(std::abs(stride)))};
  }
};

/// Cuts dimension `axis` of `input` into slices with the sizes of the results.
SmallVector<Value> cut(OpBuilder &builder, Location loc, Value input, int64_t axis,
                       ArrayRef<OpFoldResult> parts, TypeRange types) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  SmallVector<OpFoldResult> offsets(sizes.size(), math.get(0));
  SmallVector<Value> results;
  for (auto [part, type] : llvm::zip(parts, types)) {
    sizes[axis] = part;
    Value slice = sliceTensor(builder, loc, input, offsets, sizes);
    results.push_back(castTo(builder, loc, slice, type));
    offsets[axis] = math.add(offsets[axis], part);
  }
  return results;
}

std::optional<int64_t> getAxis(Value operand, int64_t rank) {
  std::optional<int64_t> axis = tfl::evaluateInt(operand);
  if (!axis)
    return std::nullopt;
  return *axis < 0 ? *axis + rank : *axis;
}

struct ConvertSplit : OpConversionPattern<tfl::SplitOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SplitOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    std::optional<int64_t> axis = getAxis(op.getAxis(), op.getInput().getType().getRank());
    SmallVector<Type> types;
    if (!axis || failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return rewriter.notifyMatchFailure(op, "the axis is not constant");
    IndexMath math(rewriter, op.getLoc());
    OpFoldResult size = tensor::getMixedSize(rewriter, op.getLoc(), adaptor.getInput(), *axis);
    SmallVector<OpFoldResult> parts(types.size(),
                                    math.div(size, math.get(int64_t(op.getNumSplits()))));
    rewriter.replaceOp(op, cut(rewriter, op.getLoc(), adaptor.getInput(), *axis, parts, types));
    return success();
  }
};

struct ConvertSplitV : OpConversionPattern<tfl::SplitVOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SplitVOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    std::optional<int64_t> axis = getAxis(op.getAxis(), op.getInput().getType().getRank());
    std::optional<SmallVector<int64_t>> given = tfl::evaluateAllInts(op.getSizeSplits());
    SmallVector<Type> types;
    if (!axis || !given || failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return rewriter.notifyMatchFailure(op, "axis or sizes are not constant");
    IndexMath math(rewriter, op.getLoc());
    OpFoldResult rest = tensor::getMixedSize(rewriter, op.getLoc(), adaptor.getInput(), *axis);
    for (int64_t size : *given)
      if (size != -1)
        rest = math.sub(rest, math.get(size));
    SmallVector<OpFoldResult> parts;
    for (int64_t size : *given)
      parts.push_back(size == -1 ? rest : math.get(size));
    rewriter.replaceOp(op, cut(rewriter, op.getLoc(), adaptor.getInput(), *axis, parts, types));
    return success();
  }
};

struct ConvertUnpack : OpConversionPattern<tfl::UnpackOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::UnpackOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    int64_t rank = op.getInput().getType().getRank();
    int64_t axis = int32_t(op.getAxis());
    axis = axis < 0 ? axis + rank : axis;
    Location loc = op.getLoc();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    SmallVector<OpFoldResult> offsets(rank, rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(rank, rewriter.getIndexAttr(1));
    sizes[axis] = rewriter.getIndexAttr(1);
    SmallVector<Value> results;
    for (auto [i, type] : llvm::enumerate(op.getResultTypes())) {
      offsets[axis] = rewriter.getIndexAttr(i);
      auto converted = getTypeConverter()->convertType<RankedTensorType>(type);
      results.push_back(tensor::ExtractSliceOp::create(rewriter, loc, converted, adaptor.getInput(),
                                                       offsets, sizes, strides));
    }
    rewriter.replaceOp(op, results);
    return success();
  }
};

} // namespace

void tflc::populateSlicePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertSlice, ConvertStridedSlice, ConvertSplit, ConvertSplitV, ConvertUnpack>(
      converter, patterns.getContext());
}
