//===- ExpandLogarithm.cpp - the natural logarithm ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// With x = 2^e * (1 + f) and 1 + f in [sqrt(1/2), sqrt(2)),
//   log(x) = e * log(2) + f - f^2 / 2 + f^3 * p(f),
// where p is the polynomial of Cephes' logf. MLIR's own expansion takes subnormal numbers for the
// least normal one.
//
//===----------------------------------------------------------------------===//

#include "ExpandUnary.h"
#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <limits>

using namespace mlir;
using namespace tflc;

/// The sum for finite numbers above zero. `e` is a whole float, `f` the rest of the argument.
static Value emitSum(FloatBuilder &b, Value e, Value f) {
  constexpr float coefficients[] = {7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
                                    -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
                                    2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
  // log(2) in two parts; the product of the large one with an exponent is exact.
  constexpr float large = 0.693359375f, small = -2.12194440e-4f;
  auto fma = [&](Value x, Value y, Value z) -> Value { return math::FmaOp::create(b, x, y, z); };
  Value p = b.real(coefficients[0]);
  for (float coefficient : ArrayRef(coefficients).drop_front())
    p = fma(p, f, b.real(coefficient));
  Value square = b.mul(f, f);
  Value rest = b.mul(b.mul(square, f), p);
  rest = fma(e, b.real(small), rest);
  rest = fma(square, b.real(-0.5f), rest);
  return fma(e, b.real(large), b.add(f, rest));
}

static Value emitLog(FloatBuilder &b, Value x) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr uint32_t rootOfHalf = 0x3f3504f3;
  Value isSubnormal = b.less(x, b.real(std::numeric_limits<float>::min()));
  Value normal = b.select(isSubnormal, b.mul(x, b.real(0x1p23f)), x);
  Value bits = b.bitcast(b.i32(), normal);
  Value distance = b.bits(23);
  Value e = b.make<arith::ShRSIOp>(b.make<arith::SubIOp>(bits, b.bits(rootOfHalf)), distance);
  Value rest = b.make<arith::SubIOp>(bits, b.make<arith::ShLIOp>(e, distance));
  Value f = b.sub(b.bitcast(b.f32(), rest), b.real(1.0f));
  Value exponent = arith::SIToFPOp::create(b, b.f32(), e);
  exponent = b.select(isSubnormal, b.sub(exponent, b.real(23.0f)), exponent);
  // Infinity and NaN stay, zero gives -infinity, and what is below zero a NaN.
  Value result = b.select(b.less(x, b.real(infinity)), emitSum(b, exponent, f), x);
  Value zero = b.real(0.0f), nan = b.real(std::numeric_limits<float>::quiet_NaN());
  result = b.select(b.compare(arith::CmpFPredicate::OEQ, x, zero), b.real(-infinity), result);
  return b.select(b.less(x, zero), nan, result);
}

void tflc::populateLogarithmPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandUnary<math::LogOp, emitLog>>(patterns.getContext());
}
