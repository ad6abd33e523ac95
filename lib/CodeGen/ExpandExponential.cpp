//===- ExpandExponential.cpp - the exponential less one -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// With x = n * log(2) + r and |r| at most log(2) / 2,
//   exp(x) - 1 = 2^n * (exp(r) - 1) + (2^n - 1),
// where exp(r) - 1 is its Taylor polynomial up to r^7, whose remainder is 1.5e-8 of it at most.
// MLIR's own expansion takes an exponential, a logarithm and a quotient.
//
//===----------------------------------------------------------------------===//

#include "ExpandUnary.h"
#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tflc;

static Value emitExpM1(FloatBuilder &b, Value x) {
  constexpr float least = -25.0f, most = 89.0f; // the result is -1 or infinite beyond
  constexpr float perLog2 = 1.44269504f;
  // log(2) in two parts; the product of the large one with n is exact.
  constexpr float large = 0.693359375f, small = -2.12194440e-4f;
  // Added to a number below 2^22, it leaves the nearest integer in the lower bits.
  constexpr float rounder = 0x1.8p23f;
  constexpr float coefficients[] = {1.0f / 5040, 1.0f / 720, 1.0f / 120,
                                    1.0f / 24,   1.0f / 6,   1.0f / 2};
  auto fma = [&](Value u, Value v, Value w) -> Value { return math::FmaOp::create(b, u, v, w); };
  // Comparisons keep a NaN, which nothing below turns into a number.
  Value bounded = b.select(b.less(x, b.real(least)), b.real(least), x);
  bounded = b.select(b.less(b.real(most), bounded), b.real(most), bounded);
  Value shifted = fma(bounded, b.real(perLog2), b.real(rounder));
  Value n = b.sub(shifted, b.real(rounder));
  Value r = fma(n, b.real(-large), bounded);
  r = fma(n, b.real(-small), r);
  Value p = b.real(coefficients[0]);
  for (float coefficient : ArrayRef(coefficients).drop_front())
    p = fma(p, r, b.real(coefficient));
  Value rest = fma(b.mul(r, r), p, r);
  // Half of 2^n, which is a float for the largest n, too.
  constexpr uint32_t exponentOfHalf = 126, mantissaBits = 23;
  Value exponent = b.make<arith::AddIOp>(b.bitcast(b.i32(), shifted), b.bits(exponentOfHalf));
  Value half = b.bitcast(b.f32(), b.make<arith::ShLIOp>(exponent, b.bits(mantissaBits)));
  Value sum = fma(half, rest, b.sub(half, b.real(0.5f)));
  // Numbers that are their own result; among them is a zero with its sign.
  Value magnitude = math::AbsFOp::create(b, x);
  return b.select(b.less(magnitude, b.real(0x1p-25f)), x, b.add(sum, sum));
}

void tflc::populateExponentialPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandUnary<math::ExpM1Op, emitExpM1>>(patterns.getContext());
}
