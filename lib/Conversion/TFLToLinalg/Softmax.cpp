//===- Softmax.cpp - lowering of softmax ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"
#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "TFL/IR/SoftmaxOps.h"
#include "TableLookup.h"
#include "Utils.h"
#include "tflc/Quantization/SoftmaxTable.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>
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
        each(whole.dropResult(rank - 1)) {}

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

/// The largest of the quantized bytes of each row.
Value reduceMaximum(Rows &rows, Value input, const AffineQuantization &in) {
  Value lowest = createInt(rows.builder, rows.loc, getElementType(input), in.limits.min);
  return rows.reduce(input, rows.whole, lowest, [&](ScalarBuilder &b, ValueRange args) {
    return in.isSigned ? b.emit<arith::MaxSIOp>(args[0], args[1])
                       : b.emit<arith::MaxUIOp>(args[0], args[1]);
  });
}

struct SoftmaxLowering : OpConversionPattern<tfl::SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::SoftmaxOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Value input = adaptor.getInput();
    auto inputQuantization = getAffineQuantization(op.getInput().getType());
    auto outputQuantization = getAffineQuantization(op.getType());
    float beta = op.getBeta().convertToFloat();
    Rows rows(rewriter, op.getLoc(), input);
    Value result;
    if (isa<FloatType>(getElementType(input)))
      result = lowerFloat(rows, input, beta);
    else if (!inputQuantization || !outputQuantization)
      return rewriter.notifyMatchFailure(op, "no arithmetic for these types");
    else if (inputQuantization->width == 8)
      result = lowerBytes(rows, input, *inputQuantization, *outputQuantization, beta);
    else
      result = lowerShorts(rows, input, *inputQuantization, beta);
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }

private:
  /// In float32, whatever the width of the operand.
  static Value lowerFloat(Rows &rows, Value input, float beta) {
    Type type = rows.builder.getF32Type(), element = getElementType(input);
    bool isNarrow = element != type;
    if (isNarrow)
      input = rows.map(input, rows.whole, type, [&](ScalarBuilder &b, ValueRange args) {
        return b.emit<arith::ExtFOp>(type, args[0]);
      });
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
    return rows.map({exps, sums}, {rows.whole, rows.each}, element,
                    [&](ScalarBuilder &b, ValueRange args) {
                      // One quotient for a row leaves a product for each element.
                      Value inverse = b.emit<arith::DivFOp>(b.constant(type, 1), args[1]);
                      Value share = b.mul(args[0], inverse);
                      return isNarrow ? b.emit<arith::TruncFOp>(element, share) : share;
                    });
  }

  /// 16 bits: exponentials and the reciprocal of their sum by interpolated tables.
  static Value lowerShorts(Rows &rows, Value input, const AffineQuantization &in, float beta) {
    OpBuilder &builder = rows.builder;
    Type i16 = builder.getI16Type(), i32 = builder.getI32Type();
    constexpr int32_t least = INT16_MIN, most = INT16_MAX;
    constexpr double range = double(most) - least;
    Value expTable = createTable(builder, rows.loc,
                                 makeRealTable16<double>(10.0 / range, most, 2.0 / range, 0,
                                                         [](double x) { return std::exp(x); }));
    Value reciprocalTable =
        createTable(builder, rows.loc,
                    makeRealTable16<double>(1.0 / range, least, 2.0 / range, 0,
                                            [](double x) { return 1.0 / (1.0 + x); }));
    FixedPointMultiplier scale = quantizeMultiplier(double(in.scale * beta) / (10.0 / 65535.0));
    Value lowest = createInt(builder, rows.loc, i16, least);
    Value maxima = rows.reduce(input, rows.whole, lowest, [](ScalarBuilder &b, ValueRange args) {
      return b.emit<arith::MaxSIOp>(args[0], args[1]);
    });
    Value exps = rows.map(
        {input, maxima}, {rows.whole, rows.each}, i16, [&](ScalarBuilder &b, ValueRange args) {
          Value difference = b.sub(b.resize(args[0], i32), b.resize(args[1], i32));
          Value moved = b.add(b.rescale(difference, scale), most);
          Value argument = b.resize(b.clamp(moved, least, most), i16);
          return interpolateTable(b, expTable, argument);
        });
    Value sums = rows.reduce(
        exps, rows.whole, createZero(builder, rows.loc, i32),
        [&](ScalarBuilder &b, ValueRange args) { return b.add(args[1], b.resize(args[0], i32)); });
    // The sum is 2^(16 - zeros) * (1 + x) with 15 fractional bits.
    Value reciprocals = rows.mapRows(sums, i16, [&](ScalarBuilder &b, ValueRange args) {
      Value zeros = b.emit<math::CountLeadingZerosOp>(args[0]);
      Value wide = b.resize(args[0], b.i64());
      wide = b.emit<arith::ShLIOp>(wide, b.resize(b.add(zeros, -1), b.i64()));
      Value shifted = b.resize(b.shiftRight(b.add(wide, 1 << 13), 14), i32);
      Value x = b.clamp(b.add(shifted, -((1 << 15) + (1 << 16))), least, most);
      return interpolateTable(b, reciprocalTable, b.resize(x, i16));
    });
    return rows.map({exps, reciprocals, sums}, {rows.whole, rows.each, rows.each}, i16,
                    [&](ScalarBuilder &b, ValueRange args) {
                      Value zeros = b.emit<math::CountLeadingZerosOp>(args[2]);
                      Value distance = b.sub(b.integer(i32, 31), zeros);
                      Value product = b.mul(b.resize(args[0], i32), b.resize(args[1], i32));
                      Value half = b.emit<arith::ShLIOp>(b.integer(i32, 1), b.add(distance, -1));
                      Value share = b.emit<arith::ShRSIOp>(b.add(product, half), distance);
                      return b.resize(b.clamp(share, 0, most), i16);
                    });
  }

  static Value lowerBytes(Rows &rows, Value input, const AffineQuantization &in,
                          const AffineQuantization &out, float beta) {
    OpBuilder &builder = rows.builder;
    Type i32 = builder.getI32Type();
    std::array<int32_t, 256> entries = makeSoftmaxTable(beta, in.scale);
    Value table = createTable(builder, rows.loc, entries);
    Value maxima = reduceMaximum(rows, input, in);
    // The difference as a byte: no lane of a vector can read outside of the table, whatever it
    // holds.
    auto exponential = [&](ScalarBuilder &b, Value element, Value maximum) {
      return readTable(b, table, b.sub(maximum, element));
    };
    Value zero = createZero(builder, rows.loc, i32);
    Value sums = rows.reduce({input, maxima}, {rows.whole, rows.each}, zero,
                             [&](ScalarBuilder &b, ValueRange args) {
                               Value e = exponential(b, args[0], args[1]);
                               return b.add(args[2], b.divideByPowerOfTwo(e, 12));
                             });
    Value reciprocals = rows.mapRows(sums, i32, [&](ScalarBuilder &b, ValueRange args) {
      return emitReciprocal(b, args[0], b.emit<math::CountLeadingZerosOp>(args[0]));
    });
    return rows.map({input, maxima, reciprocals, sums},
                    {rows.whole, rows.each, rows.each, rows.each},
                    getElementType(input).isInteger(out.width) ? getElementType(input)
                                                               : builder.getIntegerType(out.width),
                    [&](ScalarBuilder &b, ValueRange args) {
                      Value e = exponential(b, args[0], args[1]);
                      Value share = multiplyHigh(b, args[2], e);
                      // Divided by 2^(12 - leading zeros of the sum + 31 - width), halves away from
                      // zero.
                      Value zeros = b.emit<math::CountLeadingZerosOp>(args[3]);
                      Value exponent = b.sub(b.integer(i32, 12 + 31 - out.width), zeros);
                      Value rounded = divideByPowerOfTwo(b, share, exponent);
                      return b.store(b.add(rounded, out.limits.min), out.limits, out);
                    });
  }
};

struct LogSoftmaxLowering : OpConversionPattern<tfl::LogSoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::LogSoftmaxOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Value input = adaptor.getInput();
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    Location loc = op.getLoc();
    Rows rows(rewriter, loc, input);
    Value result;
    if (isa<FloatType>(getElementType(input)))
      result = lowerFloat(rows, input);
    else if (in && out)
      result = lowerBytes(rows, input, *in, *out);
    else
      return rewriter.notifyMatchFailure(op, "no arithmetic for these types");
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }

private:
  static Value lowerFloat(Rows &rows, Value input) {
    OpBuilder &rewriter = rows.builder;
    Location loc = rows.loc;
    Type type = getElementType(input);
    Value lowest = createFloat(rewriter, loc, type, -std::numeric_limits<double>::infinity());
    Value maxima = rows.reduce(input, rows.whole, lowest, [](ScalarBuilder &b, ValueRange args) {
      return b.emit<arith::MaximumFOp>(args[0], args[1]);
    });
    Value sums =
        rows.reduce({input, maxima}, {rows.whole, rows.each}, createZero(rewriter, loc, type),
                    [](ScalarBuilder &b, ValueRange args) {
                      return b.add(args[2], b.emit<math::ExpOp>(b.sub(args[0], args[1])));
                    });
    Value logs = rows.mapRows(
        sums, type, [](ScalarBuilder &b, ValueRange args) { return b.emit<math::LogOp>(args[0]); });
    return rows.map(
        {input, maxima, logs}, {rows.whole, rows.each, rows.each}, type,
        [](ScalarBuilder &b, ValueRange args) { return b.sub(b.sub(args[0], args[1]), args[2]); });
  }

  static Value lowerBytes(Rows &rows, Value input, const AffineQuantization &in,
                          const AffineQuantization &out) {
    OpBuilder &builder = rows.builder;
    Type i32 = builder.getI32Type();
    std::array<int32_t, 256> differences = makeDifferenceTable(/*beta=*/1, in.scale);
    std::array<int32_t, 256> exps = makeSoftmaxTable(/*beta=*/1, in.scale);
    // The least result stands for -16 and all that is below it; a logarithm subtracted from -20
    // still fits.
    for (int32_t &difference : differences)
      difference = std::max(difference, -20 * (1 << 26));
    Value differenceTable = createTable(builder, rows.loc, differences);
    Value expTable = createTable(builder, rows.loc, exps);
    Value maxima = reduceMaximum(rows, input, in);
    Value sums =
        rows.reduce({input, maxima}, {rows.whole, rows.each}, createZero(builder, rows.loc, i32),
                    [&](ScalarBuilder &b, ValueRange args) {
                      Value e = readTable(b, expTable, b.sub(args[1], args[0]));
                      return b.add(args[2], b.divideByPowerOfTwo(e, 12));
                    });
    Value logs = rows.mapRows(
        sums, i32, [](ScalarBuilder &b, ValueRange args) { return emitLogarithm(b, args[0]); });
    return rows.map({input, maxima, logs}, {rows.whole, rows.each, rows.each},
                    getElementType(input), [&](ScalarBuilder &b, ValueRange args) {
                      Value difference = readTable(b, differenceTable, b.sub(args[1], args[0]));
                      Value log = b.divideByPowerOfTwo(b.sub(difference, args[2]), 22);
                      return b.store(b.add(log, out.zeroPoint), out.limits, out);
                    });
  }
};

} // namespace

void tflc::populateSoftmaxPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<SoftmaxLowering, LogSoftmaxLowering>(converter, patterns.getContext());
}
