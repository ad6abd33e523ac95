//===- Repeat.cpp - lowering of values that are repeated ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "Guard.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "TFL/IR/RepeatOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

/// Repetition i of dimension d is a dimension of its own, in front of d, until all is done.
struct ConvertTile : OpConversionPattern<tfl::TileOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::TileOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput();
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> from = tensor::getMixedSizes(rewriter, loc, input);
    SmallVector<OpFoldResult> sizes, merged;
    SmallVector<AffineExpr> exprs;
    SmallVector<ReassociationIndices> groups;
    SizeChecks checks(rewriter, loc);
    for (auto [i, size] : llvm::enumerate(from)) {
      OpFoldResult multiple =
          checks.requireAtLeast(math.getElement(op.getMultiples(), adaptor.getMultiples(), i), 0);
      sizes.append({multiple, size});
      exprs.push_back(rewriter.getAffineDimExpr(2 * i + 1));
      groups.push_back({int64_t(2 * i), int64_t(2 * i + 1)});
    }
    checks.finish();
    auto map = AffineMap::get(sizes.size(), 0, exprs, rewriter.getContext());
    Value result = buildElementwise(rewriter, loc, input, {map}, sizes, type.getElementType(),
                                    [](OpBuilder &, Location, ValueRange args) { return args[0]; });
    if (!groups.empty())
      result = tensor::CollapseShapeOp::create(rewriter, loc, result, groups);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertBroadcastTo : OpConversionPattern<tfl::BroadcastToOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::BroadcastToOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    SmallVector<OpFoldResult> sizes =
        getGivenSizes(rewriter, op.getLoc(), type, op.getShape(), adaptor.getShape());
    Value result =
        buildElementwise(rewriter, op.getLoc(), adaptor.getInput(), sizes, type.getElementType(),
                         [](OpBuilder &, Location, ValueRange args) { return args[0]; });
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), result, type));
    return success();
  }
};

struct ConvertBroadcastArgs : OpConversionPattern<tfl::BroadcastArgsOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::BroadcastArgsOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, loc);
    OpFoldResult first = tensor::getMixedSize(rewriter, loc, adaptor.getS0(), 0);
    OpFoldResult second = tensor::getMixedSize(rewriter, loc, adaptor.getS1(), 0);
    OpFoldResult rank = math.max(first, second);
    Value one = createInt(rewriter, loc, type.getElementType(), 1);
    auto align = [&](Value shape, OpFoldResult size) {
      return padTensor(rewriter, loc, shape, math.sub(rank, size), math.get(0), one);
    };
    Value lhs = align(adaptor.getS0(), first), rhs = align(adaptor.getS1(), second);
    using P = arith::CmpIPredicate;
    lhs = guardElements(
        rewriter, loc, lhs, {lhs, rhs}, TFLC_INVALID_VALUE, [&](ScalarBuilder &b, ValueRange args) {
          Value differ = b.compare(P::ne, args[0], args[1]);
          Value repeats =
              b.emit<arith::OrIOp>(b.compare(P::eq, args[0], one), b.compare(P::eq, args[1], one));
          return b.select(repeats, b.integer(rewriter.getI1Type(), 0), differ);
        });
    Value result =
        buildElementwise(rewriter, loc, {lhs, rhs}, {rank}, type.getElementType(),
                         [&](OpBuilder &builder, Location at, ValueRange args) {
                           ScalarBuilder b(builder, at);
                           return b.select(b.compare(P::eq, args[0], one), args[1], args[0]);
                         });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertFill : OpConversionPattern<tfl::FillOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::FillOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value value = getOnlyElement(rewriter, loc, adaptor.getValue());
    SmallVector<OpFoldResult> sizes =
        getGivenSizes(rewriter, loc, type, op.getDims(), adaptor.getDims());
    Value result = createFilled(rewriter, loc, sizes, value);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertZerosLike : OpConversionPattern<tfl::ZerosLikeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ZerosLikeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value result =
        createFilled(rewriter, loc, tensor::getMixedSizes(rewriter, loc, adaptor.getInput()),
                     createRealZero(rewriter, loc, op.getType(), type.getElementType()));
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertOneHot : OpConversionPattern<tfl::OneHotOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::OneHotOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    int64_t axis = int32_t(op.getAxis());
    axis = axis < 0 ? axis + type.getRank() : axis;
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getIndices());
    OpFoldResult depth = math.getElement(op.getDepth(), adaptor.getDepth(), 0);
    SizeChecks checks(rewriter, loc);
    sizes.insert(sizes.begin() + axis, checks.requireAtLeast(depth, 0));
    checks.finish();
    Value on = getOnlyElement(rewriter, loc, adaptor.getOnValue());
    Value off = getOnlyElement(rewriter, loc, adaptor.getOffValue());
    SmallVector<AffineExpr> exprs;
    for (int64_t i = 0; i < type.getRank(); ++i)
      if (i != axis)
        exprs.push_back(rewriter.getAffineDimExpr(i));
    auto map = AffineMap::get(type.getRank(), 0, exprs, rewriter.getContext());
    Value result = buildElementwise(
        rewriter, loc, adaptor.getIndices(), {map}, sizes, type.getElementType(),
        [&](OpBuilder &b, Location l, ValueRange args) -> Value {
          Value place = linalg::IndexOp::create(b, l, axis);
          place = arith::IndexCastOp::create(b, l, args[0].getType(), place);
          Value isSet = arith::CmpIOp::create(b, l, arith::CmpIPredicate::eq, place, args[0]);
          return arith::SelectOp::create(b, l, isSet, on, off);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertRange : OpConversionPattern<tfl::RangeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::RangeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Type element = type.getElementType();
    ScalarBuilder b(rewriter, loc);
    Value start = readScalar(b, adaptor.getStart()), delta;
    OpFoldResult size;
    if (type.hasStaticShape()) {
      delta = readScalar(b, adaptor.getDelta());
      size = rewriter.getIndexAttr(type.getDimSize(0));
    } else {
      delta = readScalar(b, guardRange(b, adaptor));
      Value limit = readScalar(b, adaptor.getLimit());
      Value count = isa<FloatType>(element) ? countFloats(b, start, limit, delta)
                                            : countIntegers(b, start, limit, delta);
      size = b.emit<arith::IndexCastOp>(rewriter.getIndexType(), count);
    }
    Value result = buildElementwise(
        rewriter, loc, {}, size, element, [&](OpBuilder &b, Location l, ValueRange) -> Value {
          Value i = linalg::IndexOp::create(b, l, 0);
          if (isa<FloatType>(element)) {
            i = arith::IndexCastOp::create(b, l, b.getI32Type(), i);
            i = arith::SIToFPOp::create(b, l, element, i);
            return arith::AddFOp::create(b, l, start, arith::MulFOp::create(b, l, i, delta));
          }
          i = arith::IndexCastOp::create(b, l, element, i);
          return arith::AddIOp::create(b, l, start, arith::MulIOp::create(b, l, i, delta));
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  /// More elements than any memory has room for.
  static constexpr int64_t maxCount = int64_t(1) << 31;

  static Value readScalar(ScalarBuilder &b, Value tensor) {
    SmallVector<Value> zeros(cast<RankedTensorType>(tensor.getType()).getRank(),
                             b.integer(b.getBuilder().getIndexType(), 0));
    return b.emit<tensor::ExtractOp>(tensor, zeros);
  }

  /// The delta, of a range that has an end.
  static Value guardRange(ScalarBuilder &b, OpAdaptor operands) {
    Value start = readScalar(b, operands.getStart()), limit = readScalar(b, operands.getLimit());
    Value delta = readScalar(b, operands.getDelta());
    Type element = delta.getType();
    Value isUp, isDown, isFull, isEmpty, zero = createZero(b.getBuilder(), b.getLoc(), element);
    if (isa<FloatType>(element)) {
      isUp = b.compare(arith::CmpFPredicate::OGT, delta, zero);
      isDown = b.compare(arith::CmpFPredicate::OLT, delta, zero);
      isFull = b.compare(arith::CmpFPredicate::OGE, limit, start);
      isEmpty = b.compare(arith::CmpFPredicate::OLE, limit, start);
      Value count = getRatio(b, start, limit, delta);
      Value isFinite = b.compare(arith::CmpFPredicate::OLT, count, b.constant(element, maxCount));
      isUp = b.emit<arith::AndIOp>(isUp, isFinite);
      isDown = b.emit<arith::AndIOp>(isDown, isFinite);
    } else {
      isUp = b.compare(arith::CmpIPredicate::sgt, delta, zero);
      isDown = b.compare(arith::CmpIPredicate::slt, delta, zero);
      isFull = b.compare(arith::CmpIPredicate::sge, limit, start);
      isEmpty = b.compare(arith::CmpIPredicate::sle, limit, start);
    }
    Value isGood = b.emit<arith::OrIOp>(b.emit<arith::AndIOp>(isUp, isFull),
                                        b.emit<arith::AndIOp>(isDown, isEmpty));
    Value isBad = b.emit<arith::XOrIOp>(isGood, b.integer(isGood.getType(), 1));
    return guardScalar(b.getBuilder(), b.getLoc(), operands.getDelta(), isBad, TFLC_INVALID_VALUE);
  }

  static Value getRatio(ScalarBuilder &b, Value start, Value limit, Value delta) {
    Value length = b.emit<arith::SubFOp>(limit, start);
    return b.emit<math::AbsFOp>(b.emit<arith::DivFOp>(length, delta));
  }

  static Value countFloats(ScalarBuilder &b, Value start, Value limit, Value delta) {
    Value count = b.emit<math::CeilOp>(getRatio(b, start, limit, delta));
    return b.emit<arith::FPToSIOp>(b.i64(), count);
  }

  /// The distance is one of unsigned numbers: that of signed ones can overflow.
  static Value countIntegers(ScalarBuilder &b, Value start, Value limit, Value delta) {
    Value length = b.sub(b.resize(limit, b.i64()), b.resize(start, b.i64()));
    Value step = b.resize(delta, b.i64()), zero = b.integer(b.i64(), 0);
    Value isDown = b.compare(arith::CmpIPredicate::slt, step, zero);
    length = b.select(isDown, b.sub(zero, length), length);
    step = b.select(isDown, b.sub(zero, step), step);
    Value whole = b.emit<arith::DivUIOp>(length, step), rest = b.emit<arith::RemUIOp>(length, step);
    Value hasRest = b.compare(arith::CmpIPredicate::ne, rest, zero);
    Value count = b.add(whole, b.emit<arith::ExtUIOp>(b.i64(), hasRest));
    return b.emit<arith::MinUIOp>(count, b.integer(b.i64(), maxCount));
  }
};

} // namespace

void tflc::populateRepeatPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertTile, ConvertBroadcastTo, ConvertBroadcastArgs, ConvertFill, ConvertOneHot,
               ConvertZerosLike, ConvertRange>(converter, patterns.getContext());
}
