//===- ExpandExponential.cpp - the exponential, and it less one -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
// With x = n * log(2) + r and |r| at most log(2) / 2,
//   exp(x)     = 2^n * (exp(r) - 1) + 2^n,
//   exp(x) - 1 = 2^n * (exp(r) - 1) + (2^n - 1),
// where exp(r) - 1 is r + r^2 * p(r), off by 3e-9 of exp(r) at most. MLIR's own expansions take
// twice as many operations, and for the second one a logarithm and a quotient.
//
//===----------------------------------------------------------------------===//

#include "ExpandUnary.h"
#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tflc;

namespace {
/// Half of 2^n, which is a float for the largest n, too, and exp(r) - 1.
struct Parts {
  Value half, rest;
};
} // namespace

static Value fma(FloatBuilder &b, Value x, Value y, Value z) {
  return math::FmaOp::create(b, x, y, z);
}

/// Both for x, or for `least` or the largest argument of interest where x is beyond. A negation of
/// x is free where products and sums are one instruction.
static Parts split(FloatBuilder &b, Value x, float least) {
  constexpr float most = 89.0f; // the result is infinite from here on
  constexpr float perLog2 = 1.44269504f;
  // log(2) in two parts; the product of the large one with n is exact.
  constexpr float large = 0.693359375f, small = -2.12194440e-4f;
  // Added to a number below 2^22, it leaves the nearest integer in the lower bits.
  constexpr float rounder = 0x1.8p23f;
  constexpr float coefficients[] = {0.00138144673f, 0.00836878084f, 0.0416683927f, 0.166665196f,
                                    0.49999994f};
  // Comparisons keep a NaN, which nothing below turns into a number.
  auto limit = [&](Value value, float from, float to) {
    value = b.select(b.less(value, b.real(from)), b.real(from), value);
    return b.select(b.less(b.real(to), value), b.real(to), value);
  };
  auto negated = x.getDefiningOp<arith::NegFOp>();
  Value bounded = negated ? arith::NegFOp::create(b, limit(negated.getOperand(), -most, -least))
                          : limit(x, least, most);
  Value shifted = fma(b, bounded, b.real(perLog2), b.real(rounder));
  Value n = b.sub(shifted, b.real(rounder));
  Value r = fma(b, n, b.real(-large), bounded);
  r = fma(b, n, b.real(-small), r);
  Value p = b.real(coefficients[0]);
  for (float coefficient : ArrayRef(coefficients).drop_front())
    p = fma(b, p, r, b.real(coefficient));
  constexpr uint32_t exponentOfHalf = 126, mantissaBits = 23;
  Value exponent = b.make<arith::AddIOp>(b.bitcast(b.i32(), shifted), b.bits(exponentOfHalf));
  Value half = b.bitcast(b.f32(), b.make<arith::ShLIOp>(exponent, b.bits(mantissaBits)));
  return {half, fma(b, b.mul(r, r), p, r)};
}

/// Half of exp(x).
static Value emitHalf(FloatBuilder &b, Value x) {
  // There n is -126, and its half has the bits of zero: what is below 2^-125.5 becomes zero.
  constexpr float least = -87.336f;
  auto [half, rest] = split(b, x, least);
  return fma(b, half, rest, half);
}

static Value emitExpM1(FloatBuilder &b, Value x) {
  constexpr float least = -25.0f; // the result is -1 beyond
  auto [half, rest] = split(b, x, least);
  Value sum = fma(b, half, rest, b.sub(half, b.real(0.5f)));
  // Numbers that are their own result; among them is a zero with its sign.
  Value magnitude = math::AbsFOp::create(b, x);
  return b.select(b.less(magnitude, b.real(0x1p-25f)), x, b.add(sum, sum));
}

namespace {
/// A sum that is the only one to read the exponential doubles the half in the same instruction.
struct ExpandExp : OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::ExpOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not f32");
    FloatBuilder b(op, rewriter);
    Value half = emitHalf(b, op.getOperand());
    auto sum = op->hasOneUse() ? dyn_cast<arith::AddFOp>(*op->user_begin()) : nullptr;
    if (!sum) {
      rewriter.replaceOp(op, b.add(half, half));
      return success();
    }
    Value other = sum.getLhs() == op.getResult() ? sum.getRhs() : sum.getLhs();
    b.setInsertionPoint(sum);
    rewriter.replaceOp(sum, fma(b, half, b.real(2.0f), other));
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void tflc::populateExponentialPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandExp, ExpandUnary<math::ExpM1Op, emitExpM1>>(patterns.getContext());
}
