//===- Lookup.cpp - lowering of the lookup family -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "Fingerprint.h"
#include "Guard.h"
#include "IndexMath.h"
#include "KeySearch.h"
#include "Loops.h"
#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/LookupOps.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// A tensor as a matrix: its first `numRowDims` dimensions become rows, the others columns.
static Value reshapeToMatrix(OpBuilder &builder, Location loc, Value tensor,
                             ArrayRef<OpFoldResult> sizes, size_t numRowDims) {
  IndexMath math(builder, loc);
  OpFoldResult rows = math.product(sizes.take_front(numRowDims));
  OpFoldResult columns = math.product(sizes.drop_front(numRowDims));
  auto getSize = [](OpFoldResult size) {
    return getConstantIntValue(size).value_or(ShapedType::kDynamic);
  };
  auto type = RankedTensorType::get({getSize(rows), getSize(columns)}, getElementType(tensor));
  return reshapeTo(builder, loc, tensor, type, {rows, columns});
}

namespace {

//===----------------------------------------------------------------------===//
// EMBEDDING_LOOKUP_SPARSE
//===----------------------------------------------------------------------===//

struct ConvertEmbeddingLookupSparse : OpConversionPattern<tfl::EmbeddingLookupSparseOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::EmbeddingLookupSparseOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ScalarBuilder b(rewriter, loc);
    IndexMath math(rewriter, loc);
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    int64_t numSizes = op.getIndices().getType().getDimSize(1) - 1;

    SmallVector<OpFoldResult> table = tensor::getMixedSizes(rewriter, loc, adaptor.getValue());
    SmallVector<OpFoldResult> sizes;
    for (int64_t i = 0; i < numSizes; ++i)
      sizes.push_back(
          math.max(math.getElement(op.getDenseShape(), adaptor.getDenseShape(), i), math.get(0)));
    SmallVector<OpFoldResult> buckets = sizes;
    llvm::append_range(sizes, ArrayRef(table).drop_front());
    Value rows = reshapeToMatrix(rewriter, loc, adaptor.getValue(), table, 1);
    Value ids = guardIndices(rewriter, loc, op.getIds(), adaptor.getIds(), table[0]);
    Value indices = adaptor.getIndices();
    if (numSizes > 0)
      indices = guardPlaces(
          rewriter, loc,
          sliceTensor(rewriter, loc, indices, {math.get(0), math.get(0)},
                      {tensor::getMixedSize(rewriter, loc, indices, 0), math.get(numSizes)}),
          buckets);
    Value sums = createFilled(rewriter, loc,
                              {math.product(buckets), math.product(ArrayRef(table).drop_front())},
                              b.constant(b.f32(), 0));
    sums = combine(b, op.getCombiner(), {ids, indices, adaptor.getWeights(), rows}, buckets, sums);
    SmallVector<int64_t> shape;
    for (OpFoldResult size : sizes)
      shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
    Value result = reshapeTo(rewriter, loc, sums, type.clone(shape), sizes);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  struct Operands {
    Value ids, indices, weights, rows;
  };

  static Value combine(ScalarBuilder &b, StringRef combiner, const Operands &operands,
                       ArrayRef<OpFoldResult> buckets, Value sums) {
    Value zero = b.integer(b.getBuilder().getIndexType(), 0), nothing = b.constant(b.f32(), 0);
    Value columns = getSize(b, operands.rows, 1);
    auto divide = [&](ScalarBuilder &b, Value sums, Value bucket, Value divisor) {
      return buildLoop(b, columns, sums, [&](ScalarBuilder &b, Value column, Value carried) {
        Value old = extract(b, carried, {bucket, column});
        return insert(b, b.emit<arith::DivFOp>(old, divisor), carried, {bucket, column});
      });
    };
    // Carried: the result, the present bucket, and its divisor (before a square root).
    bool isDivided = combiner != "SUM", isRoot = combiner == "SQRTN";
    auto getDivisor = [&](ScalarBuilder &b, Value sum) {
      return isRoot ? b.emit<math::SqrtOp>(sum) : sum;
    };
    auto addRow = [&](ScalarBuilder &b, ValueRange place,
                      ValueRange carried) -> SmallVector<Value> {
      Value sums = carried[0], divisor = carried[2];
      Value bucket = getBucket(b, operands.indices, place[0], buckets);
      if (isDivided) {
        Value isOther = b.compare(arith::CmpIPredicate::ne, bucket, carried[1]);
        Value isFirst = b.compare(arith::CmpIPredicate::eq, place[0], zero);
        // Nothing has been added to the bucket that is there in the beginning.
        Value isDone = b.emit<arith::AndIOp>(
            isOther, b.emit<arith::XOrIOp>(isFirst, b.integer(isFirst.getType(), 1)));
        sums =
            buildIf(b, isDone, sums, [&](ScalarBuilder &b, ValueRange args) -> SmallVector<Value> {
              return {divide(b, args[0], carried[1], getDivisor(b, divisor))};
            })[0];
        divisor = b.select(isOther, nothing, divisor);
      }
      Value weight = extract(b, operands.weights, place);
      Value row = castToIndex(b, extract(b, operands.ids, place));
      sums = buildLoop(b, columns, sums, [&](ScalarBuilder &b, Value column, Value carried) {
        Value element = extract(b, operands.rows, {row, column});
        Value old = extract(b, carried, {bucket, column});
        Value sum = b.emit<arith::AddFOp>(old, b.emit<arith::MulFOp>(element, weight));
        return insert(b, sum, carried, {bucket, column});
      });
      Value part = isRoot ? b.emit<arith::MulFOp>(weight, weight) : weight;
      return {sums, bucket, b.emit<arith::AddFOp>(divisor, part)};
    };
    Value count = getSize(b, operands.ids, 0);
    SmallVector<Value> carried = buildLoops(b, count, {sums, zero, nothing}, addRow);
    if (!isDivided)
      return carried[0];
    Value isAny = b.compare(arith::CmpIPredicate::ne, count, zero);
    return buildIf(b, isAny, carried[0], [&](ScalarBuilder &b, ValueRange args) {
      return SmallVector<Value>{divide(b, args[0], carried[1], getDivisor(b, carried[2]))};
    })[0];
  }

  /// The row of the result that id `number` belongs to.
  static Value getBucket(ScalarBuilder &b, Value indices, Value number,
                         ArrayRef<OpFoldResult> buckets) {
    IndexMath math(b.getBuilder(), b.getLoc());
    OpFoldResult bucket = math.get(0);
    for (auto [i, size] : llvm::enumerate(buckets)) {
      Value column = math.getValue(math.get(i));
      OpFoldResult index = castToIndex(b, extract(b, indices, {number, column}));
      bucket = math.add(math.mul(bucket, size), index);
    }
    return math.getValue(bucket);
  }
};

//===----------------------------------------------------------------------===//
// HASHTABLE_LOOKUP
//===----------------------------------------------------------------------===//

struct ConvertHashtableLookup : OpConversionPattern<tfl::HashtableLookupOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::HashtableLookupOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ScalarBuilder b(rewriter, loc);
    IndexMath math(rewriter, loc);
    Value table = adaptor.getValue();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getOutput().getType());
    if (!isa<IntegerType, FloatType>(type.getElementType()))
      return rewriter.notifyMatchFailure(op, "neither integers nor floats");
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, table);
    sizes[0] = tensor::getMixedSize(rewriter, loc, adaptor.getLookup(), 0);

    // The row of each key; -1 where there is none.
    AffineMap rowMap = AffineMap::get(1, 0, rewriter.getAffineDimExpr(0));
    Value places = buildElementwise(rewriter, loc, adaptor.getLookup(), {rowMap}, sizes[0], b.i32(),
                                    [&](OpBuilder &builder, Location at, ValueRange args) {
                                      ScalarBuilder body(builder, at);
                                      return findKey(body, adaptor.getKeys(), args[0]);
                                    });
    Value hits = buildElementwise(rewriter, loc, places, {rowMap}, sizes[0], b.i8(),
                                  [&](OpBuilder &builder, Location at, ValueRange args) {
                                    ScalarBuilder body(builder, at);
                                    return body.storeBool(isFound(body, args[0]));
                                  });
    bool isEmptyTable = op.getKeys().getType().getDimSize(0) == 0;
    auto map = AffineMap::get(type.getRank(), 0, rewriter.getAffineDimExpr(0));
    Value result =
        buildElementwise(rewriter, loc, places, {map}, sizes, type.getElementType(),
                         [&](OpBuilder &builder, Location at, ValueRange args) -> Value {
                           ScalarBuilder body(builder, at);
                           Value nothing = createZero(builder, at, type.getElementType());
                           if (isEmptyTable)
                             return nothing;
                           Value found = isFound(body, args[0]);
                           SmallVector<Value> place = {getReadable(body, args[0])};
                           for (int64_t i = 1; i < type.getRank(); ++i)
                             place.push_back(linalg::IndexOp::create(builder, at, i));
                           return body.select(found, extract(body, table, place), nothing);
                         });
    SmallVector<Value> results = {result, hits};
    for (auto [value, old] : llvm::zip_equal(results, op.getResults()))
      value = castTo(rewriter, loc, value, getTypeConverter()->convertType(old.getType()));
    rewriter.replaceOp(op, results);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// LSH_PROJECTION
//===----------------------------------------------------------------------===//

struct ConvertLshProjection : OpConversionPattern<tfl::LshProjectionOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::LshProjectionOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getOutput().getType());
    auto input = cast<RankedTensorType>(adaptor.getInput().getType());
    // An item of many bytes would become as much code.
    constexpr int64_t maxItemBytes = 4096;
    Type element = input.getElementType();
    if (!isa<IntegerType, FloatType>(element))
      return rewriter.notifyMatchFailure(op, "neither integers nor floats");
    int64_t itemBytes = element.getIntOrFloatBitWidth() / 8;
    for (int64_t size : input.getShape().drop_front()) {
      if (ShapedType::isDynamic(size) || size > maxItemBytes)
        return rewriter.notifyMatchFailure(op, "the size of an item is unknown or large");
      itemBytes *= size;
    }
    if (itemBytes > maxItemBytes)
      return rewriter.notifyMatchFailure(op, "an item is large");

    bool isDense = op.getType() == "DENSE";
    int64_t bits = op.getHash().getType().getDimSize(1);
    IndexMath math(rewriter, loc);
    OpFoldResult numRows = tensor::getMixedSize(rewriter, loc, adaptor.getHash(), 0);
    OpFoldResult size = isDense ? math.mul(numRows, math.get(bits)) : numRows;
    Value result =
        buildElementwise(rewriter, loc, {}, size, rewriter.getI32Type(),
                         [&](OpBuilder &builder, Location at, ValueRange) -> Value {
                           ScalarBuilder b(builder, at);
                           Value number = linalg::IndexOp::create(builder, at, 0);
                           if (!isDense)
                             return computeSignature(b, adaptor, number, bits);
                           Value width = b.integer(number.getType(), bits);
                           return computeBit(b, adaptor, b.emit<arith::DivUIOp>(number, width),
                                             b.emit<arith::RemUIOp>(number, width));
                         });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  /// All bits of a row, and what tells it from those of other rows.
  static Value computeSignature(ScalarBuilder &b, OpAdaptor operands, Value row, int64_t bits) {
    Value width = b.integer(row.getType(), bits);
    Value signature =
        buildLoop(b, width, b.integer(b.i32(), 0), [&](ScalarBuilder &b, Value column, Value bits) {
          Value bit = computeBit(b, operands, row, column);
          return b.emit<arith::OrIOp>(b.shiftLeft(bits, 1), bit);
        });
    Value offset = castFromIndex(b, row, b.i32());
    // 2^32 is beyond the result.
    offset = bits < 32 ? b.shiftLeft(offset, bits) : b.integer(b.i32(), 0);
    return b.add(signature, offset);
  }

  /// Whether the weighted sum of the items' fingerprints under a seed is above zero, as 0 or 1.
  static Value computeBit(ScalarBuilder &b, OpAdaptor operands, Value row, Value column) {
    Type f64 = b.getBuilder().getF64Type();
    Value seed = b.emit<arith::BitcastOp>(b.i32(), extract(b, operands.getHash(), {row, column}));
    Value zero = b.constant(f64, 0);
    Value score = buildLoop(
        b, getSize(b, operands.getInput(), 0), zero, [&](ScalarBuilder &b, Value item, Value sum) {
          SmallVector<Value> bytes;
          appendBytes(b, seed, bytes);
          appendItem(b, operands.getInput(), item, bytes);
          Value value = b.emit<arith::SIToFPOp>(f64, computeFingerprint(b, bytes));
          if (operands.getWeight()) {
            Value weight = extract(b, operands.getWeight(), item);
            value = b.emit<arith::MulFOp>(value, b.emit<arith::ExtFOp>(f64, weight));
          }
          return b.emit<arith::AddFOp>(sum, value);
        });
    Value isSet = b.compare(arith::CmpFPredicate::OGT, score, zero);
    return b.emit<arith::ExtUIOp>(b.i32(), isSet);
  }

  /// The bytes of an integer, the lowest first, each as an i64.
  static void appendBytes(ScalarBuilder &b, Value value, SmallVectorImpl<Value> &bytes) {
    unsigned width = value.getType().getIntOrFloatBitWidth();
    Value wide = width == 64 ? value : b.emit<arith::ExtUIOp>(b.i64(), value);
    for (unsigned shift = 0; shift < width; shift += 8) {
      Value part = b.emit<arith::ShRUIOp>(wide, b.integer(b.i64(), shift));
      bytes.push_back(b.emit<arith::AndIOp>(part, b.integer(b.i64(), 0xff)));
    }
  }

  static void appendItem(ScalarBuilder &b, Value input, Value item, SmallVectorImpl<Value> &bytes) {
    auto type = cast<RankedTensorType>(input.getType());
    ArrayRef<int64_t> shape = type.getShape().drop_front();
    int64_t count = ShapedType::getNumElements(shape);
    for (int64_t i = 0; i < count; ++i) {
      SmallVector<Value> place;
      int64_t rest = i;
      for (int64_t size : llvm::reverse(shape)) {
        place.insert(place.begin(), b.integer(item.getType(), rest % size));
        rest /= size;
      }
      place.insert(place.begin(), item);
      Value element = extract(b, input, place);
      if (isa<FloatType>(type.getElementType()))
        element = b.emit<arith::BitcastOp>(
            b.getBuilder().getIntegerType(type.getElementTypeBitWidth()), element);
      appendBytes(b, element, bytes);
    }
  }
};

} // namespace

void tflc::populateLookupPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertEmbeddingLookupSparse, ConvertHashtableLookup, ConvertLshProjection>(
      converter, patterns.getContext());
}
