//===- Random.cpp - lowering of the random family -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Guard.h"
#include "IndexMath.h"
#include "Loops.h"
#include "Philox.h"
#include "PopulatePatterns.h"
#include "SizeChecks.h"
#include "Utils.h"
#include "Variables.h"

#include "TFL/IR/RandomOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

RandomStates tflc::declareRandomStates(ModuleOp module) {
  RandomStates states;
  SymbolTable table(module);
  auto builder = OpBuilder::atBlockBegin(module.getBody());
  module.walk([&](tfl::StateOpInterface op) {
    tfl::StateInfo state = op.getStateInfo();
    if (!state.name.empty() || !state.initial)
      return;
    auto variable =
        tflrt::VariableOp::create(builder, op.getLoc(), "random", state.type, state.initial);
    states[op] = table.insert(variable, builder.getInsertionPoint());
  });
  return states;
}

namespace {

template <typename Op> struct RandomPattern : OpConversionPattern<Op> {
  RandomPattern(const TypeConverter &converter, MLIRContext *context, const RandomStates &states)
      : OpConversionPattern<Op>(converter, context), states(states) {}

  PhiloxCounter readCounter(ScalarBuilder &b, Op op) const {
    auto type = RankedTensorType::get({2}, b.i64());
    Value state = b.emit<tflrt::ReadVariableOp>(type, getSymbol(op));
    Type index = b.getBuilder().getIndexType();
    return {extract(b, state, b.integer(index, 0)), extract(b, state, b.integer(index, 1))};
  }

  void writeCounter(ScalarBuilder &b, Op op, const PhiloxCounter &counter) const {
    Value state = b.emit<tensor::FromElementsOp>(ValueRange{counter.low, counter.high});
    tflrt::AssignVariableOp::create(b.getBuilder(), b.getLoc(), getSymbol(op), state);
  }

private:
  FlatSymbolRefAttr getSymbol(Op op) const { return FlatSymbolRefAttr::get(states.lookup(op)); }

  const RandomStates &states;
};

} // namespace

/// Word `number` (an index in [0, 4)) of four.
static Value selectWord(ScalarBuilder &b, const std::array<Value, 4> &words, Value number) {
  Value result = words[3];
  for (int64_t i = 2; i >= 0; --i)
    result = b.select(b.compare(arith::CmpIPredicate::eq, number, b.integer(number.getType(), i)),
                      words[i], result);
  return result;
}

/// `value / 2^shift` and the remainder, of an i64 that is not negative.
static std::pair<Value, Value> divide(ScalarBuilder &b, Value value, int64_t shift) {
  Value mask = b.integer(value.getType(), (int64_t(1) << shift) - 1);
  return {b.shiftRight(value, shift), b.emit<arith::AndIOp>(value, mask)};
}

namespace {

//===----------------------------------------------------------------------===//
// RANDOM_UNIFORM, RANDOM_STANDARD_NORMAL
//===----------------------------------------------------------------------===//

template <typename Op> struct ConvertRandomTensor : RandomPattern<Op> {
  using RandomPattern<Op>::RandomPattern;

  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ScalarBuilder b(rewriter, loc);
    IndexMath math(rewriter, loc);
    auto type = this->getTypeConverter()->template convertType<RankedTensorType>(op.getType());
    SmallVector<OpFoldResult> sizes =
        getGivenSizes(rewriter, loc, type, op.getShape(), adaptor.getShape());
    PhiloxCounter counter = this->readCounter(b, op);
    uint64_t key = op.getSeed();
    Value result = buildElementwise(rewriter, loc, {}, sizes, type.getElementType(),
                                    [&](OpBuilder &builder, Location at, ValueRange) -> Value {
                                      ScalarBuilder body(builder, at);
                                      auto [block, lane] = divide(body, getNumber(body, sizes), 2);
                                      auto words =
                                          generateWords(body, counter.advance(body, block), key);
                                      return makeNumber(body, op, words, lane);
                                    });
    // A last value of the counter that is used in part is used up.
    OpFoldResult blocks = math.ceilDiv(math.product(sizes), math.get(4));
    Value count = castFromIndex(b, math.getValue(blocks), b.i64());
    this->writeCounter(b, op, counter.advance(b, count));
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  /// The number of the element at the present indices, in row-major order, as an i64.
  static Value getNumber(ScalarBuilder &b, ArrayRef<OpFoldResult> sizes) {
    IndexMath math(b.getBuilder(), b.getLoc());
    OpFoldResult number = math.get(0);
    for (auto [i, size] : llvm::enumerate(sizes))
      number = math.add(math.mul(number, size), b.emit<linalg::IndexOp>(i));
    return castFromIndex(b, math.getValue(number), b.i64());
  }

  static Value makeNumber(ScalarBuilder &b, tfl::RandomUniformOp, const std::array<Value, 4> &words,
                          Value lane) {
    return convertToFraction(b, selectWord(b, words, lane));
  }

  static Value makeNumber(ScalarBuilder &b, tfl::RandomStandardNormalOp,
                          const std::array<Value, 4> &words, Value lane) {
    auto [pair, isSecond] = divide(b, lane, 1);
    Value isUpper = b.compare(arith::CmpIPredicate::ne, pair, b.integer(pair.getType(), 0));
    Value first = convertToFraction(b, b.select(isUpper, words[2], words[0]));
    Value second = convertToFraction(b, b.select(isUpper, words[3], words[1]));
    first = b.emit<arith::MaximumFOp>(first, b.constant(b.f32(), 1e-7f));
    Value square = b.emit<arith::MulFOp>(b.emit<math::LogOp>(first), b.constant(b.f32(), -2));
    constexpr double twoPi = 6.283185307179586;
    Value angle = b.emit<arith::MulFOp>(second, b.constant(b.f32(), twoPi));
    Value isCosine =
        b.compare(arith::CmpIPredicate::ne, isSecond, b.integer(isSecond.getType(), 0));
    Value direction = b.select(isCosine, b.emit<math::CosOp>(angle), b.emit<math::SinOp>(angle));
    return b.emit<arith::MulFOp>(b.emit<math::SqrtOp>(square), direction);
  }
};

//===----------------------------------------------------------------------===//
// MULTINOMIAL
//===----------------------------------------------------------------------===//

struct ConvertMultinomial : RandomPattern<tfl::MultinomialOp> {
  using RandomPattern::RandomPattern;

  LogicalResult matchAndRewrite(tfl::MultinomialOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ScalarBuilder b(rewriter, loc);
    IndexMath math(rewriter, loc);
    Value logits = adaptor.getLogits();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(rewriter, loc, logits, 0),
                                       getNumSamples(b, op, adaptor.getNumSamples())};
    Value sums = accumulate(b, logits);
    PhiloxCounter counter = readCounter(b, op);
    uint64_t key = op.getSeed();
    Value result =
        buildElementwise(rewriter, loc, {}, sizes, type.getElementType(),
                         [&](OpBuilder &builder, Location at, ValueRange) -> Value {
                           ScalarBuilder body(builder, at);
                           IndexMath inner(builder, at);
                           Value row = linalg::IndexOp::create(builder, at, 0);
                           Value column = linalg::IndexOp::create(builder, at, 1);
                           OpFoldResult number = inner.add(inner.mul(row, sizes[1]), column);
                           Value wide = castFromIndex(body, inner.getValue(number), body.i64());
                           auto [block, lane] = divide(body, wide, 1);
                           auto words = generateWords(body, counter.advance(body, block), key);
                           return findClass(body, sums, row, makeFraction(body, words, lane), type);
                         });
    // As many as the slowest way of drawing takes.
    OpFoldResult rounded = math.mul(math.ceilDiv(sizes[1], math.get(4)), math.get(4));
    OpFoldResult count = math.mul(math.mul(sizes[0], rounded), math.get(2 * 256));
    writeCounter(b, op, counter.advance(b, castFromIndex(b, math.getValue(count), b.i64())));
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  static OpFoldResult getNumSamples(ScalarBuilder &b, tfl::MultinomialOp op, Value samples) {
    if (std::optional<int64_t> known = tfl::evaluateInt(op.getNumSamples()))
      return b.getBuilder().getIndexAttr(*known);
    samples = guardElements(b.getBuilder(), b.getLoc(), samples, samples, TFLC_INVALID_VALUE,
                            [](ScalarBuilder &body, ValueRange args) {
                              return body.compare(arith::CmpIPredicate::slt, args[0],
                                                  body.integer(args[0].getType(), 0));
                            });
    return castToIndex(b, extract(b, samples, {}));
  }

  /// For each class of each row the sum of the probabilities up to it, all multiplied by the same.
  static Value accumulate(ScalarBuilder &b, Value logits) {
    OpBuilder &builder = b.getBuilder();
    Value zero = b.constant(b.f32(), 0);
    Value least = b.constant(b.f32(), std::numeric_limits<float>::lowest());
    auto isFinite = [](ScalarBuilder &b, Value logit) {
      Value limit = b.constant(b.f32(), std::numeric_limits<float>::infinity());
      return b.compare(arith::CmpFPredicate::OLT, b.emit<math::AbsFOp>(logit), limit);
    };
    Value rows = getSize(b, logits, 0), classes = getSize(b, logits, 1);
    Value sums = createEmpty(builder, b.getLoc(),
                             tensor::getMixedSizes(builder, b.getLoc(), logits), b.f32());
    auto addRow = [&](ScalarBuilder &b, ValueRange row, ValueRange carried) -> SmallVector<Value> {
      auto at = [&](Value place) { return SmallVector<Value>{row[0], place}; };
      Value greatest =
          buildLoop(b, classes, least, [&](ScalarBuilder &b, Value place, Value greatest) {
            Value logit = extract(b, logits, at(place));
            Value larger = b.emit<arith::MaximumFOp>(greatest, logit);
            return b.select(isFinite(b, logit), larger, greatest);
          });
      return {buildLoops(
          b, classes, {carried[0], zero},
          [&](ScalarBuilder &b, ValueRange place, ValueRange args) -> SmallVector<Value> {
            Value logit = extract(b, logits, at(place[0]));
            Value weight = b.emit<math::ExpOp>(b.emit<arith::SubFOp>(logit, greatest));
            weight = b.select(isFinite(b, logit), weight, zero);
            Value sum = b.emit<arith::AddFOp>(args[1], weight);
            return {insert(b, sum, args[0], at(place[0])), sum};
          })[0]};
    };
    return buildLoops(b, rows, sums, addRow)[0];
  }

  /// The upper 24 of 52 random bits as a fraction in [0, 1).
  static Value makeFraction(ScalarBuilder &b, const std::array<Value, 4> &words, Value lane) {
    Value isUpper = b.compare(arith::CmpIPredicate::ne, lane, b.integer(lane.getType(), 0));
    Value high = b.select(isUpper, words[2], words[0]), low = b.select(isUpper, words[3], words[1]);
    high = b.emit<arith::AndIOp>(high, b.integer(b.i32(), 0xfffff));
    Value bits = b.emit<arith::OrIOp>(b.shiftLeft(high, 4),
                                      b.emit<arith::ShRUIOp>(low, b.integer(b.i32(), 28)));
    return b.emit<arith::MulFOp>(b.emit<arith::SIToFPOp>(b.f32(), bits),
                                 b.constant(b.f32(), 0x1p-24));
  }

  /// The number of classes whose sums are below the fraction of the whole; never one that has no
  /// probability, which rounding of the product could else give.
  static Value findClass(ScalarBuilder &b, Value sums, Value row, Value fraction,
                         RankedTensorType type) {
    Value classes = getSize(b, sums, 1), one = b.integer(b.getBuilder().getIndexType(), 1);
    Value total = extract(b, sums, {row, b.emit<arith::SubIOp>(classes, one)});
    Value wanted = b.emit<arith::MulFOp>(fraction, total);
    Type element = type.getElementType();
    return buildLoop(
        b, classes, b.integer(element, 0), [&](ScalarBuilder &b, Value place, Value count) {
          Value sum = extract(b, sums, {row, place});
          Value isBelow = b.emit<arith::AndIOp>(b.compare(arith::CmpFPredicate::OLE, sum, wanted),
                                                b.compare(arith::CmpFPredicate::OLT, sum, total));
          return b.add(count, Value(b.emit<arith::ExtUIOp>(element, isBelow)));
        });
  }
};

} // namespace

void tflc::populateRandomPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns,
                                  const RandomStates &states) {
  patterns.add<ConvertRandomTensor<tfl::RandomUniformOp>,
               ConvertRandomTensor<tfl::RandomStandardNormalOp>, ConvertMultinomial>(
      converter, patterns.getContext(), states);
}
