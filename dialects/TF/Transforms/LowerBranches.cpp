//===- LowerBranches.cpp - branches by one bool ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ControlOps.h"
#include "TF/Transforms/Passes.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_LOWERBRANCHESPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// A number is true where it is not 0.
static void makeBool(IfRegionOp op) {
  auto type = dyn_cast<RankedTensorType>(op.getCond().getType());
  if (!type || type.getElementType().isInteger(1) || !type.getElementType().isIntOrFloat() ||
      type.getRank() != 0)
    return;
  OpBuilder builder(op);
  Value zero = makeScalar(builder, op.getLoc(), op.getCond(), 0);
  op.getCondMutable().assign(NotEqualOp::create(builder, op.getLoc(), op.getCond(), zero));
}

/// One branch for each index, the last one for all others, as a chain.
static void makeChain(CaseRegionOp op) {
  OpBuilder builder(op);
  unsigned last = op.getBranches().size() - 1;
  if (last == 0) {
    Block &block = op.getBranches()[0].front();
    Operation *yield = block.getTerminator();
    op->replaceAllUsesWith(SmallVector<Value>(yield->getOperands()));
    yield->erase();
    op->getBlock()->getOperations().splice(Block::iterator(op), block.getOperations());
    op.erase();
    return;
  }
  for (unsigned i = 0; i < last; ++i) {
    Value index = makeScalar(builder, op.getLoc(), op.getBranchIndex(), i);
    Value isHere = EqualOp::create(builder, op.getLoc(), op.getBranchIndex(), index);
    auto branch = IfRegionOp::create(builder, op.getLoc(), op->getResultTypes(), isHere);
    branch.getThenRegion().takeBody(op.getBranches()[i]);
    if (i == 0)
      op->replaceAllUsesWith(branch);
    else
      YieldOp::create(builder, op.getLoc(), ValueRange(branch.getResults()));
    if (i + 1 == last) {
      branch.getElseRegion().takeBody(op.getBranches()[last]);
    } else {
      // The next choice stands in this one's other branch.
      builder.setInsertionPointToStart(&branch.getElseRegion().emplaceBlock());
    }
  }
  op.erase();
}

namespace {

class LowerBranches : public tflc::tf::impl::LowerBranchesPassBase<LowerBranches> {
  void runOnOperation() override {
    SmallVector<CaseRegionOp> choices;
    getOperation().walk([&](CaseRegionOp op) { choices.push_back(op); });
    for (CaseRegionOp op : choices)
      makeChain(op);
    getOperation().walk([](IfRegionOp op) { makeBool(op); });
  }
};

} // namespace
