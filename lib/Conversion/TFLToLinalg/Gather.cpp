//===- Gather.cpp - lowering of slices picked by index --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "Guard.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/BlockQuantization.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/RepeatOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// An index that is known to be inside of a dimension as a place in it.
static Value getPlace(OpBuilder &builder, Location loc, Value index) {
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(), index);
}

/// `value` with dimensions `dim` and the next one as one.
static Value joinDims(OpBuilder &builder, Location loc, Value value, int64_t dim) {
  SmallVector<ReassociationIndices> groups;
  for (int64_t i : llvm::seq(cast<RankedTensorType>(value.getType()).getRank())) {
    if (i == dim + 1)
      groups.back().push_back(i);
    else
      groups.push_back({i});
  }
  return tensor::CollapseShapeOp::create(builder, loc, value, groups);
}

namespace {

/// The part of `input` at one place along `axis`, which is the single element of `indices`. It is a
/// view: no element is copied.
Value takeOne(OpBuilder &builder, Location loc, Value input, int64_t axis, Value indices,
              bool keepsAxis) {
  SmallVector<Value> first(cast<RankedTensorType>(indices.getType()).getRank(),
                           arith::ConstantIndexOp::create(builder, loc, 0));
  Value index = tensor::ExtractOp::create(builder, loc, indices, first);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(sizes.size(), builder.getIndexAttr(1));
  offsets[axis] = getPlace(builder, loc, index);
  sizes[axis] = builder.getIndexAttr(1);
  SmallVector<int64_t> shape(cast<RankedTensorType>(input.getType()).getShape());
  // A slice does not say which of several dimensions of size 1 it leaves out, and MLIR 22 takes
  // another one for it as soon as an offset becomes a constant.
  bool isFirst = !llvm::is_contained(ArrayRef(shape).take_front(axis), 1);
  auto sliceTo = [&](ArrayRef<int64_t> sliceShape) -> Value {
    return tensor::ExtractSliceOp::create(builder, loc,
                                          RankedTensorType::get(sliceShape, getElementType(input)),
                                          input, offsets, sizes, strides);
  };
  if (!keepsAxis && isFirst) {
    shape.erase(shape.begin() + axis);
    return sliceTo(shape);
  }
  shape[axis] = 1;
  Value slice = sliceTo(shape);
  return keepsAxis ? slice : joinDims(builder, loc, slice, axis - 1);
}

struct ConvertGather : OpConversionPattern<tfl::GatherOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::GatherOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput(), indices = adaptor.getIndices();
    int64_t rank = op.getInput().getType().getRank();
    int64_t numIndices = op.getIndices().getType().getRank();
    int64_t axis = int32_t(op.getAxis()), numBatch = int32_t(op.getBatchDims());
    axis = axis < 0 ? axis + rank : axis;
    numBatch = numBatch < 0 ? numBatch + numIndices : numBatch;
    int64_t numInner = numIndices - numBatch;

    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> from = tensor::getMixedSizes(rewriter, loc, input);
    SmallVector<OpFoldResult> picks = tensor::getMixedSizes(rewriter, loc, indices);
    SmallVector<OpFoldResult> sizes(ArrayRef(from).take_front(axis));
    llvm::append_range(sizes, ArrayRef(picks).drop_front(numBatch));
    llvm::append_range(sizes, ArrayRef(from).drop_front(axis + 1));
    // Result dimensions: batch, outer, indices, inner.
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i < numIndices; ++i)
      exprs.push_back(rewriter.getAffineDimExpr(i < numBatch ? i : i - numBatch + axis));
    auto map = AffineMap::get(sizes.size(), 0, exprs, rewriter.getContext());
    indices = guardIndices(rewriter, loc, op.getIndices(), indices, from[axis]);
    if (numIndices <= 1 && numBatch == 0 && op.getIndices().getType().hasStaticShape() &&
        op.getIndices().getType().getNumElements() == 1) {
      Value slice = takeOne(rewriter, loc, input, axis, indices, /*keepsAxis=*/numIndices == 1);
      rewriter.replaceOp(op, castTo(rewriter, loc, slice, type));
      return success();
    }
    Value result = buildElementwise(
        rewriter, loc, indices, {map}, sizes, type.getElementType(),
        [&](OpBuilder &b, Location l, ValueRange args) -> Value {
          SmallVector<Value> place;
          for (int64_t i = 0; i < rank; ++i) {
            if (i == axis)
              place.push_back(getPlace(b, l, args[0]));
            else
              place.push_back(linalg::IndexOp::create(b, l, i < axis ? i : i - 1 + numInner));
          }
          return tensor::ExtractOp::create(b, l, input, place);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertGatherNd : OpConversionPattern<tfl::GatherNdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::GatherNdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput(), indices = adaptor.getIndices();
    int64_t rank = op.getInput().getType().getRank();
    ArrayRef<int64_t> indexShape = op.getIndices().getType().getShape();
    int64_t numPlaces = indexShape.size() - 1, numPicked = indexShape.back();
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> from = tensor::getMixedSizes(rewriter, loc, input);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, indices);
    sizes.pop_back();
    llvm::append_range(sizes, ArrayRef(from).drop_front(numPicked));
    SmallVector<Value> column;
    for (int64_t i = 0; i < numPicked; ++i)
      column.push_back(math.getValue(math.get(i)));
    indices = guardPlaces(rewriter, loc, indices, ArrayRef(from).take_front(numPicked));
    Value result = buildElementwise(
        rewriter, loc, {}, sizes, type.getElementType(),
        [&](OpBuilder &b, Location l, ValueRange) -> Value {
          SmallVector<Value> row, place;
          for (int64_t i = 0; i < numPlaces; ++i)
            row.push_back(linalg::IndexOp::create(b, l, i));
          row.push_back({});
          for (int64_t i = 0; i < numPicked; ++i) {
            row.back() = column[i];
            Value index = tensor::ExtractOp::create(b, l, indices, row);
            place.push_back(getPlace(b, l, index));
          }
          for (int64_t i = numPicked; i < rank; ++i)
            place.push_back(linalg::IndexOp::create(b, l, i - numPicked + numPlaces));
          return tensor::ExtractOp::create(b, l, input, place);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertEmbeddingLookup : OpConversionPattern<tfl::EmbeddingLookupOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::EmbeddingLookupOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value table = adaptor.getValue();
    SmallVector<OpFoldResult> from = tensor::getMixedSizes(rewriter, loc, table), sizes = from;
    sizes[0] = tensor::getMixedSize(rewriter, loc, adaptor.getLookup(), 0);
    Value lookup = guardIndices(rewriter, loc, op.getLookup(), adaptor.getLookup(), from[0]);

    Type stored = op.getValue().getType().getElementType();
    std::optional<tfl::Quantization> quantization = tfl::getQuantization(stored);
    bool isWidened = getElementType(table) != type.getElementType();
    Value rowScales, blockScales;
    std::optional<tfl::BlockQuantization> blocks = tfl::getBlockQuantization(stored);
    if (isWidened && blocks)
      blockScales = arith::ConstantOp::create(rewriter, loc, blocks->scales);
    else if (isWidened && quantization->axis) {
      auto scalesType = RankedTensorType::get(quantization->scales.size(), rewriter.getF32Type());
      rowScales = arith::ConstantOp::create(
          rewriter, loc, DenseElementsAttr::get(scalesType, ArrayRef(quantization->scales)));
    }
    auto rowMap = AffineMap::get(type.getRank(), 0, rewriter.getAffineDimExpr(0));
    Value result = buildElementwise(
        rewriter, loc, lookup, {rowMap}, sizes, type.getElementType(),
        [&](OpBuilder &b, Location l, ValueRange args) -> Value {
          SmallVector<Value> place = {getPlace(b, l, args[0])};
          for (int64_t i = 1; i < type.getRank(); ++i)
            place.push_back(linalg::IndexOp::create(b, l, i));
          Value element = tensor::ExtractOp::create(b, l, table, place);
          if (!isWidened)
            return element;
          Value scale;
          if (blockScales) {
            Value size = arith::ConstantIndexOp::create(b, l, blocks->blockSize);
            Value block = arith::DivUIOp::create(b, l, place[1], size);
            scale = tensor::ExtractOp::create(b, l, blockScales, ValueRange{place[0], block});
          } else {
            scale = rowScales ? tensor::ExtractOp::create(b, l, rowScales, place[0])
                              : createFloat(b, l, b.getF32Type(), quantization->scales[0]);
          }
          element = extendInt(b, l, element, stored, b.getI32Type());
          element = arith::SIToFPOp::create(b, l, b.getF32Type(), element);
          return arith::MulFOp::create(b, l, element, scale);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

} // namespace

void tflc::populateGatherPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertGather, ConvertGatherNd, ConvertEmbeddingLookup>(converter,
                                                                       patterns.getContext());
}
