//===- ExpandLogarithm.cpp - the natural logarithm ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// With x = 2^e * (1 + f) and 1 + f in [sqrt(1/2), sqrt(2)),
//   log(x) = e * log(2) + f + f^2 * q(f),
// where q is fitted in the least largest relative error of log(1 + f), 4e-9. Only where a lane is
// no normal number above zero, a branch finds another x or e for it. MLIR's own expansion takes
// subnormal numbers for the least normal one.
//
//===----------------------------------------------------------------------===//

#include "ExpandUnary.h"
#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <limits>

using namespace mlir;
using namespace tflc;

static constexpr float infinity = std::numeric_limits<float>::infinity();
static constexpr float leastNormal = std::numeric_limits<float>::min();

namespace {
/// A normal number above zero, and what is added to its e.
struct Argument {
  Value number, moved;
};
} // namespace

/// What stands for numbers that are not normal: infinity and NaN stay, zero gives -infinity, and
/// what is below zero a NaN. Infinite exponents lead to infinite results.
static Argument normalize(FloatBuilder &b, Value x) {
  Value zero = b.real(0.0f), nan = b.real(std::numeric_limits<float>::quiet_NaN());
  Value moved = b.select(b.less(x, zero), nan, x);
  Value isZero = b.compare(arith::CmpFPredicate::OEQ, x, zero);
  moved = b.select(isZero, b.real(-infinity), moved);
  Value isSubnormal = b.make<arith::AndIOp>(b.less(zero, x), b.less(x, b.real(leastNormal)));
  return {b.select(isSubnormal, b.mul(x, b.real(0x1p23f)), b.real(1.0f)),
          b.select(isSubnormal, b.real(-23.0f), moved)};
}

static Argument normalizeIfNeeded(FloatBuilder &b, Value x) {
  constexpr uint32_t least = 0x00800000, count = 0x7f000000; // bits of normal numbers above zero
  Value place = b.make<arith::SubIOp>(b.bitcast(b.i32(), x), b.bits(least));
  Value isOther = b.compare(arith::CmpIPredicate::uge, place, b.bits(count)), isAny = isOther;
  if (b.shape)
    isAny = vector::ReductionOp::create(b, vector::CombiningKind::OR, isOther);
  auto branch = scf::IfOp::create(
      b, isAny,
      [&](OpBuilder &inner, Location loc) {
        FloatBuilder body(loc, x.getType(), inner);
        auto [number, moved] = normalize(body, x);
        scf::YieldOp::create(body, ValueRange{body.select(isOther, number, x),
                                              body.select(isOther, moved, body.real(0.0f))});
      },
      [&](OpBuilder &inner, Location loc) {
        FloatBuilder body(loc, x.getType(), inner);
        scf::YieldOp::create(body, ValueRange{x, body.real(0.0f)});
      });
  return {branch.getResult(0), branch.getResult(1)};
}

static Value emitLog(FloatBuilder &b, Value x) {
  constexpr float log2 = 0x1.62e43p-1f;
  constexpr float coefficients[] = {-0.499999881f, 0.333333254f,  -0.250015885f,
                                    0.200019881f,  -0.166089267f, 0.141814649f,
                                    -0.132439941f, 0.129072025f,  -0.0762261078f};
  constexpr uint32_t rootOfHalf = 0x3f3504f3;
  auto [number, moved] = normalizeIfNeeded(b, x);
  Value bits = b.bitcast(b.i32(), number), distance = b.bits(23);
  Value exponent =
      b.make<arith::ShRSIOp>(b.make<arith::SubIOp>(bits, b.bits(rootOfHalf)), distance);
  Value rest = b.make<arith::SubIOp>(bits, b.make<arith::ShLIOp>(exponent, distance));
  Value f = b.sub(b.bitcast(b.f32(), rest), b.real(1.0f));
  Value e = b.add(arith::SIToFPOp::create(b, b.f32(), exponent), moved);
  Value sum = math::FmaOp::create(b, b.mul(f, f), emitPolynomial(b, f, coefficients), f);
  return math::FmaOp::create(b, e, b.real(log2), sum);
}

void tflc::populateLogarithmPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandUnary<math::LogOp, emitLog>>(patterns.getContext());
}
