//===- DoubleArithmetic.cpp - double precision by integers ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// For targets whose float unit has single precision only. A finite double that is not zero is
// mantissa * 2^(exponent - 1075) with 53 bits of mantissa. Sums, products and quotients are formed
// with three bits more, of which the last one stands for all that is lost, and then rounded.
//
//===----------------------------------------------------------------------===//

#include "DoubleArithmetic.h"

#include "FloatBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tflc;

static constexpr uint64_t signBit = uint64_t(1) << 63, leadingOne = uint64_t(1) << 52;
static constexpr uint64_t infinityBits = uint64_t(0x7ff) << 52, nanBits = uint64_t(0xfff) << 51;

namespace {

using Predicate = arith::CmpIPredicate;

/// Short names for arithmetic on i64.
struct WordBuilder : FloatBuilder {
  WordBuilder(Location loc, OpBuilder &builder)
      : FloatBuilder(loc, builder.getI64Type(), builder) {}

  Value word(uint64_t value) { return wideBits(value); }
  Value plus(Value a, Value b) { return make<arith::AddIOp>(a, b); }
  Value minus(Value a, Value b) { return make<arith::SubIOp>(a, b); }
  Value both(Value a, Value b) { return make<arith::AndIOp>(a, b); }
  Value either(Value a, Value b) { return make<arith::OrIOp>(a, b); }
  Value differing(Value a, Value b) { return make<arith::XOrIOp>(a, b); }
  Value left(Value a, Value distance) { return make<arith::ShLIOp>(a, distance); }
  Value right(Value a, Value distance) { return make<arith::ShRUIOp>(a, distance); }
  Value least(Value a, Value b) { return make<arith::MinSIOp>(a, b); }
  Value most(Value a, Value b) { return make<arith::MaxSIOp>(a, b); }
  Value times(Value a, Value b) { return make<arith::MulIOp>(a, b); }
  Value is(Predicate predicate, Value a, Value b) { return compare(predicate, a, b); }
  Value isZero(Value a) { return is(Predicate::eq, a, word(0)); }
  Value asWord(Value condition) { return arith::ExtUIOp::create(*this, i64(), condition); }
  Value leadingZeros(Value a) { return math::CountLeadingZerosOp::create(*this, a); }
  /// `a >> distance`, whose last bit is set where a bit that is lost was.
  Value rightSticky(Value a, Value distance) {
    Value moved = right(a, distance);
    return either(moved, asWord(is(Predicate::ne, left(moved, distance), a)));
  }
};

/// What the bits of a double say. The mantissa of a zero is 0.
struct Parts {
  Parts(WordBuilder &b, Value bits)
      : sign(b.both(bits, b.word(signBit))), magnitude(b.both(bits, b.word(~signBit))),
        exponent(b.right(magnitude, b.word(52))) {
    Value fraction = b.both(magnitude, b.word(leadingOne - 1));
    mantissa = b.select(b.isZero(exponent), b.word(0), b.either(fraction, b.word(leadingOne)));
  }

  Value isNan(WordBuilder &b) const {
    return b.is(Predicate::ugt, magnitude, b.word(infinityBits));
  }
  Value isInfinite(WordBuilder &b) const {
    return b.is(Predicate::eq, magnitude, b.word(infinityBits));
  }

  Value sign, magnitude, exponent, mantissa;
};

} // namespace

/// The bits of mantissa * 2^(exponent - 1078), where the mantissa has 56 bits.
static Value round(WordBuilder &b, Value sign, Value exponent, Value mantissa) {
  Value whole = b.right(mantissa, b.word(3)), rest = b.both(mantissa, b.word(7));
  // Above a half, or a half and odd.
  Value isUp = b.is(Predicate::ugt, b.plus(rest, b.both(whole, b.word(1))), b.word(4));
  whole = b.plus(whole, b.asWord(isUp));
  // The leading one, and one more from rounding, count as exponents.
  Value bits = b.plus(b.left(b.minus(exponent, b.word(1)), b.word(52)), whole);
  bits = b.select(b.is(Predicate::sge, exponent, b.word(0x7ff)), b.word(infinityBits), bits);
  bits = b.select(b.is(Predicate::slt, exponent, b.word(1)), b.word(0), bits);
  return b.either(bits, sign);
}

void tflc::buildDoubleSum(OpBuilder &builder, func::FuncOp function) {
  WordBuilder b(function.getLoc(), builder);
  Value x = function.getArgument(0), y = function.getArgument(1);
  Value isLess = b.is(Predicate::ult, b.both(x, b.word(~signBit)), b.both(y, b.word(~signBit)));
  Parts large(b, b.select(isLess, y, x)), small(b, b.select(isLess, x, y));
  Value distance = b.least(b.minus(large.exponent, small.exponent), b.word(63));
  Value one = b.left(large.mantissa, b.word(3));
  Value other = b.rightSticky(b.left(small.mantissa, b.word(3)), distance);
  Value isSame = b.is(Predicate::eq, large.sign, small.sign);
  Value sum = b.select(isSame, b.plus(one, other), b.minus(one, other));
  // A sum has up to 57 bits, a difference any number.
  Value zeros = b.leadingZeros(sum);
  Value normal = b.select(b.is(Predicate::eq, zeros, b.word(7)), b.rightSticky(sum, b.word(1)),
                          b.left(sum, b.most(b.minus(zeros, b.word(8)), b.word(0))));
  Value exponent = b.minus(b.plus(large.exponent, b.word(8)), zeros);
  Value result = round(b, large.sign, exponent, normal);
  result = b.select(b.isZero(sum), b.both(large.sign, small.sign), result);
  // An infinity or NaN is the larger one.
  Value isSpecial = b.is(Predicate::eq, large.exponent, b.word(0x7ff));
  result = b.select(isSpecial, b.either(large.magnitude, large.sign), result);
  Value opposite = b.both(small.isInfinite(b), b.is(Predicate::ne, large.sign, small.sign));
  Value isNan = b.either(large.isNan(b), opposite);
  func::ReturnOp::create(b, b.select(isNan, b.word(nanBits), result));
}

/// The product of two mantissas, 105 or 106 bits, without its last 49.
static Value multiply(WordBuilder &b, Value x, Value y) {
  Value mask = b.word(0xffffffff), half = b.word(32);
  Value xLow = b.both(x, mask), xHigh = b.right(x, half);
  Value yLow = b.both(y, mask), yHigh = b.right(y, half);
  Value lowest = b.times(xLow, yLow), cross = b.times(xLow, yHigh), other = b.times(xHigh, yLow);
  Value middle = b.plus(b.plus(b.right(lowest, half), b.both(cross, mask)), b.both(other, mask));
  Value low = b.either(b.both(lowest, mask), b.left(middle, half));
  Value high = b.plus(b.plus(b.times(xHigh, yHigh), b.right(middle, half)),
                      b.plus(b.right(cross, half), b.right(other, half)));
  return b.either(b.left(high, b.word(15)), b.rightSticky(low, b.word(49)));
}

void tflc::buildDoubleProduct(OpBuilder &builder, func::FuncOp function) {
  WordBuilder b(function.getLoc(), builder);
  Parts x(b, function.getArgument(0)), y(b, function.getArgument(1));
  Value sign = b.differing(x.sign, y.sign);
  Value product = multiply(b, x.mantissa, y.mantissa);
  Value isLong = b.asWord(b.is(Predicate::ne, b.right(product, b.word(56)), b.word(0)));
  Value exponent = b.plus(b.minus(b.plus(x.exponent, y.exponent), b.word(1023)), isLong);
  Value result = round(b, sign, exponent, b.rightSticky(product, isLong));
  Value hasZero = b.either(b.isZero(x.mantissa), b.isZero(y.mantissa));
  result = b.select(hasZero, sign, result);
  Value hasInfinity = b.either(x.isInfinite(b), y.isInfinite(b));
  result = b.select(hasInfinity, b.either(sign, b.word(infinityBits)), result);
  Value isNan = b.either(b.either(x.isNan(b), y.isNan(b)), b.both(hasInfinity, hasZero));
  func::ReturnOp::create(b, b.select(isNan, b.word(nanBits), result));
}

/// x / y to 56 bits, the first of which is set: x is not below y and below 2 * y.
static Value divide(WordBuilder &b, Value x, Value y) {
  Value start = arith::ConstantIndexOp::create(b, 0), end = arith::ConstantIndexOp::create(b, 56);
  Value step = arith::ConstantIndexOp::create(b, 1);
  auto loop = scf::ForOp::create(
      b, start, end, step, ValueRange{x, b.word(0)},
      [&](OpBuilder &inner, Location loc, Value, ValueRange args) {
        WordBuilder body(loc, inner);
        Value fits = body.is(Predicate::uge, args[0], y);
        Value rest = body.select(fits, body.minus(args[0], y), args[0]);
        Value bits = body.left(args[1], body.word(1));
        scf::YieldOp::create(
            body, ValueRange{body.left(rest, body.word(1)), body.either(bits, body.asWord(fits))});
      });
  Value isInexact = b.is(Predicate::ne, loop.getResult(0), b.word(0));
  return b.either(loop.getResult(1), b.asWord(isInexact));
}

void tflc::buildDoubleQuotient(OpBuilder &builder, func::FuncOp function) {
  WordBuilder b(function.getLoc(), builder);
  Parts x(b, function.getArgument(0)), y(b, function.getArgument(1));
  Value sign = b.differing(x.sign, y.sign);
  Value isLess = b.asWord(b.is(Predicate::ult, x.mantissa, y.mantissa));
  Value quotient = divide(b, b.left(x.mantissa, isLess), y.mantissa);
  Value exponent = b.minus(b.plus(b.minus(x.exponent, y.exponent), b.word(1023)), isLess);
  Value result = round(b, sign, exponent, quotient);
  Value isZero = b.isZero(x.mantissa), byZero = b.isZero(y.mantissa);
  Value isInfinite = x.isInfinite(b), byInfinite = y.isInfinite(b);
  result = b.select(b.either(isZero, byInfinite), sign, result);
  result = b.select(b.either(isInfinite, byZero), b.either(sign, b.word(infinityBits)), result);
  Value isNan = b.either(x.isNan(b), y.isNan(b));
  isNan = b.either(isNan, b.either(b.both(isZero, byZero), b.both(isInfinite, byInfinite)));
  func::ReturnOp::create(b, b.select(isNan, b.word(nanBits), result));
}

void tflc::buildFloatToDouble(OpBuilder &builder, func::FuncOp function) {
  WordBuilder b(function.getLoc(), builder);
  Value bits = arith::ExtUIOp::create(b, b.i64(), function.getArgument(0));
  Value magnitude = b.both(bits, b.word(0x7fffffff));
  Value sign = b.left(b.both(bits, b.word(0x80000000)), b.word(32));
  Value wide = b.left(magnitude, b.word(29));
  Value normal = b.plus(wide, b.word(uint64_t(1023 - 127) << 52));
  // The magnitude of a subnormal is its multiple of 2^-149.
  Value zeros = b.leadingZeros(magnitude);
  Value mantissa = b.left(magnitude, b.minus(zeros, b.word(11)));
  Value exponent = b.left(b.minus(b.word(1023 - 149 + 63 - 1), zeros), b.word(52));
  Value small = b.select(b.isZero(magnitude), b.word(0), b.plus(exponent, mantissa));
  Value result = b.select(b.below(magnitude, b.word(0x00800000)), small, normal);
  Value isSpecial = b.is(Predicate::uge, magnitude, b.word(0x7f800000));
  result = b.select(isSpecial, b.either(wide, b.word(infinityBits)), result);
  func::ReturnOp::create(b, b.either(result, sign));
}

/// `mantissa >> distance`, rounded to nearest, halves to even; the distance is not 0.
static Value shiftRounded(WordBuilder &b, Value mantissa, Value distance) {
  Value whole = b.right(mantissa, distance);
  Value rest = b.minus(mantissa, b.left(whole, distance));
  Value half = b.left(b.word(1), b.minus(distance, b.word(1)));
  Value isHalf = b.is(Predicate::eq, rest, half), isOdd = b.both(whole, b.word(1));
  Value isUp =
      b.either(b.asWord(b.is(Predicate::ugt, rest, half)), b.both(b.asWord(isHalf), isOdd));
  return b.plus(whole, isUp);
}

/// The bits of a float, whose sign is that of a word.
static Value createFloat(WordBuilder &b, Value magnitude, Value sign) {
  Value bits = b.either(magnitude, b.right(sign, b.word(32)));
  return arith::TruncIOp::create(b, b.i32(), bits);
}

void tflc::buildDoubleToFloat(OpBuilder &builder, func::FuncOp function) {
  WordBuilder b(function.getLoc(), builder);
  Parts x(b, function.getArgument(0));
  Value exponent = b.minus(x.exponent, b.word(1023 - 127));
  Value isNormal = b.is(Predicate::sge, exponent, b.word(1));
  // A subnormal loses more bits, and has no exponent.
  Value distance =
      b.select(isNormal, b.word(29), b.least(b.minus(b.word(30), exponent), b.word(63)));
  Value base = b.select(isNormal, b.left(b.minus(exponent, b.word(1)), b.word(23)), b.word(0));
  Value result = b.plus(base, shiftRounded(b, x.mantissa, distance));
  Value isLarge = b.is(Predicate::sge, exponent, b.word(0xff));
  result = b.select(isLarge, b.word(0x7f800000), result);
  result = b.select(x.isNan(b), b.word(0x7fc00000), result);
  func::ReturnOp::create(b, createFloat(b, result, x.sign));
}

namespace {
/// An integer as `mantissa * 2^-zeros`, where bit 63 of the mantissa is set unless it is zero.
struct Integer {
  Integer(WordBuilder &b, Value value, bool isSigned) : sign(b.word(0)), magnitude(value) {
    if (isSigned) {
      sign = b.both(value, b.word(signBit));
      magnitude = b.select(b.isZero(sign), value, b.minus(b.word(0), value));
    }
    zeros = b.least(b.leadingZeros(magnitude), b.word(63));
    mantissa = b.left(magnitude, zeros);
  }

  Value sign, magnitude, zeros, mantissa;
};
} // namespace

static void buildIntegerToDouble(OpBuilder &builder, func::FuncOp function, bool isSigned) {
  WordBuilder b(function.getLoc(), builder);
  Integer x(b, function.getArgument(0), isSigned);
  Value exponent = b.minus(b.word(1023 + 63), x.zeros);
  Value result = round(b, x.sign, exponent, b.rightSticky(x.mantissa, b.word(8)));
  func::ReturnOp::create(b, b.select(b.isZero(x.magnitude), b.word(0), result));
}

static void buildIntegerToFloat(OpBuilder &builder, func::FuncOp function, bool isSigned) {
  WordBuilder b(function.getLoc(), builder);
  Integer x(b, function.getArgument(0), isSigned);
  Value exponent = b.left(b.minus(b.word(127 + 63 - 1), x.zeros), b.word(23));
  Value result = b.plus(exponent, shiftRounded(b, x.mantissa, b.word(40)));
  result = b.select(b.isZero(x.magnitude), b.word(0), result);
  func::ReturnOp::create(b, createFloat(b, result, x.sign));
}

void tflc::buildSignedToDouble(OpBuilder &builder, func::FuncOp function) {
  buildIntegerToDouble(builder, function, /*isSigned=*/true);
}

void tflc::buildUnsignedToDouble(OpBuilder &builder, func::FuncOp function) {
  buildIntegerToDouble(builder, function, /*isSigned=*/false);
}

void tflc::buildSignedToFloat(OpBuilder &builder, func::FuncOp function) {
  buildIntegerToFloat(builder, function, /*isSigned=*/true);
}

void tflc::buildUnsignedToFloat(OpBuilder &builder, func::FuncOp function) {
  buildIntegerToFloat(builder, function, /*isSigned=*/false);
}

void tflc::buildDoubleToInteger(OpBuilder &builder, func::FuncOp function) {
  WordBuilder b(function.getLoc(), builder);
  Parts x(b, function.getArgument(0));
  Value places = b.minus(x.exponent, b.word(1075)), zero = b.word(0), last = b.word(63);
  Value larger = b.left(x.mantissa, b.least(b.most(places, zero), last));
  Value smaller = b.right(x.mantissa, b.least(b.most(b.minus(zero, places), zero), last));
  Value magnitude = b.select(b.is(Predicate::sge, places, zero), larger, smaller);
  func::ReturnOp::create(b, b.select(b.isZero(x.sign), magnitude, b.minus(zero, magnitude)));
}
