//===- Unary.cpp - lowering of functions of one operand -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "TFL/IR/UnaryOps.h"
#include "TableLookup.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

template <typename OpTy> static bool isFloat(OpTy op) {
  return isa<FloatType>(op.getInput().getType().getElementType());
}

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

/// Ops that are one op of the math dialect.
template <typename OpTy, typename MathOp> static ElementBody getMathBody(OpTy op) {
  if (!isFloat(op))
    return nullptr;
  return computeInSingle([](ScalarBuilder &b, ValueRange args) { return b.emit<MathOp>(args[0]); });
}

static ElementBody getSquareBody(tfl::SquareOp op) {
  return [](ScalarBuilder &b, ValueRange args) { return b.mul(args[0], args[0]); };
}

static ElementBody getRsqrtBody(tfl::RsqrtOp op) {
  if (!isFloat(op))
    return nullptr;
  return [](ScalarBuilder &b, ValueRange args) {
    return b.emit<arith::DivFOp>(b.constant(args[0].getType(), 1.0), b.emit<math::SqrtOp>(args[0]));
  };
}

static ElementBody getSignBody(tfl::SignOp op) {
  return [](ScalarBuilder &b, ValueRange args) -> Value {
    Type type = args[0].getType();
    Value zero = b.constant(type, 0), one = b.constant(type, 1), minusOne = b.constant(type, -1);
    bool isReal = isa<FloatType>(type);
    Value above = isReal ? b.compare(arith::CmpFPredicate::OGT, args[0], zero)
                         : b.compare(arith::CmpIPredicate::sgt, args[0], zero);
    Value below = isReal ? b.compare(arith::CmpFPredicate::OLT, args[0], zero)
                         : b.compare(arith::CmpIPredicate::slt, args[0], zero);
    // What is neither is a zero or a NaN, which stays.
    return b.select(above, one, b.select(below, minusOne, args[0]));
  };
}

//===----------------------------------------------------------------------===//
// ABS, NEG, SQRT
//===----------------------------------------------------------------------===//

static Value absolute(ScalarBuilder &b, Value value) {
  Value zero = b.integer(value.getType(), 0);
  return b.select(b.compare(arith::CmpIPredicate::slt, value, zero), b.sub(zero, value), value);
}

static ElementBody getAbsBody(tfl::AbsOp op) {
  if (isFloat(op))
    return [](ScalarBuilder &b, ValueRange args) { return b.emit<math::AbsFOp>(args[0]); };
  auto in = getAffineQuantization(op.getInput().getType());
  auto out = getAffineQuantization(op.getType());
  if (!in || !out)
    return [](ScalarBuilder &b, ValueRange args) { return absolute(b, args[0]); };
  FixedPointMultiplier scale = quantizeMultiplier(in->scale / out->scale);
  bool isSame = in->scale == out->scale;
  return [=](ScalarBuilder &b, ValueRange args) {
    Value value = absolute(b, b.center(args[0], *in));
    if (!isSame)
      value = b.rescale(value, scale);
    return b.store(b.add(value, out->zeroPoint), out->limits, *out);
  };
}

/// What SQRT and RSQRT reject: what stands for a real below zero.
template <typename OpTy> static std::optional<Rejection> rejectBelowZero(OpTy op) {
  auto in = getAffineQuantization(op.getInput().getType());
  if (!in || in->zeroPoint == in->limits.min)
    return std::nullopt;
  return Rejection{0, in->limits.min, int64_t(in->zeroPoint) - 1, TFLC_INVALID_VALUE};
}

static ElementBody getNegBody(tfl::NegOp op) {
  if (isFloat(op))
    return computeInSingle(
        [](ScalarBuilder &b, ValueRange args) { return b.emit<arith::NegFOp>(args[0]); });
  return [](ScalarBuilder &b, ValueRange args) {
    return b.sub(b.integer(args[0].getType(), 0), args[0]);
  };
}

static ElementBody getSqrtBody(tfl::SqrtOp op) {
  if (isFloat(op))
    return [](ScalarBuilder &b, ValueRange args) { return b.emit<math::SqrtOp>(args[0]); };
  auto in = getAffineQuantization(op.getInput().getType());
  auto out = getAffineQuantization(op.getType());
  if (!in || !out || in->width != 16)
    return nullptr;
  return [=](ScalarBuilder &b, ValueRange args) {
    // Lanes of a vector that hold no element may hold anything.
    Value value = b.emit<arith::MaxSIOp>(b.center(args[0], *in), b.integer(b.i32(), 0));
    Value real = b.mul(b.constant(b.f32(), in->scale), b.emit<arith::SIToFPOp>(b.f32(), value));
    Value root = b.emit<arith::DivFOp>(b.emit<math::SqrtOp>(real), b.constant(b.f32(), out->scale));
    root = b.emit<arith::MinNumFOp>(root, b.constant(b.f32(), 1 << 24));
    Value stored = b.add(b.emit<arith::FPToSIOp>(b.i32(), root), out->zeroPoint);
    return b.store(stored, out->limits, *out);
  };
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

using Quantization = AffineQuantization;

static QuantizedFunction makeFunction(const Quantization &in, const Quantization &out,
                                      llvm::function_ref<float(float)> function) {
  if (in.width == 8)
    return {
        makeRealTable8(in.isSigned, {in.scale, in.zeroPoint}, {out.scale, out.zeroPoint}, function),
        {}};
  if (in.width == 16)
    return {{}, makeRealTable16<float>(in.scale, in.zeroPoint, out.scale, out.zeroPoint, function)};
  return {};
}

static QuantizedFunction getExpTable(tfl::ExpOp, const Quantization &in, const Quantization &out) {
  return makeFunction(in, out, [](float x) { return std::exp(x); });
}

static QuantizedFunction getLogTable(tfl::LogOp, const Quantization &in, const Quantization &out) {
  float least = float(out.limits.min - out.zeroPoint) * out.scale;
  return makeFunction(in, out, [&](float x) { return x <= 0.0f ? least : std::log(x); });
}

static QuantizedFunction getSqrtTable(tfl::SqrtOp, const Quantization &in,
                                      const Quantization &out) {
  if (in.width != 8)
    return {};
  return {makeTable8(in.isSigned,
                     [&](int32_t value) {
                       float root = std::sqrt(in.scale * float(std::max(value - in.zeroPoint, 0)));
                       return int32_t(std::min(root / out.scale, 65536.0f)) + out.zeroPoint;
                     }),
          {}};
}

static QuantizedFunction getRsqrtTable(tfl::RsqrtOp, const Quantization &in,
                                       const Quantization &out) {
  if (in.width == 8)
    return {makeRsqrtTable(in.isSigned, {in.scale, in.zeroPoint}, {out.scale, out.zeroPoint}), {}};
  float most = 32767 * out.scale;
  return makeFunction(in, out, [&](float x) { return x <= 0.0f ? most : 1.0f / std::sqrt(x); });
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void tflc::populateUnaryPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::AbsOp>(converter, patterns, getAbsBody);
  addElementwise<tfl::NegOp>(converter, patterns, getNegBody);
  addElementwise<tfl::SignOp>(converter, patterns, getSignBody);
  addElementwise<tfl::SquareOp>(converter, patterns, getSquareBody);
  addElementwise<tfl::SqrtOp>(converter, patterns, getSqrtBody, rejectBelowZero<tfl::SqrtOp>);
  addElementwise<tfl::RsqrtOp>(converter, patterns, getRsqrtBody);
  addElementwise<tfl::ExpOp>(converter, patterns, getMathBody<tfl::ExpOp, math::ExpOp>);
  addElementwise<tfl::LogOp>(converter, patterns, getMathBody<tfl::LogOp, math::LogOp>);
  addElementwise<tfl::SinOp>(converter, patterns, getMathBody<tfl::SinOp, math::SinOp>);
  addElementwise<tfl::CosOp>(converter, patterns, getMathBody<tfl::CosOp, math::CosOp>);
  addElementwise<tfl::FloorOp>(converter, patterns, getMathBody<tfl::FloorOp, math::FloorOp>);
  addElementwise<tfl::CeilOp>(converter, patterns, getMathBody<tfl::CeilOp, math::CeilOp>);
  addElementwise<tfl::RoundOp>(converter, patterns, getMathBody<tfl::RoundOp, math::RoundEvenOp>);
  addTable<tfl::ExpOp>(converter, patterns, getExpTable);
  addTable<tfl::LogOp>(converter, patterns, getLogTable);
  addTable<tfl::SqrtOp>(converter, patterns, getSqrtTable, rejectBelowZero<tfl::SqrtOp>);
  addTable<tfl::RsqrtOp>(converter, patterns, getRsqrtTable, rejectBelowZero<tfl::RsqrtOp>);
}
