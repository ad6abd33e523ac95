//===- FloatFunctions.cpp - functions of floats in bodies -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tflc;

Value tflc::emitLogistic(ScalarBuilder &b, Value value) {
  Value one = b.constant(value.getType(), 1.0);
  Value exponential = b.emit<math::ExpOp>(b.emit<arith::NegFOp>(value));
  return b.emit<arith::DivFOp>(one, b.add(one, exponential));
}

/// `value` where it is below `bound`, otherwise (also for a NaN) `bound`.
static Value limitAbove(ScalarBuilder &b, Value value, Value bound) {
  return b.select(b.compare(arith::CmpFPredicate::OLT, value, bound), value, bound);
}

static Value clamp(ScalarBuilder &b, Value value, float min, std::optional<float> max) {
  Type type = value.getType();
  if (max) {
    Value bound = b.constant(type, *max);
    value = b.select(b.compare(arith::CmpFPredicate::OLT, bound, value), bound, value);
  }
  Value bound = b.constant(type, min);
  return b.select(b.compare(arith::CmpFPredicate::OLT, bound, value), value, bound);
}

Value tflc::emitCellActivation(ScalarBuilder &b, Value value, Activation activation) {
  Type type = value.getType();
  switch (activation) {
  case Activation::None:
    return value;
  case Activation::Relu:
    return clamp(b, value, 0, std::nullopt);
  case Activation::ReluN1To1:
    return clamp(b, value, -1, 1);
  case Activation::Relu6:
    return clamp(b, value, 0, 6);
  case Activation::Tanh:
    return b.emit<math::TanhOp>(value);
  case Activation::SignBit: {
    Value bits = b.emit<arith::BitcastOp>(b.i32(), value);
    Value isSet = b.compare(arith::CmpIPredicate::slt, bits, b.integer(b.i32(), 0));
    return b.select(isSet, b.constant(type, 1), b.constant(type, 0));
  }
  }
  llvm_unreachable("all activations are handled");
}

Value tflc::emitClip(ScalarBuilder &b, Value value, float bound) {
  if (!(bound > 0))
    return value;
  Value high = b.constant(value.getType(), bound), low = b.constant(value.getType(), -bound);
  value = limitAbove(b, value, high);
  return b.select(b.compare(arith::CmpFPredicate::OLT, value, low), low, value);
}

Value tflc::emitRounded(ScalarBuilder &b, Value steps, Value zeroPoint, IntegerRange limits,
                        Type storage) {
  // Clamped as floats: the limits and zero points of 8 and 16 bits are exact there, and every value
  // then fits an integer.
  Value rounded = b.add(b.emit<math::RoundOp>(steps), zeroPoint);
  rounded = b.emit<arith::MaxNumFOp>(rounded, b.constant(b.f32(), limits.min));
  rounded = b.emit<arith::MinNumFOp>(rounded, b.constant(b.f32(), limits.max));
  return b.resize(b.emit<arith::FPToSIOp>(b.i32(), rounded), storage);
}
