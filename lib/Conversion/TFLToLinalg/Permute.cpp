//===- Permute.cpp - lowering of the permute family -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "FedAxes.h"
#include "Guard.h"
#include "IndexMath.h"
#include "Loops.h"
#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/PermuteOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

struct ConvertTranspose : OpConversionPattern<tfl::TransposeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::TransposeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    int64_t rank = op.getInput().getType().getRank();
    Value result;
    if (std::optional<SmallVector<int64_t>> perm = tfl::evaluateAllInts(op.getPerm())) {
      for (int64_t &axis : *perm)
        axis = axis < 0 ? axis + rank : axis;
      result = transpose(rewriter, op.getLoc(), adaptor.getInput(), *perm);
    } else if (op.getPerm().getType().getShape() == ArrayRef(rank)) {
      result = transposeFed(rewriter, op.getLoc(), adaptor.getInput(), adaptor.getPerm());
    } else {
      return rewriter.notifyMatchFailure(op, "the size of perm is unknown");
    }
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), result, type));
    return success();
  }

private:
  static Value transposeFed(OpBuilder &builder, Location loc, Value input, Value perm) {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
    int64_t rank = sizes.size();
    FedAxes axes(builder, loc, perm, sizes, /*numNamed=*/std::nullopt);
    ScalarBuilder outer(builder, loc);
    // As many elements as dimensions are a permutation where none is left out.
    Value isComplete = outer.integer(builder.getI1Type(), 1);
    for (int64_t dim = 0; dim < rank; ++dim)
      isComplete = outer.emit<arith::AndIOp>(isComplete, axes.isNamed(dim));
    Value isMissing = outer.emit<arith::XOrIOp>(isComplete, outer.integer(builder.getI1Type(), 1));
    perm = guardScalar(builder, loc, perm, isMissing, TFLC_INVALID_VALUE);
    IndexMath math(builder, loc);
    auto getDim = [&](int64_t dim) { return math.getValue(math.get(dim)); };
    // Where each dimension of the result comes from, and its size.
    SmallVector<Value> sources, extents;
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value source = castToIndex(outer, extract(outer, perm, getDim(dim)));
      source = math.getValue(math.wrap(source, math.get(rank)));
      Value extent = math.getValue(sizes[0]);
      for (int64_t from = 1; from < rank; ++from)
        extent = outer.select(outer.compare(arith::CmpIPredicate::eq, source, getDim(from)),
                              math.getValue(sizes[from]), extent);
      sources.push_back(source);
      extents.push_back(extent);
    }
    // As a vector, whose size does not depend on the data.
    Value flat = gatherElements(builder, loc, input, math.product(sizes),
                                [&](OpBuilder &nested, Location at, ValueRange indices) {
                                  ScalarBuilder b(nested, at);
                                  SmallVector<Value> places(rank, getDim(0));
                                  Value rest = indices[0];
                                  for (int64_t dim = rank - 1; dim >= 0; --dim) {
                                    Value index = b.emit<arith::RemUIOp>(rest, extents[dim]);
                                    rest = b.emit<arith::DivUIOp>(rest, extents[dim]);
                                    for (int64_t from = 0; from < rank; ++from)
                                      places[from] = b.select(b.compare(arith::CmpIPredicate::eq,
                                                                        sources[dim], getDim(from)),
                                                              index, places[from]);
                                  }
                                  return places;
                                });
    SmallVector<int64_t> unknown(rank, ShapedType::kDynamic);
    return reshapeTo(builder, loc, flat, RankedTensorType::get(unknown, getElementType(input)),
                     getAsOpFoldResult(extents));
  }
};

struct ConvertReverse : OpConversionPattern<tfl::ReverseV2Op> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ReverseV2Op op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    int64_t rank = op.getInput().getType().getRank();
    std::optional<SmallVector<int64_t>> axes = tfl::evaluateAllInts(op.getAxis());
    Value result;
    if (axes) {
      SmallVector<bool> isReversed(rank, false);
      for (int64_t axis : *axes)
        isReversed[axis < 0 ? axis + rank : axis] = true;
      result = reverse(rewriter, op.getLoc(), adaptor.getInput(), isReversed);
    } else {
      result = reverseFed(rewriter, op.getLoc(), adaptor.getInput(), adaptor.getAxis());
    }
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), result, type));
    return success();
  }

private:
  /// Every dimension is read forwards or backwards, as the data say.
  static Value reverseFed(OpBuilder &builder, Location loc, Value input, Value axis) {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
    FedAxes axes(builder, loc, axis, sizes, /*numNamed=*/std::nullopt);
    IndexMath math(builder, loc);
    SmallVector<Value> lasts;
    for (OpFoldResult size : sizes)
      lasts.push_back(math.getValue(math.sub(size, math.get(1))));
    return gatherElements(
        builder, loc, input, sizes, [&](OpBuilder &nested, Location at, ValueRange indices) {
          SmallVector<Value> places;
          for (auto [dim, index] : llvm::enumerate(indices)) {
            Value mirrored = arith::SubIOp::create(nested, at, lasts[dim], index);
            places.push_back(
                arith::SelectOp::create(nested, at, axes.isNamed(dim), mirrored, index));
          }
          return places;
        });
  }
};

struct ConvertReverseSequence : OpConversionPattern<tfl::ReverseSequenceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ReverseSequenceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput();
    unsigned sequence = op.getSeqDim(), batch = op.getBatchDim();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, input);
    auto map = AffineMap::get(type.getRank(), 0, rewriter.getAffineDimExpr(batch));
    IndexMath math(rewriter, loc);
    Value one = math.getValue(math.get(1));
    // A length below zero counts as zero.
    Value size = math.getValue(sizes[sequence]);
    Value lengths = guardElements(rewriter, loc, adaptor.getSeqLengths(), adaptor.getSeqLengths(),
                                  TFLC_INVALID_VALUE, [&](ScalarBuilder &b, ValueRange args) {
                                    Value length = b.emit<arith::IndexCastOp>(
                                        b.getBuilder().getIndexType(), args[0]);
                                    return b.compare(arith::CmpIPredicate::sgt, length, size);
                                  });
    Value result = buildElementwise(
        rewriter, loc, lengths, {map}, sizes, type.getElementType(),
        [&](OpBuilder &b, Location l, ValueRange args) -> Value {
          SmallVector<Value> place;
          for (int64_t i = 0; i < type.getRank(); ++i)
            place.push_back(linalg::IndexOp::create(b, l, i));
          Value length = arith::IndexCastOp::create(b, l, b.getIndexType(), args[0]);
          Value at = place[sequence];
          Value isInside = arith::CmpIOp::create(b, l, arith::CmpIPredicate::slt, at, length);
          Value mirrored = arith::SubIOp::create(b, l, length, one);
          mirrored = arith::SubIOp::create(b, l, mirrored, at);
          place[sequence] = arith::SelectOp::create(b, l, isInside, mirrored, at);
          return tensor::ExtractOp::create(b, l, input, place);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

using Sizes = SmallVector<OpFoldResult>;

/// The type of `value` with other sizes.
RankedTensorType withSizes(Value value, ArrayRef<OpFoldResult> sizes) {
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes)
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(shape, getElementType(value));
}

/// Splits dimensions, permutes, merges: `split` has the sizes in between, `perm` reorders them.
Value rearrange(OpBuilder &builder, Location loc, Value value, ArrayRef<OpFoldResult> split,
                ArrayRef<int64_t> perm, ArrayRef<OpFoldResult> merged) {
  Value result = reshapeTo(builder, loc, value, withSizes(value, split), split);
  result = transpose(builder, loc, result, perm);
  return reshapeTo(builder, loc, result, withSizes(value, merged), merged);
}

struct ConvertSpaceToDepth : OpConversionPattern<tfl::SpaceToDepthOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SpaceToDepthOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Sizes in = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    OpFoldResult block = math.get(op.getBlockSize());
    OpFoldResult rows = math.div(in[1], block), columns = math.div(in[2], block);
    OpFoldResult depth = math.product({block, block, in[3]});
    Value result =
        rearrange(rewriter, loc, adaptor.getInput(), {in[0], rows, block, columns, block, in[3]},
                  {0, 1, 3, 2, 4, 5}, {in[0], rows, columns, depth});
    rewriter.replaceOp(
        op, castTo(rewriter, loc, result, getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

struct ConvertDepthToSpace : OpConversionPattern<tfl::DepthToSpaceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::DepthToSpaceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    IndexMath math(rewriter, loc);
    Sizes in = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    OpFoldResult block = math.get(op.getBlockSize());
    OpFoldResult depth = math.div(in[3], math.mul(block, block));
    Value result = rearrange(rewriter, loc, adaptor.getInput(),
                             {in[0], in[1], in[2], block, block, depth}, {0, 1, 3, 2, 4, 5},
                             {in[0], math.mul(in[1], block), math.mul(in[2], block), depth});
    rewriter.replaceOp(
        op, castTo(rewriter, loc, result, getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

struct ConvertSpaceToBatch : OpConversionPattern<tfl::SpaceToBatchNdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SpaceToBatchNdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto blocks = tfl::evaluateAllInts(op.getBlockShape());
    auto paddings = tfl::evaluateAllInts(op.getPaddings());
    if (!blocks || !paddings)
      return rewriter.notifyMatchFailure(op, "the blocks or paddings are unknown");
    IndexMath math(rewriter, loc);
    Value input = adaptor.getInput();
    size_t rank = op.getInput().getType().getRank(), numSpatial = blocks->size();
    if (llvm::any_of(*paddings, [](int64_t size) { return size != 0; })) {
      Sizes low(rank, math.get(0)), high = low;
      for (size_t i = 0; i < numSpatial; ++i) {
        low[i + 1] = math.get((*paddings)[2 * i]);
        high[i + 1] = math.get((*paddings)[2 * i + 1]);
      }
      input = padTensor(
          rewriter, loc, input, low, high,
          createRealZero(rewriter, loc, op.getType(), getElementType(adaptor.getInput())));
    }
    // [n, y, dy, x, dx, c] to [dy, dx, n, y, x, c]
    Sizes in = tensor::getMixedSizes(rewriter, loc, input), split = {in[0]}, out = {in[0]};
    SmallVector<int64_t> perm, places;
    for (size_t i = 0; i < numSpatial; ++i) {
      OpFoldResult block = math.get((*blocks)[i]);
      out.push_back(math.div(in[i + 1], block));
      out[0] = math.mul(out[0], block);
      split.append({out.back(), block});
      perm.push_back(2 * i + 2);
      places.push_back(2 * i + 1);
    }
    split.push_back(in.back());
    out.push_back(in.back());
    places.push_back(2 * numSpatial + 1);
    perm.push_back(0);
    llvm::append_range(perm, places);
    Value result = rearrange(rewriter, loc, input, split, perm, out);
    rewriter.replaceOp(
        op, castTo(rewriter, loc, result, getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

struct ConvertBatchToSpace : OpConversionPattern<tfl::BatchToSpaceNdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::BatchToSpaceNdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto blocks = tfl::evaluateAllInts(op.getBlockShape());
    auto crops = tfl::evaluateAllInts(op.getCrops());
    if (!blocks || !crops)
      return rewriter.notifyMatchFailure(op, "the blocks or crops are unknown");
    IndexMath math(rewriter, loc);
    Sizes in = tensor::getMixedSizes(rewriter, loc, adaptor.getInput()), split, out = {in[0]};
    int64_t numSpatial = blocks->size();
    // [dy, dx, n, y, x, c] to [n, y, dy, x, dx, c]
    for (int64_t block : *blocks) {
      split.push_back(math.get(block));
      out[0] = math.div(out[0], math.get(block));
    }
    split.push_back(out[0]);
    SmallVector<int64_t> perm = {numSpatial};
    Sizes offsets = {math.get(0)}, cropped = out;
    for (int64_t i = 0; i < numSpatial; ++i) {
      split.push_back(in[i + 1]);
      perm.append({numSpatial + 1 + i, i});
      out.push_back(math.mul(in[i + 1], math.get((*blocks)[i])));
      offsets.push_back(math.get((*crops)[2 * i]));
      cropped.push_back(math.sub(out.back(), math.get((*crops)[2 * i] + (*crops)[2 * i + 1])));
    }
    split.push_back(in.back());
    perm.push_back(2 * numSpatial + 1);
    out.push_back(in.back());
    offsets.push_back(math.get(0));
    cropped.push_back(in.back());
    Value result = rearrange(rewriter, loc, adaptor.getInput(), split, perm, out);
    if (llvm::any_of(*crops, [](int64_t size) { return size != 0; }))
      result = sliceTensor(rewriter, loc, result, offsets, cropped);
    rewriter.replaceOp(
        op, castTo(rewriter, loc, result, getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

} // namespace

void tflc::populatePermutePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertTranspose, ConvertReverse, ConvertReverseSequence, ConvertSpaceToDepth,
               ConvertDepthToSpace, ConvertSpaceToBatch, ConvertBatchToSpace>(
      converter, patterns.getContext());
}
