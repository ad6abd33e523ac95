//===- Search.cpp - lowering of the search family -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Guard.h"
#include "IndexMath.h"
#include "Loops.h"
#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/SearchOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// Whether two elements of a tensor of model type `type` are equal. Two NaN are not.
static Value isEqual(ScalarBuilder &b, Value lhs, Value rhs) {
  if (isa<FloatType>(lhs.getType()))
    return b.compare(arith::CmpFPredicate::OEQ, lhs, rhs);
  return b.compare(arith::CmpIPredicate::eq, lhs, rhs);
}

/// Whether an element of a tensor of model type `type` is greater than another one.
static Value isGreater(ScalarBuilder &b, Value lhs, Value rhs, Type type) {
  if (isa<FloatType>(lhs.getType()))
    return b.compare(arith::CmpFPredicate::OGT, lhs, rhs);
  return b.compare(isUnsignedElement(type) ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::sgt,
                   lhs, rhs);
}

namespace {

//===----------------------------------------------------------------------===//
// TOPK_V2
//===----------------------------------------------------------------------===//

struct ConvertTopK : OpConversionPattern<tfl::TopkV2Op> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::TopkV2Op op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ScalarBuilder b(rewriter, op.getLoc());
    Value input = adaptor.getInput();
    int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
    Value rowSize = getSize(b, input, rank - 1);
    Value k = getCount(b, op, adaptor.getK(), rowSize);

    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, op.getLoc(), input);
    sizes.back() = getAsOpFoldResult(k);
    Type elementType = getElementType(input);
    Type indexType = op.getIndices().getType().getElementType();
    Value values = createEmpty(rewriter, op.getLoc(), sizes, elementType);
    Value indices = createEmpty(rewriter, op.getLoc(), sizes, indexType);
    SmallVector<Value> loops;
    for (int64_t i = 0; i + 1 < rank; ++i)
      loops.push_back(getSize(b, input, i));
    loops.push_back(rowSize);
    SmallVector<Value> results = buildLoops(
        b, loops, {values, indices}, [&](ScalarBuilder &body, ValueRange place, ValueRange tops) {
          return insertElement(body, op, input, place, k, tops);
        });
    for (auto [result, old] : llvm::zip_equal(results, op.getResults()))
      result =
          castTo(rewriter, op.getLoc(), result, getTypeConverter()->convertType(old.getType()));
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  /// The number of elements that are asked for, none of them beyond a row.
  static Value getCount(ScalarBuilder &b, tfl::TopkV2Op op, Value k, Value rowSize) {
    Type index = b.getBuilder().getIndexType();
    if (std::optional<int64_t> known = tfl::evaluateInt(op.getK()))
      if (!op.getInput().getType().isDynamicDim(op.getInput().getType().getRank() - 1))
        return b.integer(index, *known);
    k = guardElements(b.getBuilder(), b.getLoc(), k, k, TFLC_INVALID_VALUE,
                      [&](ScalarBuilder &body, ValueRange args) {
                        Value count = castToIndex(body, args[0]);
                        return body.compare(arith::CmpIPredicate::ugt, count, rowSize);
                      });
    SmallVector<Value> place(cast<RankedTensorType>(k.getType()).getRank(), b.integer(index, 0));
    return createSize(b, castToIndex(b, extract(b, k, place)), rowSize);
  }

  /// Element `place` takes its place among the greatest so far, which stand in order: smaller ones
  /// move down by one, and the last one goes.
  static SmallVector<Value> insertElement(ScalarBuilder &b, tfl::TopkV2Op op, Value input,
                                          ValueRange place, Value k, ValueRange tops) {
    Type index = b.getBuilder().getIndexType();
    Value zero = b.integer(index, 0), one = b.integer(index, 1);
    Value number = place.back(), element = extract(b, input, place);
    auto at = [&](Value position) {
      SmallVector<Value> indices(place.drop_back());
      indices.push_back(position);
      return indices;
    };
    Type modelType = op.getInput().getType().getElementType();
    // Of k elements the last one has to be overcome; before there are that many, none.
    Value isFull = b.compare(arith::CmpIPredicate::uge, number, k);
    Value hasRoom = b.compare(arith::CmpIPredicate::ne, k, zero);
    return buildIf(b, hasRoom, tops, [&](ScalarBuilder &b, ValueRange tops) {
      Value last = b.emit<arith::SubIOp>(k, one);
      Value end = b.select(isFull, last, number);
      Value lowest = extract(b, tops[0], at(b.emit<arith::MinUIOp>(last, end)));
      Value isBetter = isGreater(b, element, lowest, modelType);
      Value isWanted = b.select(isFull, isBetter, b.integer(b.getBuilder().getI1Type(), 1));
      return buildIf(b, isWanted, tops, [&](ScalarBuilder &b, ValueRange tops) {
        SmallVector<Value> moved = buildWhile(
            b, {end, tops[0], tops[1]},
            [&](ScalarBuilder &b, ValueRange args) {
              Value isInside = b.compare(arith::CmpIPredicate::ne, args[0], zero);
              Value before = b.select(isInside, b.emit<arith::SubIOp>(args[0], one), zero);
              Value other = extract(b, args[1], at(before));
              return b.emit<arith::AndIOp>(isInside, isGreater(b, element, other, modelType));
            },
            [&](ScalarBuilder &b, ValueRange args) -> SmallVector<Value> {
              Value before = b.emit<arith::SubIOp>(args[0], one);
              Value value = extract(b, args[1], at(before));
              Value origin = extract(b, args[2], at(before));
              return {before, insert(b, value, args[1], at(args[0])),
                      insert(b, origin, args[2], at(args[0]))};
            });
        Value origin = castFromIndex(b, number, getElementType(tops[1]));
        return SmallVector<Value>{insert(b, element, moved[1], at(moved[0])),
                                  insert(b, origin, moved[2], at(moved[0]))};
      });
    });
  }
};

//===----------------------------------------------------------------------===//
// UNIQUE
//===----------------------------------------------------------------------===//

struct ConvertUnique : OpConversionPattern<tfl::UniqueOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::UniqueOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ScalarBuilder b(rewriter, loc);
    Value input = adaptor.getInput(), size = getSize(b, input, 0);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, input);
    Type elementType = getElementType(input);
    Type indexType = op.getIndices().getType().getElementType();
    Value zero = b.integer(rewriter.getIndexType(), 0), one = b.integer(rewriter.getIndexType(), 1);
    SmallVector<Value> carried = {createEmpty(rewriter, loc, sizes, elementType),
                                  createEmpty(rewriter, loc, sizes, indexType), zero};
    carried = buildLoops(
        b, size, carried,
        [&](ScalarBuilder &b, ValueRange place, ValueRange carried) -> SmallVector<Value> {
          Value values = carried[0], count = carried[2], element = extract(b, input, place);
          Value found = buildWhile(
              b, zero,
              [&](ScalarBuilder &b, ValueRange args) {
                Value isInside = b.compare(arith::CmpIPredicate::ult, args[0], count);
                Value other = extract(b, values, b.select(isInside, args[0], zero));
                Value isOther =
                    b.select(isEqual(b, element, other), b.integer(b.getBuilder().getI1Type(), 0),
                             b.integer(b.getBuilder().getI1Type(), 1));
                return b.emit<arith::AndIOp>(isInside, isOther);
              },
              [&](ScalarBuilder &b, ValueRange args) -> SmallVector<Value> {
                return {b.emit<arith::AddIOp>(args[0], one)};
              })[0];
          Value indices = insert(b, castFromIndex(b, found, indexType), carried[1], place);
          // A known value is stored once more, where it stands.
          values = insert(b, element, values, found);
          Value isNew = b.compare(arith::CmpIPredicate::eq, found, count);
          count = b.select(isNew, b.emit<arith::AddIOp>(count, one), count);
          return {values, indices, count};
        });
    Value count = createSize(b, carried[2], size);
    Value values = buildElementwise(rewriter, loc, {}, getAsOpFoldResult(count), elementType,
                                    [&](OpBuilder &builder, Location l, ValueRange) -> Value {
                                      Value i = linalg::IndexOp::create(builder, l, 0);
                                      return tensor::ExtractOp::create(builder, l, carried[0], i);
                                    });
    rewriter.replaceOp(op, {values, carried[1]});
    return success();
  }
};

//===----------------------------------------------------------------------===//
// WHERE
//===----------------------------------------------------------------------===//

/// Counts the places first, so that the result is no larger than it has to be.
struct ConvertWhere : OpConversionPattern<tfl::WhereOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::WhereOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ScalarBuilder b(rewriter, loc);
    Value condition = adaptor.getCondition();
    auto type = cast<RankedTensorType>(condition.getType());
    Value zero = b.integer(rewriter.getIndexType(), 0), one = b.integer(rewriter.getIndexType(), 1);
    Value falsity = createZero(rewriter, loc, type.getElementType());
    SmallVector<Value> sizes;
    for (int64_t i = 0; i < type.getRank(); ++i)
      sizes.push_back(getSize(b, condition, i));

    auto isSet = [&](ScalarBuilder &b, ValueRange place) -> Value {
      Value element = extract(b, condition, place);
      // NaN is not zero.
      if (isa<FloatType>(element.getType()))
        return b.compare(arith::CmpFPredicate::UNE, element, falsity);
      return b.compare(arith::CmpIPredicate::ne, element, falsity);
    };
    Value count = buildLoops(
        b, sizes, zero,
        [&](ScalarBuilder &b, ValueRange place, ValueRange counted) -> SmallVector<Value> {
          Value next = b.emit<arith::AddIOp>(counted[0], one);
          return {b.select(isSet(b, place), next, counted[0])};
        })[0];
    IndexMath math(rewriter, loc);
    Value limit = math.getValue(math.product(tensor::getMixedSizes(rewriter, loc, condition)));
    count = createSize(b, count, limit);
    Value empty = createEmpty(
        rewriter, loc, {getAsOpFoldResult(count), rewriter.getIndexAttr(type.getRank())}, b.i64());
    auto addPlace = [&](ScalarBuilder &b, ValueRange place, ValueRange carried) {
      return buildIf(b, isSet(b, place), carried,
                     [&](ScalarBuilder &b, ValueRange carried) -> SmallVector<Value> {
                       Value places = carried[0], row = carried[1];
                       for (auto [dim, index] : llvm::enumerate(place))
                         places = insert(b, castFromIndex(b, index, b.i64()), places,
                                         {row, b.integer(row.getType(), dim)});
                       return {places, b.emit<arith::AddIOp>(row, one)};
                     });
    };
    rewriter.replaceOp(op, buildLoops(b, sizes, {empty, zero}, addPlace)[0]);
    return success();
  }
};

} // namespace

void tflc::populateSearchPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertTopK, ConvertUnique, ConvertWhere>(converter, patterns.getContext());
}
