//===- FixedPoint.cpp - fixed-point functions in bodies -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tflc;

Value tflc::multiplyHigh(ScalarBuilder &b, Value lhs, Value rhs) {
  Value product = b.mul(b.resize(lhs, b.i64()), b.resize(rhs, b.i64()));
  return b.resize(b.shiftRight(b.add(product, int64_t(1) << 30), 31), b.i32());
}

Value tflc::saturatingShiftLeft(ScalarBuilder &b, Value value, int distance) {
  int32_t limit = INT32_MAX >> distance;
  Value shifted = b.shiftLeft(value, distance);
  Value isHigh = b.compare(arith::CmpIPredicate::sgt, value, b.integer(b.i32(), limit));
  Value isLow = b.compare(arith::CmpIPredicate::slt, value, b.integer(b.i32(), -limit - 1));
  shifted = b.select(isHigh, b.integer(b.i32(), INT32_MAX), shifted);
  return b.select(isLow, b.integer(b.i32(), INT32_MIN), shifted);
}

Value tflc::emitReciprocal(ScalarBuilder &b, Value value, Value zeros) {
  Type i32 = b.i32(), i64 = b.i64();
  Value fraction = b.add(b.emit<arith::ShLIOp>(value, zeros), int64_t(INT32_MIN));
  // (1 + f) / 2, rounded; f is not negative.
  Value sum = b.add(b.emit<arith::ExtUIOp>(i64, fraction), int64_t(INT32_MAX) + 1);
  Value half = b.resize(b.shiftRight(sum, 1), i32);
  // From 48/17 - 32/17 * half on, with two integer bits.
  Value y = b.add(multiplyHigh(b, half, b.integer(i32, -1010580540)), 1515870810);
  for (int step = 0; step < 3; ++step) {
    Value error = b.sub(b.integer(i32, 1 << 29), multiplyHigh(b, half, y));
    y = b.add(y, saturatingShiftLeft(b, multiplyHigh(b, y, error), 2));
  }
  return saturatingShiftLeft(b, y, 1);
}

Value tflc::countSignBits(ScalarBuilder &b, Value value) {
  Value folded = b.emit<arith::XOrIOp>(value, b.shiftRight(value, 31));
  return b.add(b.emit<math::CountLeadingZerosOp>(folded), -1);
}

Value tflc::clampDistance(ScalarBuilder &b, Value distance) { return b.clamp(distance, 0, 31); }

Value tflc::divideByPowerOfTwo(ScalarBuilder &b, Value value, Value exponent) {
  Value one = b.integer(b.i32(), 1);
  Value mask = b.sub(b.emit<arith::ShLIOp>(one, exponent), one);
  Value below = b.emit<arith::AndIOp>(value, mask);
  Value threshold = b.sub(b.shiftRight(mask, 1), b.shiftRight(value, 31));
  Value isUp = b.compare(arith::CmpIPredicate::sgt, below, threshold);
  return b.add(b.emit<arith::ShRSIOp>(value, exponent), b.emit<arith::ExtUIOp>(b.i32(), isUp));
}
