//===- DecomposeElementwise.cpp - arithmetic made of simpler one ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Decompositions.h"

#include "PatternHelpers.h"

#include "TF/IR/TFOps.h"

using namespace mlir;
using namespace tflc::tf;

static LogicalResult expandSoftplus(SoftplusOp op, PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  Value exponential = ExpOp::create(rewriter, loc, op.getX());
  Value sum = AddV2Op::create(rewriter, loc, exponential, makeScalar(rewriter, loc, op.getX(), 1));
  rewriter.replaceOpWithNewOp<LogOp>(op, sum);
  return success();
}

static LogicalResult expandSoftsign(SoftsignOp op, PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  Value x = op.getX();
  Value sum = AddV2Op::create(rewriter, loc, AbsOp::create(rewriter, loc, x),
                              makeScalar(rewriter, loc, x, 1));
  rewriter.replaceOpWithNewOp<RealDivOp>(op, x, sum);
  return success();
}

static LogicalResult expandSelu(SeluOp op, PatternRewriter &rewriter) {
  // The ELU is exp(x) - 1 for what lies below 0.
  Location loc = op.getLoc();
  Value x = op.getX();
  constexpr double scale = 1.0507009873554805, alpha = 1.6732632423543772;
  Value zero = makeScalar(rewriter, loc, x, 0);
  Value isPositive = GreaterOp::create(rewriter, loc, x, zero);
  Value above = MulOp::create(rewriter, loc, x, makeScalar(rewriter, loc, x, scale));
  Value below = MulOp::create(rewriter, loc, EluOp::create(rewriter, loc, x),
                              makeScalar(rewriter, loc, x, scale * alpha));
  rewriter.replaceOpWithNewOp<SelectV2Op>(op, isPositive, above, below);
  return success();
}

static LogicalResult expandLog1p(Log1pOp op, PatternRewriter &rewriter) {
  Value sum = AddV2Op::create(rewriter, op.getLoc(), op.getX(),
                              makeScalar(rewriter, op.getLoc(), op.getX(), 1));
  rewriter.replaceOpWithNewOp<LogOp>(op, sum);
  return success();
}

static LogicalResult expandExpm1(Expm1Op op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<SubOp>(op, ExpOp::create(rewriter, op.getLoc(), op.getX()),
                                     makeScalar(rewriter, op.getLoc(), op.getX(), 1));
  return success();
}

template <typename Op> static LogicalResult expandReciprocal(Op op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<RealDivOp>(op, makeScalar(rewriter, op.getLoc(), op.getX(), 1),
                                         op.getX());
  return success();
}

static LogicalResult expandTan(TanOp op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<RealDivOp>(op, SinOp::create(rewriter, op.getLoc(), op.getX()),
                                         CosOp::create(rewriter, op.getLoc(), op.getX()));
  return success();
}

static LogicalResult expandOnesLike(OnesLikeOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type)
    return failure();
  if (type.hasStaticShape() && isWorthFolding(type, 0)) {
    auto one =
        cast<DenseElementsAttr>(getConstant(makeScalar(rewriter, op.getLoc(), op.getX(), 1)));
    rewriter.replaceOpWithNewOp<ConstOp>(op, one.resizeSplat(type));
    return success();
  }
  Value zeros = ZerosLikeOp::create(rewriter, op.getLoc(), op.getX());
  rewriter.replaceOpWithNewOp<AddV2Op>(op, zeros, makeScalar(rewriter, op.getLoc(), op.getX(), 1));
  return success();
}

static LogicalResult expandIsNan(IsNanOp op, PatternRewriter &rewriter) {
  rewriter.replaceOpWithNewOp<NotEqualOp>(op, op.getX(), op.getX());
  return success();
}

static LogicalResult expandIsInf(IsInfOp op, PatternRewriter &rewriter) {
  Value infinity = makeScalar(rewriter, op.getLoc(), op.getX(), HUGE_VAL);
  rewriter.replaceOpWithNewOp<EqualOp>(op, AbsOp::create(rewriter, op.getLoc(), op.getX()),
                                       infinity);
  return success();
}

static LogicalResult expandIsFinite(IsFiniteOp op, PatternRewriter &rewriter) {
  // Of infinities and NaN the difference with itself is NaN, which equals nothing.
  Value difference = SubOp::create(rewriter, op.getLoc(), op.getX(), op.getX());
  rewriter.replaceOpWithNewOp<EqualOp>(op, difference, difference);
  return success();
}

/// `quotient` where the factor is not zero, and 0 elsewhere.
static void replaceByZeroWhere(Operation *op, Value factor, Value value,
                               PatternRewriter &rewriter) {
  Value zero = makeScalar(rewriter, op->getLoc(), factor, 0);
  Value isZero = EqualOp::create(rewriter, op->getLoc(), factor, zero);
  rewriter.replaceOpWithNewOp<SelectV2Op>(op, isZero, zero, value);
}

static LogicalResult expandDivNoNan(DivNoNanOp op, PatternRewriter &rewriter) {
  replaceByZeroWhere(op, op.getY(), RealDivOp::create(rewriter, op.getLoc(), op.getX(), op.getY()),
                     rewriter);
  return success();
}

static LogicalResult expandMulNoNan(MulNoNanOp op, PatternRewriter &rewriter) {
  replaceByZeroWhere(op, op.getY(), MulOp::create(rewriter, op.getLoc(), op.getX(), op.getY()),
                     rewriter);
  return success();
}

static LogicalResult expandXdivy(XdivyOp op, PatternRewriter &rewriter) {
  replaceByZeroWhere(op, op.getX(), RealDivOp::create(rewriter, op.getLoc(), op.getX(), op.getY()),
                     rewriter);
  return success();
}

static LogicalResult expandXlogy(XlogyOp op, PatternRewriter &rewriter) {
  Value logarithm = LogOp::create(rewriter, op.getLoc(), op.getY());
  replaceByZeroWhere(op, op.getX(), MulOp::create(rewriter, op.getLoc(), op.getX(), logarithm),
                     rewriter);
  return success();
}

static LogicalResult expandXlog1py(Xlog1pyOp op, PatternRewriter &rewriter) {
  Value logarithm = Log1pOp::create(rewriter, op.getLoc(), op.getY());
  replaceByZeroWhere(op, op.getX(), MulOp::create(rewriter, op.getLoc(), op.getX(), logarithm),
                     rewriter);
  return success();
}

/// The operator takes 64-bit integers not at all.
static LogicalResult expandSquaredDifference(SquaredDifferenceOp op, PatternRewriter &rewriter) {
  if (!getElementType(op.getZ()).isInteger(64))
    return rewriter.notifyMatchFailure(op, "there is an operator");
  Value difference = SubOp::create(rewriter, op.getLoc(), op.getX(), op.getY());
  rewriter.replaceOpWithNewOp<MulOp>(op, difference, difference);
  return success();
}

/// The gradient of the sigmoid whose value is x.
static LogicalResult expandSigmoidGrad(SigmoidGradOp op, PatternRewriter &rewriter) {
  Location loc = op.getLoc();
  Value rest = SubOp::create(rewriter, loc, makeScalar(rewriter, loc, op.getX(), 1), op.getX());
  Value slope = MulOp::create(rewriter, loc, op.getX(), rest);
  rewriter.replaceOpWithNewOp<MulOp>(op, slope, op.getY());
  return success();
}

static LogicalResult expandClip(ClipByValueOp op, PatternRewriter &rewriter) {
  Value upper = MinimumOp::create(rewriter, op.getLoc(), op.getT(), op.getClipValueMax());
  rewriter.replaceOpWithNewOp<MaximumOp>(op, upper, op.getClipValueMin());
  return success();
}

static LogicalResult expandAddN(AddNOp op, PatternRewriter &rewriter) {
  if (op.getInputs().size() > 2)
    return rewriter.notifyMatchFailure(op, "there is an operator for more than two");
  if (op.getInputs().size() == 1)
    rewriter.replaceOp(op, op.getInputs()[0]);
  else
    rewriter.replaceOpWithNewOp<AddV2Op>(op, op.getInputs()[0], op.getInputs()[1]);
  return success();
}

void tflc::tf::populateElementwiseDecompositions(RewritePatternSet &patterns) {
  addPattern<AddNOp>(patterns, expandAddN);
  addPattern<ClipByValueOp>(patterns, expandClip);
  addPattern<DivNoNanOp>(patterns, expandDivNoNan);
  addPattern<Expm1Op>(patterns, expandExpm1);
  addPattern<InvOp>(patterns, expandReciprocal<InvOp>);
  addPattern<IsFiniteOp>(patterns, expandIsFinite);
  addPattern<IsInfOp>(patterns, expandIsInf);
  addPattern<IsNanOp>(patterns, expandIsNan);
  addPattern<Log1pOp>(patterns, expandLog1p);
  addPattern<MulNoNanOp>(patterns, expandMulNoNan);
  addPattern<OnesLikeOp>(patterns, expandOnesLike);
  addPattern<ReciprocalOp>(patterns, expandReciprocal<ReciprocalOp>);
  addPattern<SeluOp>(patterns, expandSelu);
  addPattern<SigmoidGradOp>(patterns, expandSigmoidGrad);
  addPattern<SoftplusOp>(patterns, expandSoftplus);
  addPattern<SoftsignOp>(patterns, expandSoftsign);
  addPattern<SquaredDifferenceOp>(patterns, expandSquaredDifference);
  addPattern<TanOp>(patterns, expandTan);
  addPattern<XdivyOp>(patterns, expandXdivy);
  addPattern<Xlog1pyOp>(patterns, expandXlog1py);
  addPattern<XlogyOp>(patterns, expandXlogy);
}
