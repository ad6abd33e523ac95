//===- FuseActivations.cpp - activations written as arithmetic ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/NormalizationOps.h"
#include "TF/IR/ReductionOps.h"
#include "TF/IR/UnaryOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FUSEACTIVATIONSPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// Constants in models are rounded to float32, or to float16.
static bool isNear(std::optional<double> value, double expected) {
  return value && std::fabs(*value - expected) <= 1e-3 * std::fabs(expected);
}

/// A product as its factors and the numbers among them, through several multiplications and
/// divisions by numbers.
struct Factors {
  double number = 1;
  SmallVector<Value> values;

  void add(Value value, unsigned depth = 0) {
    constexpr unsigned maxDepth = 8;
    if (std::optional<double> constant = getNumber(value)) {
      number *= *constant;
      return;
    }
    Operation *source = value.getDefiningOp();
    if (depth < maxDepth && source && isa<MulOp>(source) && (depth == 0 || value.hasOneUse())) {
      add(source->getOperand(0), depth + 1);
      add(source->getOperand(1), depth + 1);
      return;
    }
    if (depth < maxDepth && source && isa<RealDivOp>(source) && (depth == 0 || value.hasOneUse()))
      if (std::optional<double> divisor = getNumber(source->getOperand(1));
          divisor && *divisor != 0) {
        number /= *divisor;
        add(source->getOperand(0), depth + 1);
        return;
      }
    if (depth < maxDepth && source && isa<NegOp>(source)) {
      number = -number;
      add(source->getOperand(0), depth + 1);
      return;
    }
    values.push_back(value);
  }
};

/// `value` as a sum of another value and a number.
static std::pair<Value, double> splitSum(Value value) {
  Operation *source = value.getDefiningOp();
  if (!source || !isa<AddOp, AddV2Op>(source))
    return {};
  for (unsigned i : {0, 1})
    if (std::optional<double> number = getNumber(source->getOperand(i)))
      return {source->getOperand(1 - i), *number};
  return {};
}

/// Whether `value` is `factor` times `x`.
static bool isMultiple(Value value, Value x, double factor) {
  Factors factors;
  factors.add(value);
  return factors.values.size() == 1 && factors.values[0] == x && isNear(factors.number, factor);
}

/// relu6(x + 3), which Keras may write as a clip.
static bool isShiftedRelu6(Value value, Value x) {
  auto relu = value.getDefiningOp<Relu6Op>();
  if (!relu)
    return false;
  auto [inner, number] = splitSum(relu.getX());
  return inner == x && isNear(number, 3);
}

/// x * (1 + erf(x / sqrt(2))) / 2, or with erfc of the negative.
static bool isGeluFactor(Value value, Value x, double number) {
  constexpr double invertedRoot = 0.70710678118654752;
  if (auto erfc = value.getDefiningOp<ErfcOp>())
    return isNear(number, 0.5) && isMultiple(erfc.getX(), x, -invertedRoot);
  auto [inner, one] = splitSum(value);
  auto erf = inner ? inner.getDefiningOp<ErfOp>() : ErfOp();
  return erf && isNear(one, 1) && isNear(number, 0.5) && isMultiple(erf.getX(), x, invertedRoot);
}

/// x + 0.044715 * x^3
static bool isCubicSum(Value value, Value x) {
  Operation *sum = value.getDefiningOp();
  if (!sum || !isa<AddOp, AddV2Op>(sum))
    return false;
  for (unsigned i : {0, 1}) {
    if (sum->getOperand(i) != x)
      continue;
    Factors cubic;
    cubic.add(sum->getOperand(1 - i));
    if (!isNear(cubic.number, 0.044715))
      return false;
    unsigned power = 0;
    for (Value factor : cubic.values) {
      if (factor == x) {
        ++power;
      } else if (auto square = factor.getDefiningOp<SquareOp>(); square && square.getX() == x) {
        power += 2;
      } else if (auto pow = factor.getDefiningOp<PowOp>(); pow && pow.getX() == x) {
        if (std::optional<double> exponent = getNumber(pow.getY()))
          power += unsigned(*exponent);
      } else {
        return false;
      }
    }
    return power == 3;
  }
  return false;
}

/// x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2
static bool isTanhGeluFactor(Value value, Value x, double number) {
  auto [inner, one] = splitSum(value);
  auto tanh = inner ? inner.getDefiningOp<TanhOp>() : TanhOp();
  if (!tanh || !isNear(one, 1) || !isNear(number, 0.5))
    return false;
  Factors factors;
  factors.add(tanh.getX());
  return factors.values.size() == 1 && isNear(factors.number, 0.7978845608) &&
         isCubicSum(factors.values[0], x);
}

/// The epsilon of rsqrt(max(sum(x * x), epsilon)) over the last axis; nothing if `value` is none.
static std::optional<double> findNormEpsilon(Value value, Value x) {
  auto inverse = value.getDefiningOp<RsqrtOp>();
  auto bound = inverse ? inverse.getX().getDefiningOp<MaximumOp>() : MaximumOp();
  std::optional<double> epsilon = bound ? getNumber(bound.getY()) : std::nullopt;
  auto reduction = bound ? bound.getX().getDefiningOp<SumOp>() : SumOp();
  std::optional<Shape> shape = getShape(x);
  std::optional<SmallVector<int64_t>> axes =
      reduction ? evaluateAllInts(reduction.getReductionIndices()) : std::nullopt;
  if (!axes || axes->size() != 1 || !reduction.getKeepDims() || !shape ||
      (axes->front() != -1 && axes->front() != int64_t(shape->size()) - 1))
    return std::nullopt;
  if (auto square = reduction.getInput().getDefiningOp<SquareOp>())
    return square.getX() == x ? epsilon : std::nullopt;
  auto product = reduction.getInput().getDefiningOp<MulOp>();
  return product && product.getX() == x && product.getY() == x ? epsilon : std::nullopt;
}

/// The operator divides by the norm, or by 1e-6 where that is larger. Another bound is the same one
/// of numbers that are scaled: c * x / max(c * |x|, 1e-6) is x / max(|x|, 1e-6 / c).
static void replaceByNormalize(Operation *op, Value x, double epsilon, PatternRewriter &rewriter) {
  constexpr double bound = 1e-6;
  double other = std::sqrt(epsilon);
  if (other > 1.0001 * bound)
    x = MulOp::create(rewriter, op->getLoc(), x,
                      makeScalar(rewriter, op->getLoc(), x, bound / other));
  rewriter.replaceOpWithNewOp<L2NormalizeOp>(op, x);
}

/// A product of x and a function of x.
template <typename Op> static LogicalResult fuseProduct(Op op, PatternRewriter &rewriter) {
  if (!isa<FloatType>(getElementType(op.getResult())))
    return rewriter.notifyMatchFailure(op, "not in float");
  Factors factors;
  factors.add(op.getResult());
  if (factors.values.size() != 2)
    return rewriter.notifyMatchFailure(op, "no two factors");
  for (unsigned i : {0, 1}) {
    Value x = factors.values[i], other = factors.values[1 - i];
    if (x.getType() != op.getType())
      continue;
    if (isGeluFactor(other, x, factors.number)) {
      rewriter.replaceOpWithNewOp<GeluOp>(op, x, /*approximate=*/false);
      return success();
    }
    if (isTanhGeluFactor(other, x, factors.number)) {
      rewriter.replaceOpWithNewOp<GeluOp>(op, x, /*approximate=*/true);
      return success();
    }
    std::optional<double> epsilon = findNormEpsilon(other, x);
    if (isNear(factors.number, 1) && epsilon && *epsilon >= 0) {
      replaceByNormalize(op, x, *epsilon, rewriter);
      return success();
    }
    if (isShiftedRelu6(other, x) && isNear(factors.number, 1.0 / 6)) {
      rewriter.replaceOpWithNewOp<HardSwishOp>(op, x);
      return success();
    }
  }
  return rewriter.notifyMatchFailure(op, "no activation");
}

/// min(max(x, 0), 6)
static LogicalResult fuseRelu6(MinimumOp op, PatternRewriter &rewriter) {
  for (unsigned i : {0, 1}) {
    Value inner = op->getOperand(i);
    if (!isNear(getNumber(op->getOperand(1 - i)), 6) || inner.getType() != op.getType())
      continue;
    if (auto relu = inner.getDefiningOp<ReluOp>()) {
      rewriter.replaceOpWithNewOp<Relu6Op>(op, relu.getX());
      return success();
    }
    if (auto maximum = inner.getDefiningOp<MaximumOp>())
      for (unsigned k : {0, 1})
        if (getNumber(maximum->getOperand(k)) == 0.0 &&
            maximum->getOperand(1 - k).getType() == op.getType()) {
          rewriter.replaceOpWithNewOp<Relu6Op>(op, maximum->getOperand(1 - k));
          return success();
        }
  }
  return rewriter.notifyMatchFailure(op, "no bounds of 0 and 6");
}

/// max(x, 0) + factor * max(-x, 0), with a number for each channel or for all.
template <typename Op> static LogicalResult fusePrelu(Op op, PatternRewriter &rewriter) {
  for (unsigned i : {0, 1}) {
    auto relu = op->getOperand(i).template getDefiningOp<ReluOp>();
    auto product = op->getOperand(1 - i).template getDefiningOp<MulOp>();
    if (!relu || !product || relu.getType() != op.getType())
      continue;
    for (unsigned k : {0, 1}) {
      DenseElementsAttr factor = getConstant(product->getOperand(k));
      auto below = product->getOperand(1 - k).template getDefiningOp<ReluOp>();
      auto negative = below ? below.getX().template getDefiningOp<NegOp>() : NegOp();
      if (!factor || !negative || negative.getX() != relu.getX() ||
          product.getType() != op.getType())
        continue;
      std::vector<double> alpha = getReals(factor);
      for (double &value : alpha)
        value = -value;
      Value slopes = ConstOp::create(rewriter, op.getLoc(),
                                     makeReals(cast<RankedTensorType>(factor.getType()), alpha));
      rewriter.replaceOpWithNewOp<PreluOp>(op, relu.getX(), slopes);
      return success();
    }
  }
  return rewriter.notifyMatchFailure(op, "no two rectifiers of one value");
}

namespace {

class FuseActivations : public tflc::tf::impl::FuseActivationsPassBase<FuseActivations> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<AddOp>(patterns, fusePrelu<AddOp>);
    addPattern<AddV2Op>(patterns, fusePrelu<AddV2Op>);
    addPattern<MinimumOp>(patterns, fuseRelu6);
    addPattern<MulOp>(patterns, fuseProduct<MulOp>);
    addPattern<RealDivOp>(patterns, fuseProduct<RealDivOp>);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
