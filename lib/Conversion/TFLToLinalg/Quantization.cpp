//===- Quantization.cpp - lowering of QUANTIZE and DEQUANTIZE -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"
#include "PopulatePatterns.h"
#include "TFL/IR/TFLDialect.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tflc;

static ElementBody getQuantizeBody(tfl::QuantizeOp op) {
  auto in = getAffineQuantization(op.getInput().getType());
  auto out = getAffineQuantization(op.getType());
  if (!out)
    return nullptr;
  if (in) {
    FixedPointMultiplier scale = quantizeMultiplier(double(in->scale) / double(out->scale));
    bool same = in->scale == out->scale && in->width == 8 && out->width == 8;
    return [=](ScalarBuilder &b, ValueRange args) {
      Value value = b.center(args[0], *in);
      if (!same)
        value = b.rescale(value, scale);
      return b.store(b.add(value, out->zeroPoint), out->limits, *out);
    };
  }
  if (!isa<FloatType>(op.getInput().getType().getElementType()))
    return nullptr;
  return [=](ScalarBuilder &b, ValueRange args) {
    // Clamped as floats: the limits and zero points of 8 and 16 bits are exact there, and every
    // value then fits an integer. A NaN gives the lower limit.
    Value scaled = b.emit<arith::DivFOp>(args[0], b.constant(b.f32(), out->scale));
    Value rounded = b.add(b.emit<math::RoundOp>(scaled), b.constant(b.f32(), out->zeroPoint));
    rounded = b.emit<arith::MaxNumFOp>(rounded, b.constant(b.f32(), out->limits.min));
    rounded = b.emit<arith::MinNumFOp>(rounded, b.constant(b.f32(), out->limits.max));
    Value integer = b.emit<arith::FPToSIOp>(b.i32(), rounded);
    return b.resize(integer, b.getBuilder().getIntegerType(out->width));
  };
}

static ElementBody getDequantizeBody(tfl::DequantizeOp op) {
  Type element = op.getInput().getType().getElementType();
  if (element.isF16())
    return
        [](ScalarBuilder &b, ValueRange args) { return b.emit<arith::ExtFOp>(b.f32(), args[0]); };
  auto in = getAffineQuantization(op.getInput().getType());
  if (!in)
    return nullptr;
  return [=](ScalarBuilder &b, ValueRange args) {
    Value value = b.emit<arith::SIToFPOp>(b.f32(), b.center(args[0], *in));
    return b.mul(value, b.constant(b.f32(), in->scale));
  };
}

void tflc::populateQuantizationPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::QuantizeOp>(converter, patterns, getQuantizeBody);
  addElementwise<tfl::DequantizeOp>(converter, patterns, getDequantizeBody);
}
