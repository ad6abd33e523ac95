//===- FuseElementwise.cpp - join elementwise ops on tensors --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace tflc {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {

bool isElementwise(linalg::GenericOp op) {
  return op.getNumParallelLoops() == op.getNumLoops() && op.getNumDpsInits() == 1;
}

/// Whether one operand alone reads `op`. An op that fusion has just replaced still stands there
/// unused, and does not count.
bool hasOneReader(Operation *op) {
  return llvm::hasSingleElement(llvm::make_filter_range(
      op->getUsers(), [](Operation *user) { return !isOpTriviallyDead(user); }));
}

/// Whether `op` can be the epilogue of a reduction. Loops of the two differ, so that an index of a
/// loop, as RESIZE_BILINEAR and GATHER have, means nothing there.
bool fitsEpilogue(linalg::GenericOp op) {
  return llvm::all_of(op.getBody()->without_terminator(), [](Operation &inner) {
    return isa<arith::ConstantOp, tensor::ExtractOp>(inner) ||
           OpTrait::hasElementwiseMappableTraits(&inner);
  });
}

/// The reduction whose result `op` reads, if any.
Operation *accumulatorOf(linalg::GenericOp op) {
  for (Value input : op.getDpsInputs())
    if (auto producer = input.getDefiningOp<linalg::GenericOp>())
      if (producer->getBlock() == op->getBlock() && producer.getNumReductionLoops() > 0 &&
          hasOneReader(producer))
        return producer;
  return nullptr;
}

/// Whether `op` reads what a reduction computes, or will do so when it has taken in what it reads.
bool readsReduction(linalg::GenericOp op) {
  return accumulatorOf(op) || llvm::any_of(op.getDpsInputs(), [&](Value input) {
           auto producer = input.getDefiningOp<linalg::GenericOp>();
           return producer && producer->getBlock() == op->getBlock() && isElementwise(producer) &&
                  hasOneReader(producer) && accumulatorOf(producer);
         });
}

bool shouldFuse(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer || !hasOneReader(producer) || !isElementwise(producer) ||
      !isElementwise(consumer) || !consumer.isDpsInput(operand))
    return false;
  // What is computed once in front of a loop must not be computed in each of its iterations.
  if (producer->getBlock() != consumer->getBlock())
    return false;
  // A value that is computed once must not be computed once for each reader of a broadcast.
  AffineMap map = consumer.getMatchingIndexingMap(operand);
  if (!map.isPermutation())
    return false;
  Operation *theirs = accumulatorOf(producer);
  if (!theirs)
    return fitsEpilogue(producer) || !readsReduction(consumer);
  if (!fitsEpilogue(consumer))
    return false;
  // The epilogue of a reduction keeps its order of loops, and takes in one accumulator, the later
  // one.
  if (!map.isIdentity())
    return false;
  for (OpOperand *other : consumer.getDpsInputOperands()) {
    if (other == operand)
      continue;
    auto generic = other->get().getDefiningOp<linalg::GenericOp>();
    if (!generic || generic->getBlock() != consumer->getBlock() || !hasOneReader(generic))
      continue;
    if (generic.getNumReductionLoops() > 0)
      return false;
    if (isElementwise(generic) && accumulatorOf(generic) && producer->isBeforeInBlock(generic))
      return false;
  }
  return true;
}

/// Whether an elementwise reader of an expanded shape should run on the shape before the expansion,
/// so that it can join what computed that: a fully connected layer whose result is reshaped before
/// its activation.
bool shouldCollapse(OpOperand *operand) {
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  auto expand = operand->get().getDefiningOp<tensor::ExpandShapeOp>();
  if (!consumer || !expand || !isElementwise(consumer) || !consumer.isDpsInput(operand) ||
      !hasOneReader(expand) || !consumer.getMatchingIndexingMap(operand).isIdentity())
    return false;
  auto producer = expand.getSrc().getDefiningOp<linalg::GenericOp>();
  return producer && producer->getBlock() == consumer->getBlock() && hasOneReader(producer);
}

struct FuseElementwisePass : tflc::impl::FuseElementwiseBase<FuseElementwisePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, shouldFuse);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(patterns, shouldCollapse);
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
