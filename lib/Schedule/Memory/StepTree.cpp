//===- StepTree.cpp - the steps of a function, with its loops -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "StepTree.h"

#include "ArenaBuffers.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace tflc;

bool tflc::holdsSteps(Operation *op) {
  if (!isa<scf::ForOp, scf::WhileOp, scf::IfOp, scf::IndexSwitchOp>(op) ||
      op->hasAttr(kRowChainAttrName))
    return false;
  // A loop over single elements is one step.
  return op
      ->walk([](Operation *inner) {
        return isa<memref::AllocOp, linalg::LinalgOp, tflrt::KernelOp>(inner)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

StepTree::StepTree(Block &body) { visit(body); }

void StepTree::visit(Block &block) {
  blockList.push_back(&block);
  for (Operation &op : block) {
    int64_t first = stepOps.size();
    numbers[&op] = first;
    if (holdsSteps(&op)) {
      for (Region &region : op.getRegions())
        for (Block &child : region)
          visit(child);
      inner[&op] = {first, static_cast<int64_t>(stepOps.size()) - 1};
    } else if (!isPure(&op) && !op.hasTrait<OpTrait::IsTerminator>() &&
               !isa<ViewLikeOpInterface, memref::AllocOp>(op)) {
      // What takes no memory takes no time either.
      stepOps.push_back(&op);
    }
  }
}

Operation *StepTree::stepOf(Operation *op) const {
  while (op && !numbers.contains(op))
    op = op->getParentOp();
  if (!op)
    return nullptr;
  int64_t number = numbers.lookup(op);
  return number < static_cast<int64_t>(stepOps.size()) && stepOps[number] == op ? op : nullptr;
}

/// The outermost loop around `step` that is not around `op`.
Operation *StepTree::outermostLoop(Operation *step, Operation *op) const {
  Operation *found = nullptr;
  for (Operation *parent = step->getParentOp(); parent && inner.contains(parent);
       parent = parent->getParentOp()) {
    if (parent->isAncestor(op))
      break;
    if (isa<LoopLikeOpInterface>(parent))
      found = parent;
  }
  return found;
}

void StepTree::addUses(Value buffer, Operation *alloc, StepRange &range) const {
  for (Operation *user : buffer.getUsers()) {
    // A view alone touches nothing.
    if (auto view = dyn_cast<ViewLikeOpInterface>(user); view && view.getViewSource() == buffer) {
      for (Value result : user->getResults())
        addUses(result, alloc, range);
      continue;
    }
    Operation *top = user;
    while (top && !numbers.contains(top))
      top = top->getParentOp();
    if (!top)
      continue;
    StepRange touched{numbers.lookup(top), numbers.lookup(top)};
    if (Operation *loop = outermostLoop(top, alloc))
      touched = inner.lookup(loop);
    range.first = std::min(range.first, touched.first);
    range.last = std::max(range.last, touched.last);
  }
}

StepRange StepTree::lifetimeOf(Value buffer) const {
  StepRange range{static_cast<int64_t>(stepOps.size()), -1};
  addUses(buffer, buffer.getDefiningOp(), range);
  // What ends the function comes behind its last step.
  int64_t last = static_cast<int64_t>(stepOps.size()) - 1;
  return {std::min(range.first, std::max<int64_t>(last, 0)), std::min(range.last, last)};
}
