//===- Segment.cpp - lowering of the segment family -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Guard.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "SequentialLoops.h"
#include "Utils.h"

#include "TFL/IR/SegmentOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace tflc;

/// The segment of the row at `place`.
static Value readSegment(ScalarBuilder &b, Value ids, ValueRange place) {
  return b.emit<tensor::ExtractOp>(ids, place);
}

static Value toIndex(ScalarBuilder &b, Value value) {
  return b.emit<arith::IndexCastOp>(b.getBuilder().getIndexType(), value);
}

//===----------------------------------------------------------------------===//
// SEGMENT_SUM
//===----------------------------------------------------------------------===//

/// `ids`, which begin with 0 and increase by at most 1.
static Value guardSegmentIds(OpBuilder &builder, Location loc, Value model, Value ids) {
  // Known ids are checked with the shape.
  if (tfl::evaluateAllInts(model))
    return ids;
  return guardElements(
      builder, loc, ids, ids, TFLC_INDEX_OUT_OF_RANGE, [&](ScalarBuilder &b, ValueRange args) {
        Value place = b.emit<linalg::IndexOp>(0);
        Type index = b.getBuilder().getIndexType();
        Value zero = b.integer(index, 0);
        Value isFirst = b.compare(arith::CmpIPredicate::eq, place, zero);
        Value before = b.select(isFirst, zero, b.sub(place, b.integer(index, 1)));
        Value step = b.sub(args[0], b.emit<tensor::ExtractOp>(ids, before));
        Value most = b.select(isFirst, b.integer(b.i32(), 0), b.integer(b.i32(), 1));
        // Below zero is a large unsigned number; the first id is compared with 0 itself.
        Value value = b.select(isFirst, args[0], step);
        return b.compare(arith::CmpIPredicate::ugt, value, most);
      });
}

namespace {

struct ConvertSegmentSum : OpConversionPattern<tfl::SegmentSumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::SegmentSumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, loc);
    Value ids = guardSegmentIds(rewriter, loc, op.getSegmentIds(), adaptor.getSegmentIds());
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    sizes[0] = getNumSegments(op, ids, math, rewriter);
    Value zeros =
        createFilled(rewriter, loc, sizes, createZero(rewriter, loc, type.getElementType()));
    Value result = scatter(
        rewriter, loc, zeros, adaptor.getInput(),
        [&](ScalarBuilder &b, ValueRange step) -> ScatterPlace {
          SmallVector<Value> place(step);
          place[0] = toIndex(b, readSegment(b, ids, step.take_front(1)));
          return {place, {}};
        },
        [](ScalarBuilder &b, Value old, Value update) { return b.add(old, update); });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  /// One more than the largest id, the last one.
  static OpFoldResult getNumSegments(tfl::SegmentSumOp op, Value ids, IndexMath &math,
                                     OpBuilder &builder) {
    Location loc = op.getLoc();
    if (!op.getType().isDynamicDim(0))
      return math.get(op.getType().getDimSize(0));
    Value init = createFilled(builder, loc, {}, createInt(builder, loc, builder.getI32Type(), -1));
    AffineMap each = builder.getMultiDimIdentityMap(1),
              one = AffineMap::get(1, 0, ids.getContext());
    Value largest =
        linalg::GenericOp::create(builder, loc, init.getType(), ids, init,
                                  ArrayRef<AffineMap>{each, one}, utils::IteratorType::reduction,
                                  [](OpBuilder &inner, Location at, ValueRange args) {
                                    ScalarBuilder b(inner, at);
                                    linalg::YieldOp::create(
                                        inner, at, b.emit<arith::MaxSIOp>(args[0], args[1]));
                                  })
            .getResult(0);
    ScalarBuilder b(builder, loc);
    Value count = toIndex(b, b.add(b.emit<tensor::ExtractOp>(largest, ValueRange()), 1));
    return count;
  }
};

//===----------------------------------------------------------------------===//
// UNSORTED_SEGMENT_*
//===----------------------------------------------------------------------===//

template <typename Op> struct ConvertUnsortedSegment : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  static constexpr bool isMax = std::is_same_v<Op, tfl::UnsortedSegmentMaxOp>;
  static constexpr bool isMin = std::is_same_v<Op, tfl::UnsortedSegmentMinOp>;
  static constexpr bool isProd = std::is_same_v<Op, tfl::UnsortedSegmentProdOp>;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = this->getTypeConverter()->template convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, loc);
    int64_t numIdDims = op.getSegmentIds().getType().getRank();
    SmallVector<OpFoldResult> from = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    SmallVector<OpFoldResult> sizes = {
        math.max(math.getElement(op.getNumSegments(), adaptor.getNumSegments(), 0), math.get(0))};
    llvm::append_range(sizes, ArrayRef(from).drop_front(numIdDims));
    Value ids = guardBelow(rewriter, loc, op.getSegmentIds(), adaptor.getSegmentIds(), sizes[0]);
    Value initial =
        createFilled(rewriter, loc, sizes, getInitialValue(rewriter, loc, type.getElementType()));
    Value result = scatter(
        rewriter, loc, initial, adaptor.getInput(),
        [&](ScalarBuilder &b, ValueRange step) -> ScatterPlace {
          Value id = readSegment(b, ids, step.take_front(numIdDims));
          SmallVector<Value> place = {toIndex(b, id)};
          llvm::append_range(place, step.drop_front(numIdDims));
          return {place, b.compare(arith::CmpIPredicate::sge, id, b.integer(b.i32(), 0))};
        },
        combine);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  static Value getInitialValue(OpBuilder &builder, Location loc, Type type) {
    ScalarBuilder b(builder, loc);
    if (!isMax && !isMin)
      return b.constant(type, isProd ? 1 : 0);
    if (isa<FloatType>(type))
      return b.constant(type, isMax ? std::numeric_limits<float>::lowest()
                                    : std::numeric_limits<float>::max());
    return b.integer(type, isMax ? std::numeric_limits<int32_t>::min()
                                 : std::numeric_limits<int32_t>::max());
  }

  /// A NaN loses every comparison, so that it is passed over.
  static Value combine(ScalarBuilder &b, Value old, Value update) {
    if (isProd)
      return b.mul(old, update);
    if (!isMax && !isMin)
      return b.add(old, update);
    Value isBetter;
    if (isa<FloatType>(old.getType()))
      isBetter =
          b.compare(isMax ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT, update, old);
    else
      isBetter =
          b.compare(isMax ? arith::CmpIPredicate::sgt : arith::CmpIPredicate::slt, update, old);
    return b.select(isBetter, update, old);
  }
};

} // namespace

void tflc::populateSegmentPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertSegmentSum, ConvertUnsortedSegment<tfl::UnsortedSegmentMaxOp>,
               ConvertUnsortedSegment<tfl::UnsortedSegmentMinOp>,
               ConvertUnsortedSegment<tfl::UnsortedSegmentProdOp>,
               ConvertUnsortedSegment<tfl::UnsortedSegmentSumOp>>(converter, patterns.getContext());
}
