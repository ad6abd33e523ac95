//===- Scan.cpp - lowering of the scan family -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "FedAxes.h"
#include "IndexMath.h"
#include "Loops.h"
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

/// A dimension that the data choose: its size, and how far apart its elements stand.
struct FedDimension {
  Value extent, stride;
};

FedDimension readAxis(OpBuilder &builder, Location loc, Value axis, ArrayRef<OpFoldResult> sizes) {
  FedAxes axes(builder, loc, axis, sizes, /*numNamed=*/std::nullopt);
  ScalarBuilder b(builder, loc);
  IndexMath math(builder, loc);
  OpFoldResult stride = math.get(1);
  FedDimension result = {math.getValue(sizes.back()), math.getValue(stride)};
  for (int64_t dim = int64_t(sizes.size()) - 2; dim >= 0; --dim) {
    stride = math.mul(stride, sizes[dim + 1]);
    result.extent = b.select(axes.isNamed(dim), math.getValue(sizes[dim]), result.extent);
    result.stride = b.select(axes.isNamed(dim), math.getValue(stride), result.stride);
  }
  return result;
}

struct ConvertCumsum : OpConversionPattern<tfl::CumsumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::CumsumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    std::optional<int64_t> axis = tfl::evaluateInt(op.getAxis());
    Value result = axis ? addUpAlong(rewriter, op, adaptor.getInput(), *axis)
                        : addUpAlongFed(rewriter, op, adaptor.getInput(), adaptor.getAxis());
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }

private:
  static Value addUpAlong(OpBuilder &builder, tfl::CumsumOp op, Value input, int64_t axis) {
    int64_t rank = op.getInput().getType().getRank();
    axis = axis < 0 ? axis + rank : axis;
    SmallVector<bool> isReversed(rank, false);
    isReversed[axis] = true;
    if (op.getReverse())
      input = reverse(builder, op.getLoc(), input, isReversed);
    Value result = addUp(builder, op.getLoc(), input, axis, op.getExclusive());
    return op.getReverse() ? reverse(builder, op.getLoc(), result, isReversed) : result;
  }

  /// Goes over all elements in the order they stand in, or backwards. The fed axis says how far
  /// away the neighbour is whose sum an element is added to, and which elements have none.
  static Value addUpAlongFed(OpBuilder &builder, tfl::CumsumOp op, Value input, Value axis) {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(input.getType());
    Type element = type.getElementType();
    IndexMath math(builder, loc);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
    OpFoldResult size = math.product(sizes);
    int64_t known = type.hasStaticShape() ? type.getNumElements() : ShapedType::kDynamic;
    Value flat = reshapeTo(builder, loc, input, RankedTensorType::get(known, element), size);
    FedDimension dimension = readAxis(builder, loc, axis, sizes);
    Value count = math.getValue(size), zero = createZero(builder, loc, element);
    ScalarBuilder outer(builder, loc);
    Value sums =
        buildLoops(outer, count, createEmpty(builder, loc, size, element),
                   [&](ScalarBuilder &b, ValueRange step, ValueRange carried) {
                     Value one = b.integer(count.getType(), 1);
                     Value at = op.getReverse() ? b.sub(b.sub(count, one), step[0]) : step[0];
                     Value place = b.emit<arith::RemUIOp>(
                         b.emit<arith::DivUIOp>(at, dimension.stride), dimension.extent);
                     Value first = op.getReverse() ? b.sub(dimension.extent, one)
                                                   : b.integer(one.getType(), 0);
                     Value isFirst = b.compare(arith::CmpIPredicate::eq, place, first);
                     Value neighbour = op.getReverse() ? b.add(at, dimension.stride)
                                                       : b.sub(at, dimension.stride);
                     // What has no neighbour reads its own place, which always is one, and drops
                     // it.
                     neighbour = b.select(isFirst, at, neighbour);
                     Value sum = b.select(isFirst, zero, extract(b, carried[0], neighbour));
                     Value added = extract(b, flat, op.getExclusive() ? neighbour : at);
                     if (op.getExclusive())
                       added = b.select(isFirst, zero, added);
                     return SmallVector<Value>{insert(b, b.add(sum, added), carried[0], at)};
                   })[0];
    return reshapeTo(builder, loc, sums, type, sizes);
  }

  /// A reduction that also stores what it has added up so far.
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
