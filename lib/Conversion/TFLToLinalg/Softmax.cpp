//===- Softmax.cpp - lowering of softmax ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "TFL/IR/TFLDialect.h"
#include "Utils.h"
#include "tflc/Quantization/SoftmaxTable.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace tflc;

namespace {

/// Ops along the last dimension of a tensor.
class Rows {
public:
  Rows(OpBuilder &builder, Location loc, Value input)
      : builder(builder), loc(loc), sizes(tensor::getMixedSizes(builder, loc, input)),
        rank(sizes.size()), whole(builder.getMultiDimIdentityMap(rank)),
        each(whole.getMajorSubMap(rank - 1)) {}

  /// Combines the elements of each row from `initial` on; `body` gets an element of each input and
  /// the result so far.
  Value reduce(ValueRange inputs, ArrayRef<AffineMap> inputMaps, Value initial,
               llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
    Value init = createFilled(builder, loc, ArrayRef(sizes).drop_back(), initial);
    SmallVector<AffineMap> maps(inputMaps);
    maps.push_back(each);
    SmallVector<utils::IteratorType> iterators(rank - 1, utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    return linalg::GenericOp::create(builder, loc, init.getType(), inputs, init, maps, iterators,
                                     [&](OpBuilder &b, Location at, ValueRange args) {
                                       ScalarBuilder scalars(b, at);
                                       linalg::YieldOp::create(b, at, body(scalars, args));
                                     })
        .getResult(0);
  }

  Value map(ValueRange inputs, ArrayRef<AffineMap> maps, Type elementType,
            llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
    return buildElementwise(builder, loc, inputs, maps, sizes, elementType,
                            [&](OpBuilder &b, Location at, ValueRange args) {
                              ScalarBuilder scalars(b, at);
                              return body(scalars, args);
                            });
  }

  /// One value for each row from one value for each row.
  Value mapRows(Value input, Type elementType,
                llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
    AffineMap identity = builder.getMultiDimIdentityMap(rank - 1);
    return buildElementwise(builder, loc, input, identity, ArrayRef(sizes).drop_back(), elementType,
                            [&](OpBuilder &b, Location at, ValueRange args) {
                              ScalarBuilder scalars(b, at);
                              return body(scalars, args);
                            });
  }

  OpBuilder &builder;
  Location loc;
  SmallVector<OpFoldResult> sizes;
  unsigned rank;
  AffineMap whole, each;
};

Value lookUp(ScalarBuilder &b, Value table, Value index) {
  Value at = b.emit<arith::IndexCastOp>(b.getBuilder().getIndexType(), index);
  return b.emit<tensor::ExtractOp>(table, ValueRange{at});
}

/// high(a, b) of the fixed point formulas: a * b with 31 fractional bits.
Value multiplyHigh(ScalarBuilder &b, Value lhs, Value rhs) {
  Value zero = b.integer(b.i8(), 0);
  return b.emit<tflrt::RescaleOp>(b.i32(), lhs, rhs, zero, tflrt::Rounding::Double);
}

struct SoftmaxLowering : OpConversionPattern<tfl::SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::SoftmaxOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Value input = adaptor.getInput();
    auto inputQuantization = getAffineQuantization(op.getInput().getType());
    auto outputQuantization = getAffineQuantization(op.getType());
    bool isFloat = isa<FloatType>(getElementType(input));
    bool isByte = inputQuantization && inputQuantization->width == 8 && outputQuantization;
    if (!isFloat && !isByte)
      return rewriter.notifyMatchFailure(op, "no arithmetic for these types");
    Rows rows(rewriter, op.getLoc(), input);
    Value result = isFloat ? lowerFloat(rows, input, op.getBeta().convertToFloat())
                           : lowerBytes(rows, input, *inputQuantization, *outputQuantization,
                                        op.getBeta().convertToFloat());
    rewriter.replaceOp(
        op, castTo(rewriter, op.getLoc(), result, getTypeConverter()->convertType(op.getType())));
    return success();
  }

private:
  static Value lowerFloat(Rows &rows, Value input, float beta) {
    Type type = getElementType(input);
    Value lowest =
        createFloat(rows.builder, rows.loc, type, -std::numeric_limits<double>::infinity());
    Value maxima = rows.reduce(input, rows.whole, lowest, [](ScalarBuilder &b, ValueRange args) {
      return b.emit<arith::MaximumFOp>(args[0], args[1]);
    });
    Value exps = rows.map({input, maxima}, {rows.whole, rows.each}, type,
                          [&](ScalarBuilder &b, ValueRange args) {
                            Value difference = b.sub(args[0], args[1]);
                            if (beta != 1.0f)
                              difference = b.mul(difference, b.constant(type, beta));
                            return b.emit<math::ExpOp>(difference);
                          });
    Value zero = createZero(rows.builder, rows.loc, type);
    Value sums = rows.reduce(exps, rows.whole, zero, [](ScalarBuilder &b, ValueRange args) {
      return b.add(args[1], args[0]);
    });
    return rows.map(
        {exps, sums}, {rows.whole, rows.each}, type,
        [](ScalarBuilder &b, ValueRange args) { return b.emit<arith::DivFOp>(args[0], args[1]); });
  }

  static Value lowerBytes(Rows &rows, Value input, const AffineQuantization &in,
                          const AffineQuantization &out, float beta) {
    OpBuilder &builder = rows.builder;
    Type i32 = builder.getI32Type();
    std::array<int32_t, 256> entries = makeSoftmaxTable(beta, in.scale);
    Value table = arith::ConstantOp::create(
        builder, rows.loc,
        DenseElementsAttr::get(RankedTensorType::get({256}, i32), ArrayRef(entries)));
    auto widen = [&](ScalarBuilder &b, Value value) {
      return in.isSigned ? b.emit<arith::ExtSIOp>(i32, value) : b.emit<arith::ExtUIOp>(i32, value);
    };
    Value lowest = createInt(builder, rows.loc, getElementType(input), in.limits.min);
    Value maxima = rows.reduce(input, rows.whole, lowest, [&](ScalarBuilder &b, ValueRange args) {
      return in.isSigned ? b.emit<arith::MaxSIOp>(args[0], args[1])
                         : b.emit<arith::MaxUIOp>(args[0], args[1]);
    });
    auto exponential = [&](ScalarBuilder &b, Value element, Value maximum) {
      return lookUp(b, table, b.sub(widen(b, maximum), widen(b, element)));
    };
    Value zero = createZero(builder, rows.loc, i32);
    Value sums = rows.reduce({input, maxima}, {rows.whole, rows.each}, zero,
                             [&](ScalarBuilder &b, ValueRange args) {
                               Value e = exponential(b, args[0], args[1]);
                               return b.add(args[2], b.divideByPowerOfTwo(e, 12));
                             });
    Value reciprocals = rows.mapRows(
        sums, i32, [&](ScalarBuilder &b, ValueRange args) { return reciprocal(b, args[0]); });
    return rows.map(
        {input, maxima, reciprocals, sums}, {rows.whole, rows.each, rows.each, rows.each},
        getElementType(input).isInteger(out.width) ? getElementType(input)
                                                   : builder.getIntegerType(out.width),
        [&](ScalarBuilder &b, ValueRange args) {
          Value e = exponential(b, args[0], args[1]);
          Value share = multiplyHigh(b, args[2], e);
          // Divided by 2^(12 - leading zeros of the sum + 31 - width), halves away from zero.
          Value zeros = b.emit<math::CountLeadingZerosOp>(args[3]);
          Value exponent = b.sub(b.integer(i32, 12 + 31 - out.width), zeros);
          Value one = b.integer(i32, 1);
          Value mask = b.sub(b.emit<arith::ShLIOp>(one, exponent), one);
          Value below = b.emit<arith::AndIOp>(share, mask);
          Value threshold = b.emit<arith::ShRSIOp>(mask, one);
          Value up =
              b.emit<arith::ExtUIOp>(i32, b.compare(arith::CmpIPredicate::sgt, below, threshold));
          Value rounded = b.add(b.emit<arith::ShRSIOp>(share, exponent), up);
          return b.store(b.add(rounded, out.limits.min), out.limits, out);
        });
  }

  /// 1 / (1 + x) with 31 fractional bits, where the sum is 2^k * (1 + x).
  static Value reciprocal(ScalarBuilder &b, Value sum) {
    Type i32 = b.i32(), i64 = b.i64();
    Value zeros = b.emit<math::CountLeadingZerosOp>(sum);
    Value x = b.emit<arith::AddIOp>(b.emit<arith::ShLIOp>(sum, zeros), b.integer(i32, INT32_MIN));
    // (x + 1) / 2, rounded; x is not negative.
    Value wide = b.emit<arith::ExtUIOp>(i64, x);
    wide = b.emit<arith::AddIOp>(wide, b.integer(i64, int64_t(INT32_MAX) + 1));
    Value half = b.emit<arith::TruncIOp>(i32, b.emit<arith::ShRUIOp>(wide, b.integer(i64, 1)));
    // Newton's iteration for 1 / half with two integer bits, from 48/17 - 32/17 * half.
    Value y = b.emit<arith::AddIOp>(b.integer(i32, 1515870810),
                                    multiplyHigh(b, half, b.integer(i32, -1010580540)));
    for (int step = 0; step < 3; ++step) {
      Value error = b.sub(b.integer(i32, 1 << 29), multiplyHigh(b, half, y));
      Value delta = multiplyHigh(b, y, error);
      y = b.emit<arith::AddIOp>(y, saturatingShiftLeft(b, delta, 2));
    }
    return saturatingShiftLeft(b, y, 1);
  }

  static Value saturatingShiftLeft(ScalarBuilder &b, Value value, int distance) {
    int32_t limit = INT32_MAX >> distance;
    Value shifted = b.emit<arith::ShLIOp>(value, b.integer(b.i32(), distance));
    Value high = b.compare(arith::CmpIPredicate::sgt, value, b.integer(b.i32(), limit));
    Value low = b.compare(arith::CmpIPredicate::slt, value, b.integer(b.i32(), -limit - 1));
    shifted = b.select(high, b.integer(b.i32(), INT32_MAX), shifted);
    return b.select(low, b.integer(b.i32(), INT32_MIN), shifted);
  }
};

} // namespace

void tflc::populateSoftmaxPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<SoftmaxLowering>(converter, patterns.getContext());
}
