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

} // namespace

void tflc::populatePermutePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertTranspose, ConvertReverse, ConvertReverseSequence>(converter,
                                                                         patterns.getContext());
}
