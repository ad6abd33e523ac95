//===- ExpandErf.cpp - the error function ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A quotient x * p(x^2) / q(x^2), fitted in the least largest relative error over [-4, 4] (6.6e-8;
// a few units in the last place as evaluated in single precision). Beyond 3.9192 the result is one.
//
//===----------------------------------------------------------------------===//

#include "ExpandUnary.h"
#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tflc;

static Value emitErf(FloatBuilder &b, Value x) {
  constexpr float numerator[] = {1.1283791f,     0.20709962f,     0.051521316f,  0.0039893282f,
                                 0.00014724584f, -1.9419449e-06f, 1.9107954e-08f};
  constexpr float denominator[] = {1.0f, 0.51686853f, 0.11795998f, 0.014955711f, 0.001020774f};
  constexpr float large = 3.9192059f; // from here on, one is the nearest float
  Value square = b.mul(x, x);
  Value quotient = b.make<arith::DivFOp>(b.mul(x, emitPolynomial(b, square, numerator)),
                                         emitPolynomial(b, square, denominator));
  Value magnitude = math::AbsFOp::create(b, x);
  Value one = math::CopySignOp::create(b, b.real(1.0f), x);
  return b.select(b.less(b.real(large), magnitude), one, quotient);
}

void tflc::populateErfPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandUnary<math::ErfOp, emitErf>>(patterns.getContext());
}
