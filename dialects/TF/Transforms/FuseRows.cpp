//===- FuseRows.cpp - products of rows ------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FUSEROWSPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// The addition of a bias that alone uses a product; null if there is none.
static Operation *findBias(Operation *product) {
  Operation *sum = product->hasOneUse() ? *product->user_begin() : nullptr;
  if (!sum || !isa<AddOp, AddV2Op, BiasAddOp>(sum) || sum->getOperand(0) != product->getResult(0))
    return nullptr;
  DenseElementsAttr vector = getConstant(sum->getOperand(1));
  return vector && vector.getType().getRank() == 1 ? sum : nullptr;
}

/// A batch that is flattened to rows and multiplied with weights: the rows become dimensions only
/// after the product, and after its bias.
static LogicalResult fuseRows(MatMulOp op, PatternRewriter &rewriter) {
  auto rows = op.getA().getDefiningOp<ReshapeOp>();
  if (!rows || op.getTransposeA())
    return rewriter.notifyMatchFailure(op, "no product of rows");
  std::optional<Shape> from = getShape(rows.getTensor()), weights = getShape(op.getB());
  // The kernel broadcasts what is no constant up to five dimensions; views around it only go away
  // if another one follows.
  constexpr size_t maxRank = 5;
  bool isPaid = getConstant(op.getB()) || (from && from->size() <= maxRank && op->hasOneUse() &&
                                           isa<ReshapeOp>(*op->user_begin()));
  if (!from || !weights || weights->size() != 2 || !isPaid)
    return rewriter.notifyMatchFailure(op, "nothing is saved");
  int64_t depth = (*weights)[op.getTransposeB() ? 1 : 0];
  if (from->size() < 3 || ShapedType::isDynamic(depth) || from->back() != depth)
    return rewriter.notifyMatchFailure(op, "the rows are not those of the batch");
  Value product = BatchMatMulV2Op::create(rewriter, op.getLoc(), rows.getTensor(), op.getB(),
                                          /*adj_x=*/false, op.getTransposeB());
  Operation *last = op;
  if (Operation *sum = findBias(op)) {
    rewriter.setInsertionPoint(sum);
    product = AddV2Op::create(rewriter, sum->getLoc(), product, sum->getOperand(1));
    last = sum;
  }
  int64_t columns = (*weights)[op.getTransposeB() ? 0 : 1];
  rewriter.replaceOpWithNewOp<ReshapeOp>(last, last->getResult(0).getType(), product,
                                         makeVector(rewriter, op.getLoc(), {-1, columns}));
  return success();
}

namespace {

class FuseRows : public tflc::tf::impl::FuseRowsPassBase<FuseRows> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<MatMulOp>(patterns, fuseRows);
    ReshapeOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
