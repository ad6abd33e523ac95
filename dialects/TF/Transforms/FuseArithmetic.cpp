//===- FuseArithmetic.cpp - two operations that are one -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/NormalizationOps.h"
#include "TF/IR/ReductionOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/SliceOps.h"
#include "TF/IR/UnaryOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FUSEARITHMETICPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// (x - y)^2, where nothing else takes the difference.
static LogicalResult fuseSquaredDifference(SquareOp op, PatternRewriter &rewriter) {
  auto difference = op.getX().getDefiningOp<SubOp>();
  if (!difference || !difference->hasOneUse())
    return rewriter.notifyMatchFailure(op, "no difference of its own");
  rewriter.replaceOpWithNewOp<SquaredDifferenceOp>(op, difference.getX(), difference.getY());
  return success();
}

/// An update of the whole, such as setting the element of a list of one.
static LogicalResult fuseWholeUpdate(XlaDynamicUpdateSliceOp op, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type || !type.hasStaticShape() || op.getUpdate().getType() != type)
    return rewriter.notifyMatchFailure(op, "an update of a part");
  rewriter.replaceOp(op, op.getUpdate());
  return success();
}

/// x and x
static LogicalResult fuseSameConditions(LogicalAndOp op, PatternRewriter &rewriter) {
  if (op.getX() != op.getY())
    return rewriter.notifyMatchFailure(op, "two conditions");
  rewriter.replaceOp(op, op.getX());
  return success();
}

/// What a matrix is transposed for, where it is so by exchanging its last two dimensions.
static Value skipExchange(Value matrix) {
  auto transpose = matrix.getDefiningOp<TransposeOp>();
  std::optional<SmallVector<int64_t>> perm =
      transpose ? evaluateAllInts(transpose.getPerm()) : std::nullopt;
  if (!perm || perm->size() < 2)
    return {};
  SmallVector<int64_t> exchange = llvm::to_vector(llvm::seq<int64_t>(0, perm->size()));
  std::swap(exchange[perm->size() - 2], exchange[perm->size() - 1]);
  return *perm == exchange ? transpose.getX() : Value();
}

/// x transpose(y), and transpose(x) y, as products that read their operands so.
static LogicalResult fuseExchange(BatchMatMulV2Op op, PatternRewriter &rewriter) {
  Value x = skipExchange(op.getX()), y = skipExchange(op.getY());
  if (!x && !y)
    return rewriter.notifyMatchFailure(op, "nothing is transposed");
  rewriter.replaceOpWithNewOp<BatchMatMulV2Op>(op, op.getType(), x ? x : op.getX(),
                                               y ? y : op.getY(), op.getAdjX() != bool(x),
                                               op.getAdjY() != bool(y));
  return success();
}

/// 1 / sqrt(x)
static LogicalResult fuseRsqrt(RealDivOp op, PatternRewriter &rewriter) {
  auto root = op.getY().getDefiningOp<SqrtOp>();
  if (!root || !root->hasOneUse() || getNumber(op.getX()) != 1.0)
    return rewriter.notifyMatchFailure(op, "no inverse of a root");
  Value inverse = RsqrtOp::create(rewriter, op.getLoc(), root.getX());
  if (inverse.getType() != op.getType())
    return rewriter.notifyMatchFailure(op, "the one is broadcast");
  rewriter.replaceOp(op, inverse);
  return success();
}

/// A reduction over dimensions of one element each gives these elements.
template <typename Op> static LogicalResult fuseReductionOfOne(Op op, PatternRewriter &rewriter) {
  auto from = dyn_cast<RankedTensorType>(op.getInput().getType());
  auto to = dyn_cast<RankedTensorType>(op.getType());
  std::optional<SmallVector<int64_t>> axes = evaluateAllInts(op.getReductionIndices());
  if (!from || !to || !axes || from.getElementType() != to.getElementType() ||
      to.getNumDynamicDims() > 1)
    return rewriter.notifyMatchFailure(op, "needs known shapes");
  for (int64_t axis : *axes) {
    int64_t dim = axis + (axis < 0 ? from.getRank() : 0);
    if (dim < 0 || dim >= from.getRank() || from.getDimSize(dim) != 1)
      return rewriter.notifyMatchFailure(op, "several elements");
  }
  if (from == to) {
    rewriter.replaceOp(op, op.getInput());
    return success();
  }
  SmallVector<int64_t> sizes = llvm::map_to_vector(
      to.getShape(), [](int64_t size) { return ShapedType::isDynamic(size) ? -1 : size; });
  rewriter.replaceOpWithNewOp<ReshapeOp>(op, to, op.getInput(),
                                         makeVector(rewriter, op.getLoc(), sizes));
  return success();
}

/// Parts without elements add nothing to what is joined.
static LogicalResult dropEmptyParts(ConcatV2Op op, PatternRewriter &rewriter) {
  auto isEmpty = [](Value part) {
    std::optional<Shape> shape = getShape(part);
    return shape && shape->size() == 1 && shape->front() == 0;
  };
  SmallVector<Value> parts;
  for (Value part : op.getValues())
    if (!isEmpty(part))
      parts.push_back(part);
  if (parts.empty() || parts.size() == op.getValues().size())
    return rewriter.notifyMatchFailure(op, "no empty part");
  if (parts.size() > 1)
    rewriter.replaceOpWithNewOp<ConcatV2Op>(op, op.getType(), parts, op.getAxis());
  else if (parts.front().getType() == op.getType())
    rewriter.replaceOp(op, parts.front());
  else
    return rewriter.notifyMatchFailure(op, "the types differ");
  return success();
}

/// All parts of a tensor along a dimension, joined along the one that takes its place, are a view.
static LogicalResult fuseParts(ConcatV2Op op, PatternRewriter &rewriter) {
  auto unpack = op.getValues().front().getDefiningOp<UnpackOp>();
  auto type = dyn_cast<RankedTensorType>(op.getType());
  std::optional<int64_t> axis = evaluateInt(op.getAxis());
  if (!unpack || !type || !axis || type.getNumDynamicDims() > 1 ||
      !llvm::equal(op.getValues(), unpack.getResults()))
    return rewriter.notifyMatchFailure(op, "not all parts in order");
  std::optional<int64_t> to = normalizeAxis(*axis, type.getRank(), std::nullopt);
  std::optional<int64_t> from =
      normalizeAxis(int64_t(unpack.getAxis()), type.getRank() + 1, std::nullopt);
  if (!to || to != from)
    return rewriter.notifyMatchFailure(op, "joined along another dimension");
  SmallVector<int64_t> sizes = llvm::map_to_vector(
      type.getShape(), [](int64_t size) { return ShapedType::isDynamic(size) ? -1 : size; });
  rewriter.replaceOpWithNewOp<ReshapeOp>(op, type, unpack.getValue(),
                                         makeVector(rewriter, op.getLoc(), sizes));
  return success();
}

/// Repeating the condition of a choice does no more than broadcasting it.
static LogicalResult dropTile(SelectV2Op op, PatternRewriter &rewriter) {
  auto tile = op.getCondition().getDefiningOp<TileOp>();
  std::optional<Shape> shape = tile ? getShape(tile.getInput()) : std::nullopt;
  std::optional<SmallVector<int64_t>> counts =
      tile ? evaluateAllInts(tile.getMultiples()) : std::nullopt;
  if (!shape || !counts || shape->size() != counts->size() ||
      (op.getT().getType() != op.getType() && op.getE().getType() != op.getType()))
    return rewriter.notifyMatchFailure(op, "no repeated condition");
  for (auto [size, count] : llvm::zip_equal(*shape, *counts))
    if (count != 1 && size != 1)
      return rewriter.notifyMatchFailure(op, "several elements are repeated");
  rewriter.modifyOpInPlace(op, [&] { op.getConditionMutable().assign(tile.getInput()); });
  return success();
}

/// max(x, x)
static LogicalResult fuseIdentity(LeakyReluOp op, PatternRewriter &rewriter) {
  if (op.getAlpha().convertToDouble() != 1.0)
    return rewriter.notifyMatchFailure(op, "another slope");
  rewriter.replaceOp(op, op.getFeatures());
  return success();
}

/// What is never negative is its own positive part.
static LogicalResult dropRelu(ReluOp op, PatternRewriter &rewriter) {
  Operation *source = op.getX().getDefiningOp();
  if (!source || !isa<FloatType>(getElementType(op.getX())) ||
      !isa<AbsOp, ExpOp, Relu6Op, ReluOp, SigmoidOp, SoftmaxOp, SquareOp, SquaredDifferenceOp>(
          source))
    return rewriter.notifyMatchFailure(op, "may be negative");
  rewriter.replaceOp(op, op.getX());
  return success();
}

/// One number as a scalar in place of a whole tensor of it. Kernels broadcast up to four
/// dimensions.
template <typename Op> static LogicalResult shrinkConstant(Op op, PatternRewriter &rewriter) {
  constexpr int64_t maxRank = 4;
  auto type = dyn_cast<RankedTensorType>(op.getType());
  for (OpOperand &operand : op->getOpOperands()) {
    DenseElementsAttr constant = getConstant(operand.get());
    Value other = op->getOperand(1 - operand.getOperandNumber());
    if (!constant || !constant.isSplat() || constant.getNumElements() < 2 || getConstant(other) ||
        !type || type.getRank() > maxRank || other.getType() != type)
      continue;
    auto scalar = RankedTensorType::get({}, constant.getElementType());
    Value number = ConstOp::create(rewriter, op.getLoc(), constant.resizeSplat(scalar));
    rewriter.modifyOpInPlace(op, [&] { operand.set(number); });
    return success();
  }
  return rewriter.notifyMatchFailure(op, "no tensor of one number");
}

namespace {

class FuseArithmetic : public tflc::tf::impl::FuseArithmeticPassBase<FuseArithmetic> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<AddV2Op>(patterns, shrinkConstant<AddV2Op>);
    addPattern<AllOp>(patterns, fuseReductionOfOne<AllOp>);
    addPattern<AnyOp>(patterns, fuseReductionOfOne<AnyOp>);
    addPattern<BatchMatMulV2Op>(patterns, fuseExchange);
    addPattern<ConcatV2Op>(patterns, dropEmptyParts);
    addPattern<ConcatV2Op>(patterns, fuseParts);
    addPattern<LeakyReluOp>(patterns, fuseIdentity);
    addPattern<LogicalAndOp>(patterns, fuseSameConditions);
    addPattern<MaxOp>(patterns, fuseReductionOfOne<MaxOp>);
    addPattern<MaximumOp>(patterns, shrinkConstant<MaximumOp>);
    addPattern<MeanOp>(patterns, fuseReductionOfOne<MeanOp>);
    addPattern<MinOp>(patterns, fuseReductionOfOne<MinOp>);
    addPattern<MinimumOp>(patterns, shrinkConstant<MinimumOp>);
    addPattern<MulOp>(patterns, shrinkConstant<MulOp>);
    addPattern<ProdOp>(patterns, fuseReductionOfOne<ProdOp>);
    addPattern<RealDivOp>(patterns, fuseRsqrt);
    addPattern<ReluOp>(patterns, dropRelu);
    addPattern<SelectV2Op>(patterns, dropTile);
    addPattern<SquareOp>(patterns, fuseSquaredDifference);
    addPattern<SumOp>(patterns, fuseReductionOfOne<SumOp>);
    addPattern<XlaDynamicUpdateSliceOp>(patterns, fuseWholeUpdate);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
