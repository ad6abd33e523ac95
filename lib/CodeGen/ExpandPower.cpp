//===- ExpandPower.cpp - the power of floats ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// x^y = 2^(y * log2(x)). The exponent's error is multiplied by up to 128, so it takes more bits
// than an f32 has: everything in between is f64.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace tflc;

/// The sum of `coefficients[i] * x^i`.
static Value evaluatePolynomial(FloatBuilder &b, Value x, ArrayRef<double> coefficients) {
  Value sum = b.wideReal(coefficients.back());
  for (double coefficient : llvm::reverse(coefficients.drop_back()))
    sum = b.add(b.mul(sum, x), b.wideReal(coefficient));
  return sum;
}

/// log2 of an f64 that is a positive f32, not infinite.
static Value emitLog2(FloatBuilder &b, Value x) {
  // x = 2^k * m with m in [sqrt(1/2), sqrt(2)).
  Value bits = b.bitcast(b.i64(), x);
  Value moved = b.make<arith::AddIOp>(bits, b.wideBits(0x3ff0000000000000 - 0x3fe6a09e667f3bcd));
  Value exponent = b.make<arith::ShRUIOp>(moved, b.wideBits(52));
  exponent = b.make<arith::SubIOp>(exponent, b.wideBits(1023));
  Value k = arith::TruncIOp::create(b, b.i32(), exponent);
  Value mantissa = b.make<arith::SubIOp>(bits, b.make<arith::ShLIOp>(exponent, b.wideBits(52)));
  Value m = b.bitcast(b.f64(), mantissa), one = b.wideReal(1);
  // log(m) = 2 artanh(s) with s = (m - 1) / (m + 1), |s| < 0.172: the series to s^17.
  Value s = b.make<arith::DivFOp>(b.sub(m, one), b.add(m, one));
  double scale = 2 / std::log(2.0);
  SmallVector<double> series;
  for (int n = 0; n < 9; ++n)
    series.push_back(scale / (2 * n + 1));
  Value fraction = b.mul(s, evaluatePolynomial(b, b.mul(s, s), series));
  return b.add(arith::SIToFPOp::create(b, b.f64(), k), fraction);
}

/// 2^x as f64 for `x` in [-1000, 1000].
static Value emitExp2(FloatBuilder &b, Value x) {
  // Adding 1.5 * 2^52 rounds to an integer, which then stands in the low bits.
  Value shift = b.wideReal(0x1.8p52);
  Value shifted = b.add(x, shift);
  Value whole = b.sub(shifted, shift);
  Value fraction = b.sub(x, whole); // in [-1/2, 1/2]: the series of e^(fraction * log(2))
  SmallVector<double> series = {1};
  for (int n = 1; n < 11; ++n)
    series.push_back(series.back() * std::log(2.0) / n);
  Value power = evaluatePolynomial(b, fraction, series);
  Value exponent = b.make<arith::ShLIOp>(b.bitcast(b.i64(), shifted), b.wideBits(52));
  return b.bitcast(b.f64(), b.make<arith::AddIOp>(b.bitcast(b.i64(), power), exponent));
}

static Value emitPower(FloatBuilder &b, Value x, Value y) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Value zero = b.real(0), one = b.real(1), huge = b.real(infinity);
  Value magnitude = math::AbsFOp::create(b, x), reach = math::AbsFOp::create(b, y);
  auto equal = [&](Value lhs, Value rhs) { return b.compare(arith::CmpFPredicate::OEQ, lhs, rhs); };
  auto both = [&](Value lhs, Value rhs) { return b.make<arith::AndIOp>(lhs, rhs); };
  Value isZero = equal(magnitude, zero), isInfinite = equal(magnitude, huge);

  Value isOrdinary =
      both(b.compare(arith::CmpFPredicate::OGT, magnitude, zero), b.less(magnitude, huge));
  Value safe = arith::ExtFOp::create(b, b.f64(), b.select(isOrdinary, magnitude, one));
  Value logarithm = emitLog2(b, safe);
  logarithm = b.select(isZero, b.wideReal(-infinity), logarithm);
  logarithm = b.select(isInfinite, b.wideReal(infinity), logarithm);
  Value exponent = b.mul(arith::ExtFOp::create(b, b.f64(), y), logarithm);
  // Beyond these bounds the result is zero or infinite; a NaN becomes a bound, too.
  Value most = b.wideReal(200), least = b.wideReal(-200);
  exponent = b.select(b.compare(arith::CmpFPredicate::OGT, exponent, least), exponent, least);
  exponent = b.select(b.less(exponent, most), exponent, most);
  Value result = arith::TruncFOp::create(b, b.f32(), emitExp2(b, exponent));

  // From 2^24 on every float is even, from 2^23 on an integer.
  Value isSmall = b.less(reach, b.real(0x1p24f));
  Value integer = arith::FPToSIOp::create(b, b.i32(), b.select(isSmall, y, zero));
  Value isWhole = equal(arith::SIToFPOp::create(b, b.f32(), integer), y);
  Value isOdd =
      both(both(isSmall, isWhole), b.compare(arith::CmpIPredicate::ne,
                                             b.make<arith::AndIOp>(integer, b.bits(1)), b.bits(0)));
  Value isInteger =
      b.make<arith::OrIOp>(isWhole, b.compare(arith::CmpFPredicate::OGE, reach, b.real(0x1p24f)));
  Value sign = b.make<arith::AndIOp>(b.bitcast(b.i32(), x), b.bits(0x80000000));
  Value negated = b.bitcast(b.f32(), b.make<arith::XOrIOp>(b.bitcast(b.i32(), result), sign));
  result = b.select(isOdd, negated, result);

  Value nan = b.real(std::numeric_limits<float>::quiet_NaN());
  Value isRoot = both(both(b.less(x, zero), isOrdinary),
                      b.make<arith::XOrIOp>(isInteger, b.constant(b.getBoolAttr(true))));
  result = b.select(isRoot, nan, result);
  result = b.select(b.compare(arith::CmpFPredicate::UNO, x, y), nan, result);
  // 1^y, x^0 and (-1)^(+-infinity) are one, whatever the other operand is.
  Value isUnit = b.make<arith::OrIOp>(equal(x, one), equal(y, zero));
  isUnit = b.make<arith::OrIOp>(isUnit, both(equal(magnitude, one), equal(reach, huge)));
  return b.select(isUnit, one, result);
}

namespace {
struct ExpandPower : OpRewritePattern<math::PowFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::PowFOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not f32");
    FloatBuilder b(op, rewriter);
    rewriter.replaceOp(op, emitPower(b, op.getLhs(), op.getRhs()));
    return success();
  }
};
} // namespace

void tflc::populatePowerPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandPower>(patterns.getContext());
}
