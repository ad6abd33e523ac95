//===- Scatter.cpp - lowering of the scatter family -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "Guard.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "SequentialLoops.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "TFL/IR/ScatterOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// The place in the first `count` dimensions that row `row` of `indices` gives.
static SmallVector<Value> readPlace(ScalarBuilder &b, Value indices, ValueRange row,
                                    int64_t count) {
  SmallVector<Value> at(row), place;
  Type index = b.getBuilder().getIndexType();
  at.push_back({});
  for (int64_t i = 0; i < count; ++i) {
    at.back() = b.integer(index, i);
    place.push_back(b.emit<arith::IndexCastOp>(index, b.emit<tensor::ExtractOp>(indices, at)));
  }
  return place;
}

namespace {

struct ConvertScatterNd : OpConversionPattern<tfl::ScatterNdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ScatterNdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> sizes =
        getGivenSizes(rewriter, loc, type, op.getShape(), adaptor.getShape());
    int64_t numRows = op.getIndices().getType().getRank() - 1;
    int64_t numPicked = op.getIndices().getType().getShape().back();
    Value indices =
        guardPlaces(rewriter, loc, adaptor.getIndices(), ArrayRef(sizes).take_front(numPicked));
    Value zeros =
        createFilled(rewriter, loc, sizes, createZero(rewriter, loc, type.getElementType()));
    bool isBool = op.getType().getElementType().isInteger(1);
    Value result = scatter(
        rewriter, loc, zeros, adaptor.getUpdates(),
        [&](ScalarBuilder &b, ValueRange step) -> ScatterPlace {
          SmallVector<Value> place = readPlace(b, indices, step.take_front(numRows), numPicked);
          llvm::append_range(place, step.drop_front(numRows));
          return {place, {}};
        },
        [&](ScalarBuilder &b, Value old, Value update) {
          return isBool ? b.emit<arith::OrIOp>(old, update) : b.add(old, update);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertSparseToDense : OpConversionPattern<tfl::SparseToDenseOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SparseToDenseOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> sizes =
        getGivenSizes(rewriter, loc, type, op.getShape(), adaptor.getShape());
    bool hasRows = op.getIndices().getType().getRank() == 2;
    Value indices =
        hasRows ? guardPlaces(rewriter, loc, adaptor.getIndices(), sizes)
                : guardIndices(rewriter, loc, op.getIndices(), adaptor.getIndices(), sizes[0]);
    // One value stands for all places.
    Value values = adaptor.getValues();
    if (op.getValues().getType().getRank() == 0) {
      SmallVector<OpFoldResult> places = tensor::getMixedSizes(rewriter, loc, indices);
      values = createFilled(rewriter, loc, hasRows ? ArrayRef(places).drop_back() : places,
                            getOnlyElement(rewriter, loc, values));
    }
    bool isOnePlace = op.getIndices().getType().getRank() == 0;
    Value defaults = createFilled(rewriter, loc, sizes,
                                  getOnlyElement(rewriter, loc, adaptor.getDefaultValue()));
    Value result = scatter(
        rewriter, loc, defaults, values,
        [&](ScalarBuilder &b, ValueRange step) -> ScatterPlace {
          if (hasRows)
            return {readPlace(b, indices, step, sizes.size()), {}};
          Value index = b.emit<tensor::ExtractOp>(indices, isOnePlace ? ValueRange() : step);
          return {{b.emit<arith::IndexCastOp>(b.getBuilder().getIndexType(), index)}, {}};
        },
        [](ScalarBuilder &, Value, Value update) { return update; });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertDynamicUpdateSlice : OpConversionPattern<tfl::DynamicUpdateSliceOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::DynamicUpdateSliceOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value operand = adaptor.getOperand(), update = adaptor.getUpdate();
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, operand), offsets;
    SmallVector<OpFoldResult> box = tensor::getMixedSizes(rewriter, loc, update);
    for (auto [i, size] : llvm::enumerate(sizes)) {
      OpFoldResult start = math.getElement(op.getStartIndices(), adaptor.getStartIndices(), i);
      offsets.push_back(math.clamp(start, math.get(0), math.sub(size, box[i])));
    }
    SmallVector<OpFoldResult> strides(sizes.size(), math.get(1));
    rewriter.replaceOpWithNewOp<tensor::InsertSliceOp>(op, update, operand, offsets, box, strides);
    return success();
  }
};

} // namespace

void tflc::populateScatterPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertScatterNd, ConvertSparseToDense, ConvertDynamicUpdateSlice>(
      converter, patterns.getContext());
}
