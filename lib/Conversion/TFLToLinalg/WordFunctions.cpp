//===- WordFunctions.cpp - 16 bit fixed-point functions in bodies ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "WordFunctions.h"

using namespace mlir;
using namespace tflc;

/// The number of 32 bits as the nearest one of 16.
static constexpr int32_t word(int32_t wide) {
  return (wide >> 16) + ((wide & 0xffff) > 0x7fff + (wide < 0 ? 1 : 0) ? 1 : 0);
}

constexpr int32_t wordMax = 32767;

Value tflc::multiplyWords(ScalarBuilder &b, Value lhs, Value rhs) {
  return b.emit<tflrt::MultiplyHighOp>(lhs, rhs);
}

static Value multiplyWords(ScalarBuilder &b, Value lhs, int32_t rhs) {
  return multiplyWords(b, lhs, b.integer(lhs.getType(), rhs));
}

Value tflc::saturateWord(ScalarBuilder &b, Value value) {
  return b.resize(b.clamp(value, -32768, wordMax), b.getBuilder().getI16Type());
}

/// exp(value) for `value` in [-1/4, 0), both without integer bits: a polynomial around -1/8. Its
/// parts of even degree outweigh the others, so that what is halved is not negative.
static Value emitExpOfQuarter(ScalarBuilder &b, Value value) {
  constexpr int32_t center = word(1895147668), third = word(715827883), quarter = 1 << 13;
  Type i16 = value.getType();
  Value x = b.add(value, 1 << 12);
  Value x2 = multiplyWords(b, x, x);
  Value x3 = multiplyWords(b, x2, x);
  Value x4 = multiplyWords(b, x2, x2);
  Value cubic = multiplyWords(b, b.add(multiplyWords(b, x4, quarter), x3), third);
  Value rest = b.shiftRight(b.add(b.add(cubic, x2), 1), 1);
  Value product = multiplyWords(b, b.add(x, rest), center);
  return b.add(b.emit<arith::MinSIOp>(product, b.integer(i16, wordMax - center)), center);
}

/// exp(value) for `value` <= 0 with `integerBits`, as a number without.
static Value emitExpOfNegative(ScalarBuilder &b, Value value, int integerBits) {
  // exp(-2^i) for i from -2 on, with 31 fractional bits.
  static constexpr int32_t powers[] = {1672461947, 1302514674, 790015084, 290630308,
                                       39332535,   720401,     242};
  Type i16 = value.getType();
  int fractionBits = 15 - integerBits;
  int32_t quarter = 1 << (fractionBits - 2);
  // The part below a quarter by the polynomial, each bit above it by a factor.
  Value part = b.add(b.emit<arith::AndIOp>(value, b.integer(i16, quarter - 1)), -int64_t(quarter));
  Value result = emitExpOfQuarter(b, b.shiftLeft(part, integerBits));
  Value remainder = b.sub(part, value);
  Value zero = b.integer(i16, 0);
  for (int exponent = -2; exponent < integerBits && exponent <= 4; ++exponent) {
    Value bit =
        b.emit<arith::AndIOp>(remainder, b.integer(i16, int64_t(1) << (fractionBits + exponent)));
    Value isSet = b.compare(arith::CmpIPredicate::ne, bit, zero);
    result = b.select(isSet, multiplyWords(b, result, word(powers[exponent + 2])), result);
  }
  if (integerBits > 5) {
    Value limit = b.integer(i16, -(int64_t(1) << (20 - integerBits)));
    result = b.select(b.compare(arith::CmpIPredicate::slt, value, limit), zero, result);
  }
  Value isZero = b.compare(arith::CmpIPredicate::eq, value, zero);
  return b.select(isZero, b.integer(i16, wordMax), result);
}

/// 2 / (1 + value) with two integer bits, for `value` in [0, 1] without: Newton's iteration. It is
/// between 2^13 - 2 and 2^14.
static Value emitReciprocalOfWord(ScalarBuilder &b, Value value) {
  constexpr int32_t start = word(1515870810), slope = word(-1010580540);
  Value half = b.add(b.shiftRight(value, 1), 1 << 14);
  Value x = b.add(multiplyWords(b, half, slope), start);
  for (int step = 0; step < 3; ++step) {
    Value error = b.sub(b.integer(x.getType(), 1 << 13), multiplyWords(b, half, x));
    x = b.add(x, b.shiftLeft(multiplyWords(b, x, error), 2));
  }
  return x;
}

Value tflc::emitWordLogistic(ScalarBuilder &b, Value value) {
  Type i16 = value.getType();
  Value zero = b.integer(i16, 0), most = b.integer(i16, wordMax);
  Value isPositive = b.compare(arith::CmpIPredicate::sgt, value, zero);
  Value negative = b.select(isPositive, b.sub(zero, value), value);
  Value reciprocal = emitReciprocalOfWord(b, emitExpOfNegative(b, negative, 3));
  // Up to 2^15, which is a number without sign only.
  Value result = b.emit<arith::MinUIOp>(b.shiftLeft(reciprocal, 1), most);
  result = b.select(isPositive, result, b.sub(most, result));
  Value isZero = b.compare(arith::CmpIPredicate::eq, value, zero);
  return b.select(isZero, b.integer(i16, 1 << 14), result);
}

Value tflc::emitWordTanh(ScalarBuilder &b, Value value, int integerBits) {
  Type i16 = value.getType();
  Value zero = b.integer(i16, 0), least = b.integer(i16, -wordMax);
  Value isNegative = b.compare(arith::CmpIPredicate::slt, value, zero);
  Value negative = b.select(isNegative, value, b.sub(zero, value));
  // (e - 1) / (1 + e) with e = exp(2 * value); doubling is one more integer bit.
  Value reciprocal = emitReciprocalOfWord(b, emitExpOfNegative(b, negative, integerBits + 1));
  Value scaled = b.shiftLeft(b.sub(b.integer(i16, 1 << 13), reciprocal), 2);
  Value result = b.emit<arith::MaxSIOp>(scaled, least);
  result = b.select(isNegative, result, b.sub(zero, result));
  Value isZero = b.compare(arith::CmpIPredicate::eq, value, zero);
  return b.select(isZero, zero, result);
}
