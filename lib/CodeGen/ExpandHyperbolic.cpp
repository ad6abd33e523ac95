//===- ExpandHyperbolic.cpp - the hyperbolic tangent ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A quotient x * p(x^2) / q(x^2), fitted in the least largest relative error up to 9 (2e-8; a few
// units in the last place as evaluated in single precision). From 9.011 on, the result is one.
//
//===----------------------------------------------------------------------===//

#include "ExpandUnary.h"
#include "FloatBuilder.h"
#include "MathFunctions.h"

using namespace mlir;
using namespace tflc;

/// `value`, or where it is beyond one of them, `-bound` or `bound`. A NaN stays.
static Value limit(FloatBuilder &b, Value value, float bound) {
  value = b.select(b.less(value, b.real(-bound)), b.real(-bound), value);
  return b.select(b.less(b.real(bound), value), b.real(bound), value);
}

static Value emitTanh(FloatBuilder &b, Value x) {
  // Both begin with one, so that small numbers are their own result.
  constexpr float numerator[] = {1.0f, 0.133810267f, 0.0034955896f, 2.06091045e-05f,
                                 1.33546898e-08f};
  constexpr float denominator[] = {1.0f, 0.467143416f, 0.025876988f, 0.000328563707f,
                                   7.77657021e-07f};
  Value bounded = limit(b, x, 9.0f), square = b.mul(bounded, bounded);
  Value quotient = b.make<arith::DivFOp>(b.mul(bounded, emitPolynomial(b, square, numerator)),
                                         emitPolynomial(b, square, denominator));
  // Near the bound, the parts' rounding may lead beyond one.
  return limit(b, quotient, 1.0f);
}

void tflc::populateHyperbolicPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandUnary<math::TanhOp, emitTanh>>(patterns.getContext());
}
