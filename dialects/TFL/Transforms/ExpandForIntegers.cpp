//===- ExpandForIntegers.cpp - operators as others that quantize ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ExpandBidirectional.h"
#include "OperatorModes.h"

#include "TFL/IR/ArithmeticOps.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/MatMulOps.h"
#include "TFL/IR/ReductionOps.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/UnaryOps.h"
#include "TFL/Transforms/Passes.h"

#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_EXPANDFORINTEGERSPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

static bool isFloat(Operation *op) {
  return getElementTypeOrSelf(op->getResult(0).getType()).isF32() && !op->hasAttr(keepFloatName);
}

/// A pattern for operators that are to compute with int16.
template <typename Op> struct WordPattern : OpRewritePattern<Op> {
  WordPattern(MLIRContext *context, QuantizationMode mode)
      : OpRewritePattern<Op>(context), mode(mode) {}

  bool isWord(Operation *op) const {
    return isFloat(op) && getOwnMode(op).value_or(mode) == QuantizationMode::Int16x8;
  }

private:
  QuantizationMode mode;
};

static Value makeScalar(PatternRewriter &rewriter, Location loc, float value) {
  auto type = RankedTensorType::get({}, rewriter.getF32Type());
  return ConstOp::create(rewriter, loc, type, DenseElementsAttr::get(type, value));
}

/// What stands for `op`, with what was said of it.
static Value multiply(PatternRewriter &rewriter, Operation *op, Value lhs, Value rhs) {
  auto product = MulOp::create(rewriter, op->getLoc(), op->getResult(0).getType(), lhs, rhs,
                               rewriter.getStringAttr("NONE"));
  product->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  return product;
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {

struct ExpandSquare : OpRewritePattern<SquareOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SquareOp op, PatternRewriter &rewriter) const override {
    if (!isFloat(op))
      return rewriter.notifyMatchFailure(op, "stays as it is");
    rewriter.replaceOp(op, multiply(rewriter, op, op.getInput(), op.getInput()));
    return success();
  }
};

struct ExpandNeg : OpRewritePattern<NegOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(NegOp op, PatternRewriter &rewriter) const override {
    if (!isFloat(op))
      return rewriter.notifyMatchFailure(op, "stays as it is");
    Value minusOne = makeScalar(rewriter, op.getLoc(), -1);
    rewriter.replaceOp(op, multiply(rewriter, op, op.getInput(), minusOne));
    return success();
  }
};

/// The difference of two tensors where the model has it in front of `op`, in either order.
static Value findDifference(SquaredDifferenceOp op) {
  for (Operation *user : op.getLhs().getUsers()) {
    auto difference = dyn_cast<SubOp>(user);
    if (!difference || difference->getBlock() != op->getBlock() ||
        !difference->isBeforeInBlock(op) || difference.getFusedActivationFunction() != "NONE" ||
        difference.getOutput().getType() != op.getOutput().getType())
      continue;
    auto operands = std::pair(difference.getLhs(), difference.getRhs());
    if (operands == std::pair(op.getLhs(), op.getRhs()) ||
        operands == std::pair(op.getRhs(), op.getLhs()))
      return difference.getOutput();
  }
  return {};
}

struct ExpandSquaredDifference : WordPattern<SquaredDifferenceOp> {
  using WordPattern::WordPattern;
  LogicalResult matchAndRewrite(SquaredDifferenceOp op, PatternRewriter &rewriter) const override {
    if (!isWord(op))
      return rewriter.notifyMatchFailure(op, "stays as it is");
    Value difference = findDifference(op);
    if (!difference)
      difference =
          SubOp::create(rewriter, op.getLoc(), op.getOutput().getType(), op.getLhs(), op.getRhs(),
                        rewriter.getStringAttr("NONE"), rewriter.getBoolAttr(true));
    rewriter.replaceOp(op, multiply(rewriter, op, difference, difference));
    return success();
  }
};

/// The sum of each row, as a product with ones: LiteRT's reference kernel for sums of integers
/// leaves its result unset (2.3; its default one is right).
struct ExpandSumOfRows : OpRewritePattern<SumOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(SumOp op, PatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getInput().getType());
    std::optional<SmallVector<int64_t>> axes = evaluateAllInts(op.getAxes());
    int64_t last = type.getRank() - 1;
    if (!isFloat(op) || !op.getKeepDims() || !axes || axes->size() != 1 || last < 1 ||
        (axes->front() != -1 && axes->front() != last) || type.isDynamicDim(last) ||
        type.getDimSize(last) == 0)
      return rewriter.notifyMatchFailure(op, "is no sum of rows that keeps the dimension");
    auto weightsType = RankedTensorType::get({1, type.getDimSize(last)}, rewriter.getF32Type());
    Value ones = ConstOp::create(rewriter, op.getLoc(), weightsType,
                                 DenseElementsAttr::get(weightsType, 1.0f));
    auto product = FullyConnectedOp::create(
        rewriter, op.getLoc(), op.getOutput().getType(), op.getInput(), ones, /*bias=*/Value(),
        /*fused_activation_function=*/"NONE", /*weights_format=*/"DEFAULT", /*keep_num_dims=*/true);
    product->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    rewriter.replaceOp(op, product);
    return success();
  }
};

/// The kernel takes weights that the model computes with the zero point 0 only; that of
/// BATCH_MATMUL takes any.
struct ExpandComputedWeights : OpRewritePattern<FullyConnectedOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(FullyConnectedOp op, PatternRewriter &rewriter) const override {
    if (!isFloat(op) || op.getWeights().getDefiningOp<ConstOp>())
      return rewriter.notifyMatchFailure(op, "stays as it is");
    bool isPlain =
        op.getFusedActivationFunction() == "NONE" && !(op.getBias() && isPresent(op.getBias()));
    bool keepsShape = op.getKeepNumDims() || op.getInput().getType().getRank() == 2;
    if (!isPlain || !keepsShape)
      return rewriter.notifyMatchFailure(op, "is more than a product of matrices");
    rewriter.replaceOpWithNewOp<BatchMatMulOp>(op, op.getOutput().getType(), op.getInput(),
                                               op.getWeights(), /*adj_x=*/false, /*adj_y=*/true);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

class ExpandForIntegers : public tflc::tfl::impl::ExpandForIntegersPassBase<ExpandForIntegers> {
public:
  using Base = tflc::tfl::impl::ExpandForIntegersPassBase<ExpandForIntegers>;
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExpandNeg, ExpandSquare, ExpandComputedWeights>(&getContext());
    patterns.add<ExpandSumOfRows>(&getContext(), /*benefit=*/2);
    patterns.add<ExpandSquaredDifference>(&getContext(), mode);
    populateExpandBidirectionalPatterns(patterns, mode);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
