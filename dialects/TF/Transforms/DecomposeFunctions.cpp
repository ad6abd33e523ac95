//===- DecomposeFunctions.cpp - functions by those of the format ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The format has exponentials, logarithms, ATAN2 and GELU. Formulas are chosen so that the error
// stays near the rounding of the largest intermediate value.
//
//===----------------------------------------------------------------------===//

#include "Decompositions.h"

#include "PatternHelpers.h"

#include "TF/IR/TFOps.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace tflc::tf;

namespace {

/// Builds formulas over tensors of one type.
class Formula {
public:
  Formula(PatternRewriter &rewriter, Operation *op, Value sample)
      : b(op->getLoc(), rewriter), sample(sample) {}

  Value number(double value) { return makeScalar(b, b.getLoc(), sample, value); }
  Value add(Value x, Value y) { return AddV2Op::create(b, x, y); }
  Value add(Value x, double y) { return add(x, number(y)); }
  Value subtract(Value x, Value y) { return SubOp::create(b, x, y); }
  Value multiply(Value x, Value y) { return MulOp::create(b, x, y); }
  Value multiply(Value x, double y) { return multiply(x, number(y)); }
  Value divide(Value x, Value y) { return RealDivOp::create(b, x, y); }
  Value negate(Value x) { return NegOp::create(b, x); }
  Value absolute(Value x) { return AbsOp::create(b, x); }
  Value exponential(Value x) { return ExpOp::create(b, x); }
  Value logarithm(Value x) { return LogOp::create(b, x); }
  Value root(Value x) { return SqrtOp::create(b, x); }
  Value angle(Value y, Value x) { return Atan2Op::create(b, y, x); }
  Value select(Value condition, Value yes, Value no) {
    return SelectV2Op::create(b, condition, yes, no);
  }
  /// Ones in the shape of the sample.
  Value ones() { return OnesLikeOp::create(b, sample); }
  /// sqrt(1 - x * x), as a product so that nothing cancels near 1.
  Value getOtherLeg(Value x) { return root(multiply(subtract(number(1), x), add(x, 1))); }
  Value gelu(Value x) { return GeluOp::create(b, x, /*approximate=*/false); }

  ImplicitLocOpBuilder b;

private:
  Value sample;
};

} // namespace

//===----------------------------------------------------------------------===//
// Hyperbolic and inverse functions
//===----------------------------------------------------------------------===//

static Value buildSinh(Formula &f, Value x) {
  return f.multiply(f.subtract(f.exponential(x), f.exponential(f.negate(x))), 0.5);
}

static Value buildCosh(Formula &f, Value x) {
  return f.multiply(f.add(f.exponential(x), f.exponential(f.negate(x))), 0.5);
}

static Value buildAtan(Formula &f, Value x) { return f.angle(x, f.ones()); }

static Value buildAsin(Formula &f, Value x) { return f.angle(x, f.getOtherLeg(x)); }

static Value buildAcos(Formula &f, Value x) { return f.angle(f.getOtherLeg(x), x); }

/// log(|x| + sqrt(x * x + 1)) with the sign of x.
static Value buildAsinh(Formula &f, Value x) {
  Value size = f.absolute(x);
  Value sum = f.add(size, f.root(f.add(f.multiply(x, x), 1)));
  return f.multiply(SignOp::create(f.b, x), f.logarithm(sum));
}

static Value buildAcosh(Formula &f, Value x) {
  Value leg = f.root(f.multiply(f.add(x, -1), f.add(x, 1)));
  return f.logarithm(f.add(x, leg));
}

static Value buildAtanh(Formula &f, Value x) {
  Value ratio = f.divide(f.add(x, 1), f.subtract(f.number(1), x));
  return f.multiply(f.logarithm(ratio), 0.5);
}

//===----------------------------------------------------------------------===//
// Error function and gamma function
//===----------------------------------------------------------------------===//

/// gelu(a) + gelu(-a) = a * erf(a / sqrt(2)). Beyond 4 the function rounds to 1.
static Value buildErf(Formula &f, Value x) {
  constexpr double bound = 4, root2 = 1.4142135623730951;
  Value near = MinimumOp::create(f.b, MaximumOp::create(f.b, x, f.number(-bound)), f.number(bound));
  Value a = f.multiply(near, root2);
  Value sum = f.add(f.gelu(a), f.gelu(f.negate(a)));
  Value isZero = EqualOp::create(f.b, a, f.number(0));
  return f.select(isZero, a, f.divide(sum, a));
}

static Value buildErfc(Formula &f, Value x) { return f.subtract(f.number(1), buildErf(f, x)); }

/// Lanczos' approximation with g = 7 and nine terms, and Euler's reflection below one half.
static Value buildLgamma(Formula &f, Value x) {
  constexpr double terms[] = {676.5203681218851,     -1259.1392167224028,  771.32342877765313,
                              -176.61502916214059,   12.507343278686905,   -0.13857109526572012,
                              9.9843695780195716e-6, 1.5056327351493116e-7};
  constexpr double halfLogOf2Pi = 0.91893853320467274, logOfPi = 1.1447298858494002,
                   pi = 3.141592653589793;
  Value isSmall = LessOp::create(f.b, x, f.number(0.5));
  Value z = f.select(isSmall, f.negate(x), f.add(x, -1));
  Value sum = f.number(0.99999999999980993);
  for (auto [i, term] : llvm::enumerate(terms))
    sum = f.add(sum, f.divide(f.number(term), f.add(z, double(i + 1))));
  Value t = f.add(z, 7.5);
  Value value = f.subtract(f.multiply(f.add(z, 0.5), f.logarithm(t)), t);
  value = f.add(f.add(value, f.logarithm(sum)), halfLogOf2Pi);
  // The sine of pi times what is behind the point keeps its accuracy far from zero.
  Value part = f.subtract(x, FloorOp::create(f.b, x));
  Value sine = SinOp::create(f.b, f.multiply(part, pi));
  Value reflected = f.subtract(f.subtract(f.number(logOfPi), f.logarithm(f.absolute(sine))), value);
  return f.select(isSmall, reflected, value);
}

template <typename Op, Value (*build)(Formula &, Value)>
static LogicalResult expand(Op op, PatternRewriter &rewriter) {
  if (!getElementType(op.getX()).isF32())
    return rewriter.notifyMatchFailure(op, "the format has these functions for float32");
  Formula formula(rewriter, op, op.getX());
  rewriter.replaceOp(op, build(formula, op.getX()));
  return success();
}

void tflc::tf::populateFunctionDecompositions(RewritePatternSet &patterns) {
  addPattern<AcosOp>(patterns, expand<AcosOp, buildAcos>);
  addPattern<AcoshOp>(patterns, expand<AcoshOp, buildAcosh>);
  addPattern<AsinOp>(patterns, expand<AsinOp, buildAsin>);
  addPattern<AsinhOp>(patterns, expand<AsinhOp, buildAsinh>);
  addPattern<AtanOp>(patterns, expand<AtanOp, buildAtan>);
  addPattern<AtanhOp>(patterns, expand<AtanhOp, buildAtanh>);
  addPattern<CoshOp>(patterns, expand<CoshOp, buildCosh>);
  addPattern<ErfOp>(patterns, expand<ErfOp, buildErf>);
  addPattern<ErfcOp>(patterns, expand<ErfcOp, buildErfc>);
  addPattern<LgammaOp>(patterns, expand<LgammaOp, buildLgamma>);
  addPattern<SinhOp>(patterns, expand<SinhOp, buildSinh>);
}
