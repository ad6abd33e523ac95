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
  Value fraction = b.add(b.emit<arith::ShLIOp>(value, zeros), int64_t(INT32_MIN));
  return emitReciprocalOfSum(b, fraction);
}

Value tflc::emitReciprocalOfSum(ScalarBuilder &b, Value fraction) {
  Type i32 = b.i32(), i64 = b.i64();
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

/// `value`, above one, moved by pairs of bits into [2^27, 2^29), and by how many pairs to the
/// right.
static std::pair<Value, Value> normalizeForRoot(ScalarBuilder &b, Value value) {
  Type i32 = b.i32();
  Value isLarge = b.compare(arith::CmpIPredicate::sge, value, b.integer(i32, 1 << 29));
  value = b.select(isLarge, b.shiftRight(value, 2), value);
  // Lanes that hold no element may hold anything; a shift must stay in the type.
  value = b.emit<arith::MaxSIOp>(value, b.integer(i32, 2));
  Value zeros = b.emit<math::CountLeadingZerosOp>(value);
  Value left = b.add(b.shiftRight(b.add(zeros, -1), 1), -1);
  Value moved = b.emit<arith::ShLIOp>(value, b.shiftLeft(left, 1));
  Value right = b.sub(b.select(isLarge, b.integer(i32, 1), b.integer(i32, 0)), left);
  return {moved, right};
}

/// The bits that three integer bits, the root of a half and the pairs move the root to the right.
static Value getRootDistance(ScalarBuilder &b, Value pairs) { return b.add(pairs, 11); }

static Value isBelowTwo(ScalarBuilder &b, Value value) {
  return b.compare(arith::CmpIPredicate::slt, value, b.integer(b.i32(), 2));
}

Value tflc::emitInverseRoot(ScalarBuilder &b, Value value) {
  Type i32 = b.i32();
  auto [moved, pairs] = normalizeForRoot(b, value);
  Value half = b.shiftRight(b.add(b.shiftRight(moved, 1), 1), 1);
  Value oneAndHalf = b.integer(i32, (1 << 28) + (1 << 27)), root = b.integer(i32, 1 << 28);
  for (int step = 0; step < 5; ++step) {
    Value cube = saturatingShiftLeft(b, multiplyHigh(b, multiplyHigh(b, root, root), root), 6);
    root = saturatingShiftLeft(
        b, b.sub(multiplyHigh(b, oneAndHalf, root), multiplyHigh(b, half, cube)), 3);
  }
  constexpr int32_t halfRootOfTwo = 1518500250;
  root = multiplyHigh(b, root, b.integer(i32, halfRootOfTwo));
  // A distance to the left is the multiplier's.
  Value left = b.sub(b.integer(i32, 0), getRootDistance(b, pairs));
  root = b.emit<arith::ShLIOp>(root, b.emit<arith::MaxSIOp>(left, b.integer(i32, 0)));
  return b.select(isBelowTwo(b, value), b.integer(i32, INT32_MAX), root);
}

Value tflc::emitInverseRootShift(ScalarBuilder &b, Value value) {
  Value zero = b.integer(b.i32(), 0);
  Value distance = getRootDistance(b, normalizeForRoot(b, value).second);
  Value shift = b.sub(zero, b.emit<arith::MaxSIOp>(distance, zero));
  return b.select(isBelowTwo(b, value), zero, shift);
}

Value tflc::emitLogarithm(ScalarBuilder &b, Value value) {
  constexpr int integerBits = 12, sumBits = 6;
  Type i32 = b.i32(), i64 = b.i64();
  auto raw = [&](int64_t constant) { return b.integer(i32, constant); };
  // Of the fractions that stand for powers of two: log(2), 2^-1/4, 2^-1/2, 2^-2.
  constexpr int32_t log2 = 1488522236, rootOfRoot = 1805811301, root = 1518500250;
  constexpr int64_t quarter = int64_t(1) << (29 - sumBits);

  // value = 2^a * ra and 2^b * rb, where rb counts from the next half power on: the pair with the
  // lesser fraction, in [2^-1/2, 1], is taken.
  auto exponentOf = [&](Value zeros) {
    return b.shiftLeft(b.sub(raw(integerBits), zeros), 31 - sumBits);
  };
  Value zeros = b.emit<math::CountLeadingZerosOp>(value);
  Value normal = b.emit<arith::ShLIOp>(value, b.add(zeros, -1));
  Value fractionA = saturatingShiftLeft(b, multiplyHigh(b, normal, raw(root)), 1);
  Value exponentA = b.add(exponentOf(zeros), quarter);
  Value scaled = multiplyHigh(b, value, raw(root));
  Value headroom = b.add(b.emit<math::CountLeadingZerosOp>(scaled), -1);
  Value wide = b.emit<arith::ShLIOp>(b.resize(value, i64), b.resize(headroom, i64));
  Value fractionB = b.resize(b.emit<arith::MinSIOp>(wide, b.integer(i64, INT32_MAX)), i32);
  Value exponentB = b.add(exponentOf(headroom), -quarter);
  Value fraction = b.emit<arith::MinSIOp>(fractionA, fractionB);
  Value exponent = b.emit<arith::MaxSIOp>(exponentA, exponentB);

  // A rational function of the fraction's distance from 2^-1/4.
  constexpr int32_t alphaN = 117049297, alphaD = 127690142, alphaI = 1057819769, alphaF = 638450708;
  Value sum = b.add(b.resize(fraction, i64), int64_t(rootOfRoot) + 1);
  Value mean = b.resize(b.shiftRight(sum, 1), i32);
  Value distance = b.shiftLeft(b.add(fraction, -int64_t(rootOfRoot)), 1);
  Value square = multiplyHigh(b, distance, distance);
  Value numerator = b.add(multiplyHigh(b, distance, fraction),
                          multiplyHigh(b, multiplyHigh(b, distance, square), raw(alphaN)));
  Value inner = b.add(b.add(distance, alphaI), multiplyHigh(b, raw(alphaD), square));
  Value denominator = b.add(multiplyHigh(b, mean, inner), multiplyHigh(b, raw(alphaF), distance));
  Value quotient = multiplyHigh(b, b.divideByPowerOfTwo(numerator, sumBits),
                                emitReciprocalOfSum(b, denominator));
  return saturatingShiftLeft(b, b.add(multiplyHigh(b, exponent, raw(log2)), quotient), 1);
}

Value tflc::countSignBits(ScalarBuilder &b, Value value) {
  Value folded = b.emit<arith::XOrIOp>(value, b.shiftRight(value, 31));
  return b.add(b.emit<math::CountLeadingZerosOp>(folded), -1);
}

Value tflc::divideByAnyPowerOfTwo(ScalarBuilder &b, Value value, Value exponent) {
  Type i32 = b.i32(), i64 = b.i64();
  Value one = b.integer(i64, 1);
  Value wide = b.emit<arith::AndIOp>(b.resize(exponent, i64), b.integer(i64, 63));
  Value mask = b.resize(b.sub(b.emit<arith::ShLIOp>(one, wide), one), i32);
  Value below = b.emit<arith::AndIOp>(value, mask);
  Value threshold = b.sub(b.shiftRight(mask, 1), b.shiftRight(value, 31));
  Value isUp = b.compare(arith::CmpIPredicate::sgt, below, threshold);
  Value distance = b.emit<arith::AndIOp>(exponent, b.integer(i32, 31));
  return b.add(b.emit<arith::ShRSIOp>(value, distance), b.emit<arith::ExtUIOp>(i32, isUp));
}

Value tflc::divideByPowerOfTwo(ScalarBuilder &b, Value value, Value exponent) {
  Value one = b.integer(b.i32(), 1);
  Value mask = b.sub(b.emit<arith::ShLIOp>(one, exponent), one);
  Value below = b.emit<arith::AndIOp>(value, mask);
  Value threshold = b.sub(b.shiftRight(mask, 1), b.shiftRight(value, 31));
  Value isUp = b.compare(arith::CmpIPredicate::sgt, below, threshold);
  return b.add(b.emit<arith::ShRSIOp>(value, exponent), b.emit<arith::ExtUIOp>(b.i32(), isUp));
}
