//===- Activation.cpp - lowering of activation functions ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatFunctions.h"
#include "PopulatePatterns.h"
#include "TFL/IR/ActivationOps.h"
#include "TableLookup.h"
#include "tflc/Quantization/PowerOfTwo.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Clamps
//===----------------------------------------------------------------------===//

/// The stored integers between two reals.
static IntegerRange getRange(const AffineQuantization &out, float min, float max) {
  auto quantize = [&](float real) {
    double stored = double(std::round(real / out.scale)) + out.zeroPoint;
    return int32_t(std::clamp<double>(stored, out.limits.min, out.limits.max));
  };
  return {quantize(min), std::isinf(max) ? out.limits.max : quantize(max)};
}

/// RELU and its kin on their own.
template <typename OpTy> static ElementBody getClampBody(OpTy op, float min, float max) {
  if (isa<FloatType>(op.getInput().getType().getElementType()))
    return [=](ScalarBuilder &b, ValueRange args) {
      // NaN passes: a comparison with it is false.
      Value low = b.constant(args[0].getType(), min);
      Value result = b.select(b.compare(arith::CmpFPredicate::OLT, args[0], low), low, args[0]);
      if (std::isinf(max))
        return result;
      Value high = b.constant(args[0].getType(), max);
      return b.select(b.compare(arith::CmpFPredicate::OGT, result, high), high, result);
    };
  auto in = getAffineQuantization(op.getInput().getType());
  auto out = getAffineQuantization(op.getType());
  if (!in || !out)
    return nullptr;
  IntegerRange range = getRange(*out, min, max);
  FixedPointMultiplier scale = quantizeMultiplier(in->scale / out->scale);
  return [=](ScalarBuilder &b, ValueRange args) {
    Value value = b.rescaleSmall(b.center(args[0], *in), scale);
    return b.store(b.add(value, out->zeroPoint), range, *out);
  };
}

static ElementBody getReluBody(tfl::ReluOp op) { return getClampBody(op, 0, INFINITY); }
static ElementBody getRelu6Body(tfl::Relu6Op op) { return getClampBody(op, 0, 6); }
static ElementBody getReluN1To1Body(tfl::ReluN1To1Op op) { return getClampBody(op, -1, 1); }
static ElementBody getRelu0To1Body(tfl::Relu0To1Op op) { return getClampBody(op, 0, 1); }

//===----------------------------------------------------------------------===//
// Slopes
//===----------------------------------------------------------------------===//

static ElementBody getLeakyReluBody(tfl::LeakyReluOp op) {
  float alpha = op.getAlpha().convertToFloat();
  if (isa<FloatType>(op.getInput().getType().getElementType()))
    return [=](ScalarBuilder &b, ValueRange args) {
      Value positive = b.compare(arith::CmpFPredicate::OGT, args[0], b.constant(b.f32(), 0));
      return b.select(positive, args[0], b.mul(args[0], b.constant(b.f32(), alpha)));
    };
  auto in = getAffineQuantization(op.getInput().getType());
  auto out = getAffineQuantization(op.getType());
  if (!in || !out)
    return nullptr;
  // Multipliers are not negative: the sign of the slope is the result's.
  bool isFalling = alpha < 0;
  FixedPointMultiplier below = quantizeMultiplier(std::abs(in->scale * alpha / out->scale));
  FixedPointMultiplier above = quantizeMultiplier(in->scale / out->scale);
  return [=](ScalarBuilder &b, ValueRange args) {
    Value value = b.center(args[0], *in);
    Value isAbove = b.compare(arith::CmpIPredicate::sge, value, b.integer(b.i32(), 0));
    Value slope = b.rescale(value, below);
    if (isFalling)
      slope = b.sub(b.integer(b.i32(), 0), slope);
    Value scaled = b.select(isAbove, b.rescale(value, above), slope);
    return b.store(b.add(scaled, out->zeroPoint), out->limits, *out);
  };
}

static ElementBody getPreluBody(tfl::PreluOp op) {
  if (isa<FloatType>(op.getInput().getType().getElementType()))
    return [=](ScalarBuilder &b, ValueRange args) {
      Value above = b.compare(arith::CmpFPredicate::OGE, args[0], b.constant(b.f32(), 0));
      return b.select(above, args[0], b.mul(args[0], args[1]));
    };
  auto in = getAffineQuantization(op.getInput().getType());
  auto alpha = getAffineQuantization(op.getAlpha().getType());
  auto out = getAffineQuantization(op.getType());
  if (!in || !alpha || !out)
    return nullptr;
  FixedPointMultiplier above = quantizeMultiplier(in->scale / out->scale);
  FixedPointMultiplier below = quantizeMultiplier(in->scale * alpha->scale / out->scale);
  return [=](ScalarBuilder &b, ValueRange args) {
    Value value = b.center(args[0], *in);
    Value isAbove = b.compare(arith::CmpIPredicate::sge, value, b.integer(b.i32(), 0));
    Value product = b.mul(value, b.center(args[1], *alpha));
    Value scaled = b.select(isAbove, b.rescale(value, above), b.rescale(product, below));
    return b.store(b.add(scaled, out->zeroPoint), out->limits, *out);
  };
}

//===----------------------------------------------------------------------===//
// Smooth functions of floats
//===----------------------------------------------------------------------===//

/// A body for float types alone.
template <typename OpTy>
static ElementBody getFloatBody(OpTy op, Value (*emit)(ScalarBuilder &, Value)) {
  if (!isa<FloatType>(op.getInput().getType().getElementType()))
    return nullptr;
  return computeInSingle([=](ScalarBuilder &b, ValueRange args) { return emit(b, args[0]); });
}

static ElementBody getLogisticBody(tfl::LogisticOp op) { return getFloatBody(op, emitLogistic); }

static ElementBody getTanhBody(tfl::TanhOp op) {
  return getFloatBody(op, [](ScalarBuilder &b, Value x) { return b.emit<math::TanhOp>(x); });
}

static ElementBody getHardSwishBody(tfl::HardSwishOp op) {
  return getFloatBody(op, [](ScalarBuilder &b, Value x) -> Value {
    Type type = x.getType();
    Value moved = b.add(x, b.constant(type, 3.0));
    Value clamped = b.emit<arith::MinimumFOp>(
        b.emit<arith::MaximumFOp>(moved, b.constant(type, 0.0)), b.constant(type, 6.0));
    return b.emit<arith::DivFOp>(b.mul(x, clamped), b.constant(type, 6.0));
  });
}

static ElementBody getEluBody(tfl::EluOp op) {
  return getFloatBody(op, [](ScalarBuilder &b, Value x) -> Value {
    Value below = b.compare(arith::CmpFPredicate::OLT, x, b.constant(x.getType(), 0));
    return b.select(below, b.emit<math::ExpM1Op>(x), x);
  });
}

/// x * (1 + gate) / 2.
static Value emitGate(ScalarBuilder &b, Value x, Value gate) {
  Type type = x.getType();
  return b.mul(b.mul(b.constant(type, 0.5), x), b.add(b.constant(type, 1), gate));
}

static ElementBody getGeluBody(tfl::GeluOp op) {
  if (op.getApproximate())
    return getFloatBody(op, [](ScalarBuilder &b, Value x) -> Value {
      Type type = x.getType();
      constexpr double factor = M_2_SQRTPI * M_SQRT1_2; // the root of 2 / pi
      Value square = b.mul(x, x);
      Value slope =
          b.add(b.constant(type, factor), b.mul(square, b.constant(type, 0.044715 * factor)));
      return emitGate(b, x, b.emit<math::TanhOp>(b.mul(x, slope)));
    });
  return getFloatBody(op, [](ScalarBuilder &b, Value x) -> Value {
    Type type = x.getType();
    return emitGate(b, x, b.emit<math::ErfOp>(b.mul(x, b.constant(type, M_SQRT1_2))));
  });
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

using Quantization = AffineQuantization;

static Table8 makeBytes(const Quantization &in, const Quantization &out,
                        llvm::function_ref<float(float)> function) {
  return makeRealTable8(in.isSigned, {in.scale, in.zeroPoint}, {out.scale, out.zeroPoint},
                        function);
}

static QuantizedFunction getLogisticTable(tfl::LogisticOp, const Quantization &in,
                                          const Quantization &out) {
  if (in.width != 8)
    return {};
  return {makeBytes(in, out, [](float x) { return 1.0f / (1.0f + std::exp(-x)); }), {}};
}

static QuantizedFunction getTanhTable(tfl::TanhOp, const Quantization &in,
                                      const Quantization &out) {
  if (in.width != 8)
    return {};
  return {makeBytes(in, out, [](float x) { return std::tanh(x); }), {}};
}

static QuantizedFunction getEluTable(tfl::EluOp, const Quantization &in, const Quantization &out) {
  if (in.width != 8)
    return {};
  return {makeBytes(in, out, [](float x) { return x < 0.0f ? std::expm1(x) : x; }), {}};
}

static QuantizedFunction getHardSwishTable(tfl::HardSwishOp, const Quantization &in,
                                           const Quantization &out) {
  if (in.width != 8)
    return {};
  return {makeHardSwishTable(in.isSigned, {in.scale, in.zeroPoint}, {out.scale, out.zeroPoint}),
          {}};
}

static QuantizedFunction getGeluTable(tfl::GeluOp op, const Quantization &in,
                                      const Quantization &out) {
  auto exact = [](float x) { return 0.5f * x * std::erfc(x * float(-M_SQRT1_2)); };
  auto approximate = [](float x) {
    constexpr float factor = M_2_SQRTPI * M_SQRT1_2;
    return 0.5f * x * (1.0f + std::tanh(factor * (x + 0.044715f * x * x * x)));
  };
  auto make = [&](llvm::function_ref<float(float)> function) -> QuantizedFunction {
    if (in.width == 8)
      return {makeBytes(in, out, function), {}};
    return {{}, makeRealTable16<float>(in.scale, in.zeroPoint, out.scale, out.zeroPoint, function)};
  };
  return op.getApproximate() ? make(approximate) : make(exact);
}

//===----------------------------------------------------------------------===//
// 16 bit sigmoids
//===----------------------------------------------------------------------===//

namespace {
/// LOGISTIC and TANH of 16 bits: tanh(x) = 2 * sigmoid(2 * x) - 1, so one table of the sigmoid's
/// positive half serves both, interpolated linearly.
template <typename OpTy> struct SigmoidLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  static constexpr bool isTanh = std::is_same_v<OpTy, tfl::TanhOp>;
  static constexpr int fraction = isTanh ? 8 : 9;

  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    if (!in || !out || in->width != 16 || out->width != 16 || in->zeroPoint || out->zeroPoint)
      return rewriter.notifyMatchFailure(op, "not a function of 16 bits");
    Location loc = op.getLoc();
    FixedPointMultiplier scale = getScale(in->scale);
    Value table = createTable(rewriter, loc, makeSigmoidTable());
    Value input = adaptor.getInput();
    Value result = buildElementwise(rewriter, loc, input, getBroadcastSizes(rewriter, loc, input),
                                    rewriter.getI16Type(),
                                    [&](OpBuilder &builder, Location at, ValueRange args) {
                                      ScalarBuilder b(builder, at);
                                      return emit(b, table, args[0], scale);
                                    });
    replaceWithCast(rewriter, op, result, *this->getTypeConverter());
    return success();
  }

private:
  /// What brings the input to 1/24 with 7 or 8 fractional bits more, as a factor and a shift to the
  /// right.
  static FixedPointMultiplier getScale(float inputScale) {
    if (auto exponent = getLog2OfPowerOfTwo(inputScale)) {
      int left = 12 + *exponent;
      if (left == 0 || (isTanh && left == 1))
        return {3 << left, 0};
    }
    double factor = inputScale * 4096.0 * 3.0;
    int shift = 0;
    for (; factor <= 32767.0 / 2.0 && shift <= 30; ++shift)
      factor *= 2.0;
    return {int32_t(factor), shift};
  }

  static Value emit(ScalarBuilder &b, Value table, Value value, FixedPointMultiplier scale) {
    Type i32 = b.i32();
    Value x = b.mul(b.resize(value, i32), b.integer(i32, scale.value));
    if (scale.shift > 0)
      x = b.shiftRight(b.add(x, int64_t(1) << (scale.shift - 1)), scale.shift);
    Value zero = b.integer(i32, 0);
    Value isNegative = b.compare(arith::CmpIPredicate::slt, x, zero);
    Value magnitude = b.select(isNegative, b.sub(zero, x), x);
    Value position = b.emit<arith::ShRUIOp>(magnitude, b.integer(i32, fraction));
    Value last = b.integer(i32, 254);
    Value index = b.emit<arith::MinUIOp>(position, last);
    Value here = b.emit<arith::ExtUIOp>(i32, readTable(b, table, index));
    Value next = b.emit<arith::ExtUIOp>(i32, readTable(b, table, b.add(index, 1)));
    Value rest = b.emit<arith::AndIOp>(magnitude, b.integer(i32, (1 << fraction) - 1));
    Value y = b.add(b.shiftLeft(here, fraction), b.mul(rest, b.sub(next, here)));
    Value isLarge = b.compare(arith::CmpIPredicate::ugt, position, last);
    y = b.select(isLarge, b.integer(i32, isTanh ? 0xffff << 8 : 0x7fff << 10), y);
    Value result;
    if (isTanh) {
      Value centered = b.add(y, -(1 << 23));
      result =
          b.select(isNegative, b.add(b.sub(zero, centered), (1 << 7) - 1), b.add(centered, 1 << 7));
      result = b.shiftRight(result, 8);
    } else {
      result = b.select(isNegative, b.add(b.sub(b.integer(i32, 1 << 25), y), (1 << 9) - 1),
                        b.add(y, 1 << 9));
      result = b.shiftRight(result, 10);
    }
    return b.resize(result, b.getBuilder().getI16Type());
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void tflc::populateActivationPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::ReluOp>(converter, patterns, getReluBody);
  addElementwise<tfl::Relu6Op>(converter, patterns, getRelu6Body);
  addElementwise<tfl::ReluN1To1Op>(converter, patterns, getReluN1To1Body);
  addElementwise<tfl::Relu0To1Op>(converter, patterns, getRelu0To1Body);
  addElementwise<tfl::LeakyReluOp>(converter, patterns, getLeakyReluBody);
  addElementwise<tfl::PreluOp>(converter, patterns, getPreluBody);
  addElementwise<tfl::LogisticOp>(converter, patterns, getLogisticBody);
  addElementwise<tfl::TanhOp>(converter, patterns, getTanhBody);
  addElementwise<tfl::HardSwishOp>(converter, patterns, getHardSwishBody);
  addElementwise<tfl::EluOp>(converter, patterns, getEluBody);
  addElementwise<tfl::GeluOp>(converter, patterns, getGeluBody);
  addTable<tfl::LogisticOp>(converter, patterns, getLogisticTable);
  addTable<tfl::TanhOp>(converter, patterns, getTanhTable);
  addTable<tfl::HardSwishOp>(converter, patterns, getHardSwishTable);
  addTable<tfl::EluOp>(converter, patterns, getEluTable);
  addTable<tfl::GeluOp>(converter, patterns, getGeluTable);
  patterns.add<SigmoidLowering<tfl::LogisticOp>, SigmoidLowering<tfl::TanhOp>>(
      converter, patterns.getContext());
}
