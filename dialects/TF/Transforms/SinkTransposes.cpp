//===- SinkTransposes.cpp - transpositions behind what they can pass ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/TFOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_SINKTRANSPOSESPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

static bool isElementwise(Operation *op) {
  return isa<AbsOp, AddOp, AddV2Op, BiasAddOp, CastOp, EluOp, EqualOp, ErfOp, ExpOp, GreaterEqualOp,
             GreaterOp, LeakyReluOp, LessEqualOp, LessOp, LogOp, MaximumOp, MinimumOp, MulOp, NegOp,
             RealDivOp, Relu6Op, ReluOp, RsqrtOp, SeluOp, SigmoidOp, SoftplusOp, SqrtOp, SquareOp,
             SquaredDifferenceOp, SubOp, TanhOp>(op);
}

/// The permutation of a transposition that nothing else uses; nothing for any other value.
static std::optional<SmallVector<int64_t>> getPermutation(Value value) {
  auto transpose = value.getDefiningOp<TransposeOp>();
  if (!transpose || !transpose->hasOneUse())
    return std::nullopt;
  std::optional<SmallVector<int64_t>> perm = evaluateAllInts(transpose.getPerm());
  if (perm)
    for (int64_t &entry : *perm)
      entry += entry < 0 ? perm->size() : 0;
  return perm;
}

static Shape invert(ArrayRef<int64_t> perm) {
  Shape inverse(perm.size());
  for (auto [to, from] : llvm::enumerate(perm))
    inverse[from] = to;
  return inverse;
}

/// The type before the permutation of a type behind it.
static Type getSourceType(Type type, ArrayRef<int64_t> perm) {
  auto ranked = cast<RankedTensorType>(type);
  Shape shape(perm.size());
  for (auto [to, from] : llvm::enumerate(perm))
    shape[from] = ranked.getDimSize(to);
  return RankedTensorType::get(shape, ranked.getElementType());
}

/// A constant as it stands beside what is not yet permuted.
static Value unpermute(Value constant, ArrayRef<int64_t> perm, PatternRewriter &rewriter) {
  auto type = cast<RankedTensorType>(constant.getType());
  if (type.getNumElements() == 1 && type.getRank() <= 1)
    return constant;
  Shape shape(perm.size() - type.getRank(), 1);
  llvm::append_range(shape, type.getShape());
  Location loc = constant.getLoc();
  Value full = rewriter.createOrFold<ReshapeOp>(loc, constant, makeVector(rewriter, loc, shape));
  return rewriter.createOrFold<TransposeOp>(loc, full, makeVector(rewriter, loc, invert(perm)));
}

namespace {

/// f(transpose(x), transpose(y)) is transpose(f(x, y)), and constants are permuted beforehand.
struct SinkBehindElementwise : RewritePattern {
  explicit SinkBehindElementwise(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &rewriter) const override {
    if (!isElementwise(op) || !isa<RankedTensorType>(op->getResult(0).getType()))
      return rewriter.notifyMatchFailure(op, "not elementwise");
    std::optional<SmallVector<int64_t>> perm;
    for (Value operand : op->getOperands())
      if (std::optional<SmallVector<int64_t>> found = getPermutation(operand)) {
        if (perm && *perm != *found)
          return rewriter.notifyMatchFailure(op, "two permutations");
        perm = found;
      }
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    if (!perm || type.getRank() != int64_t(perm->size()))
      return rewriter.notifyMatchFailure(op, "no transposition of all dimensions");
    // A bias goes along the last dimension. Where that moves, the bias is one of several
    // dimensions.
    bool isBias = isa<BiasAddOp>(op), keepsLast = perm->back() == type.getRank() - 1;
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      auto operandType = dyn_cast<RankedTensorType>(operand.getType());
      if (getPermutation(operand) && operandType.getRank() == type.getRank())
        operands.push_back(operand.getDefiningOp()->getOperand(0));
      else if (getConstant(operand) && operandType.getRank() <= type.getRank())
        operands.push_back(isBias && keepsLast ? operand : unpermute(operand, *perm, rewriter));
      else
        return rewriter.notifyMatchFailure(op, "an operand that is not transposed");
    }
    Operation *inner =
        isBias && !keepsLast
            ? AddV2Op::create(rewriter, op->getLoc(), operands[0], operands[1]).getOperation()
            : rewriter.clone(*op);
    inner->setOperands(operands);
    inner->getResult(0).setType(getSourceType(type, *perm));
    rewriter.replaceOpWithNewOp<TransposeOp>(op, type, inner->getResult(0),
                                             makeVector(rewriter, op->getLoc(), *perm));
    return success();
  }
};

/// A reduction of transposed dimensions, where those that are left keep their order.
template <typename Op> struct DropBeforeReduction : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &rewriter) const override {
    std::optional<SmallVector<int64_t>> perm = getPermutation(op.getInput());
    std::optional<SmallVector<int64_t>> axes = evaluateAllInts(op.getReductionIndices());
    if (!perm || !axes || op.getKeepDims())
      return rewriter.notifyMatchFailure(op, "no transposition before it");
    SmallVector<bool> isReduced(perm->size());
    SmallVector<int64_t> moved, kept;
    for (int64_t axis : *axes) {
      axis += axis < 0 ? perm->size() : 0;
      isReduced[axis] = true;
      moved.push_back((*perm)[axis]);
    }
    for (auto [to, from] : llvm::enumerate(*perm))
      if (!isReduced[to])
        kept.push_back(from);
    if (!llvm::is_sorted(kept))
      return rewriter.notifyMatchFailure(op, "what is left changes its order");
    llvm::sort(moved);
    rewriter.replaceOpWithNewOp<Op>(op, op.getType(), op.getInput().getDefiningOp()->getOperand(0),
                                    makeVector(rewriter, op.getLoc(), moved), op.getKeepDims());
    return success();
  }
};

} // namespace

static LogicalResult sinkBehindPad(PadOp op, PatternRewriter &rewriter) {
  std::optional<SmallVector<int64_t>> perm = getPermutation(op.getInput());
  std::optional<SmallVector<int64_t>> amounts = evaluateAllInts(op.getPaddings());
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!perm || !amounts || !type || amounts->size() != 2 * perm->size())
    return rewriter.notifyMatchFailure(op, "no transposition before it");
  SmallVector<int64_t> moved(amounts->size());
  for (auto [to, from] : llvm::enumerate(*perm))
    for (unsigned side : {0, 1})
      moved[2 * from + side] = (*amounts)[2 * to + side];
  auto pairs = RankedTensorType::get({type.getRank(), 2}, rewriter.getI32Type());
  Value paddings = ConstOp::create(rewriter, op.getLoc(), makeIntegers(pairs, moved));
  Value inner = PadOp::create(rewriter, op.getLoc(), getSourceType(type, *perm),
                              op.getInput().getDefiningOp()->getOperand(0), paddings);
  rewriter.replaceOpWithNewOp<TransposeOp>(op, type, inner,
                                           makeVector(rewriter, op.getLoc(), *perm));
  return success();
}

static LogicalResult sinkBehindConcat(ConcatV2Op op, PatternRewriter &rewriter) {
  std::optional<SmallVector<int64_t>> perm = getPermutation(op.getValues().front());
  std::optional<int64_t> axis = evaluateInt(op.getAxis());
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!perm || !axis || !type)
    return rewriter.notifyMatchFailure(op, "no transposition before it");
  SmallVector<Value> values;
  for (Value value : op.getValues()) {
    if (getPermutation(value) != perm)
      return rewriter.notifyMatchFailure(op, "two permutations");
    values.push_back(value.getDefiningOp()->getOperand(0));
  }
  auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
  int64_t moved = (*perm)[*axis < 0 ? *axis + type.getRank() : *axis];
  Value place = ConstOp::create(rewriter, op.getLoc(), makeIntegers(scalar, moved));
  Value inner =
      ConcatV2Op::create(rewriter, op.getLoc(), getSourceType(type, *perm), values, place);
  rewriter.replaceOpWithNewOp<TransposeOp>(op, type, inner,
                                           makeVector(rewriter, op.getLoc(), *perm));
  return success();
}

namespace {

class SinkTransposes : public tflc::tf::impl::SinkTransposesPassBase<SinkTransposes> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<SinkBehindElementwise>(&getContext());
    patterns.add<DropBeforeReduction<MaxOp>, DropBeforeReduction<MeanOp>,
                 DropBeforeReduction<MinOp>, DropBeforeReduction<SumOp>>(&getContext());
    addPattern<ConcatV2Op>(patterns, sinkBehindConcat);
    addPattern<PadOp>(patterns, sinkBehindPad);
    TransposeOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
