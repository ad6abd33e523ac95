//===- Permute.cpp - lowering of the permute family -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "Guard.h"
#include "IndexMath.h"
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
    std::optional<SmallVector<int64_t>> perm = tfl::evaluateAllInts(op.getPerm());
    if (!perm)
      return rewriter.notifyMatchFailure(op, "perm is not constant");
    for (int64_t &axis : *perm)
      axis = axis < 0 ? axis + int64_t(perm->size()) : axis;
    Value result = transpose(rewriter, op.getLoc(), adaptor.getInput(), *perm);
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), result, type));
    return success();
  }
};

struct ConvertReverse : OpConversionPattern<tfl::ReverseV2Op> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ReverseV2Op op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    std::optional<SmallVector<int64_t>> axes = tfl::evaluateAllInts(op.getAxis());
    if (!axes)
      return rewriter.notifyMatchFailure(op, "the axis is not constant");
    int64_t rank = op.getInput().getType().getRank();
    SmallVector<bool> isReversed(rank, false);
    for (int64_t axis : *axes)
      isReversed[axis < 0 ? axis + rank : axis] = true;
    Value result = reverse(rewriter, op.getLoc(), adaptor.getInput(), isReversed);
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), result, type));
    return success();
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

/// Splits dimensions, permutes, merges: `split` has the shape in between, `perm` reorders it.
Value rearrange(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> split,
                ArrayRef<int64_t> perm, ArrayRef<int64_t> merged) {
  Value result = reshapeTo(builder, loc, value, split);
  result = transpose(builder, loc, result, perm);
  return reshapeTo(builder, loc, result, merged);
}

bool areStatic(Value input, Type type) {
  return cast<RankedTensorType>(input.getType()).hasStaticShape() &&
         cast<RankedTensorType>(type).hasStaticShape();
}

struct ConvertSpaceToDepth : OpConversionPattern<tfl::SpaceToDepthOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SpaceToDepthOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!areStatic(adaptor.getInput(), op.getType()))
      return rewriter.notifyMatchFailure(op, "a dimension is unknown");
    ArrayRef<int64_t> in = op.getInput().getType().getShape(), out = op.getType().getShape();
    int64_t block = op.getBlockSize();
    rewriter.replaceOp(op, rearrange(rewriter, op.getLoc(), adaptor.getInput(),
                                     {in[0], out[1], block, out[2], block, in[3]},
                                     {0, 1, 3, 2, 4, 5}, out));
    return success();
  }
};

struct ConvertDepthToSpace : OpConversionPattern<tfl::DepthToSpaceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::DepthToSpaceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!areStatic(adaptor.getInput(), op.getType()))
      return rewriter.notifyMatchFailure(op, "a dimension is unknown");
    ArrayRef<int64_t> in = op.getInput().getType().getShape(), out = op.getType().getShape();
    int64_t block = op.getBlockSize();
    rewriter.replaceOp(op, rearrange(rewriter, op.getLoc(), adaptor.getInput(),
                                     {in[0], in[1], in[2], block, block, out[3]},
                                     {0, 1, 3, 2, 4, 5}, out));
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
    if (!blocks || !paddings || !areStatic(adaptor.getInput(), op.getType()))
      return rewriter.notifyMatchFailure(op, "a dimension is unknown");
    ArrayRef<int64_t> in = op.getInput().getType().getShape(), out = op.getType().getShape();
    Value input = adaptor.getInput();
    if (llvm::any_of(*paddings, [](int64_t size) { return size != 0; })) {
      SmallVector<OpFoldResult> low(in.size(), rewriter.getIndexAttr(0)), high = low;
      for (size_t i = 0; i < blocks->size(); ++i) {
        low[i + 1] = rewriter.getIndexAttr((*paddings)[2 * i]);
        high[i + 1] = rewriter.getIndexAttr((*paddings)[2 * i + 1]);
      }
      input = padTensor(
          rewriter, loc, input, low, high,
          createRealZero(rewriter, loc, op.getType(), getElementType(adaptor.getInput())));
    }
    // [n, y, dy, x, dx, c] to [dy, dx, n, y, x, c]
    int64_t numSpatial = blocks->size();
    SmallVector<int64_t> split = {in[0]}, perm;
    for (int64_t i = 0; i < numSpatial; ++i) {
      split.append({out[i + 1], (*blocks)[i]});
      perm.push_back(2 * i + 2);
    }
    split.push_back(in.back());
    perm.push_back(0);
    for (int64_t i = 0; i < numSpatial; ++i)
      perm.push_back(2 * i + 1);
    perm.push_back(2 * numSpatial + 1);
    rewriter.replaceOp(op, rearrange(rewriter, loc, input, split, perm, out));
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
    if (!blocks || !crops || !areStatic(adaptor.getInput(), op.getType()))
      return rewriter.notifyMatchFailure(op, "a dimension is unknown");
    ArrayRef<int64_t> in = op.getInput().getType().getShape(), out = op.getType().getShape();
    // [dy, dx, n, y, x, c] to [n, y, dy, x, dx, c]
    int64_t numSpatial = blocks->size();
    SmallVector<int64_t> split(*blocks), perm = {numSpatial}, merged = {out[0]};
    split.push_back(out[0]);
    for (int64_t i = 0; i < numSpatial; ++i) {
      split.push_back(in[i + 1]);
      perm.append({numSpatial + 1 + i, i});
      merged.push_back(in[i + 1] * (*blocks)[i]);
    }
    split.push_back(in.back());
    perm.push_back(2 * numSpatial + 1);
    merged.push_back(in.back());
    Value result = rearrange(rewriter, loc, adaptor.getInput(), split, perm, merged);
    if (ArrayRef(merged) != out) {
      SmallVector<OpFoldResult> offsets(out.size(), rewriter.getIndexAttr(0));
      for (int64_t i = 0; i < numSpatial; ++i)
        offsets[i + 1] = rewriter.getIndexAttr((*crops)[2 * i]);
      result = sliceTensor(rewriter, loc, result, offsets,
                           getAsIndexOpFoldResult(rewriter.getContext(), out));
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void tflc::populatePermutePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertTranspose, ConvertReverse, ConvertReverseSequence, ConvertSpaceToDepth,
               ConvertDepthToSpace, ConvertSpaceToBatch, ConvertBatchToSpace>(
      converter, patterns.getContext());
}
