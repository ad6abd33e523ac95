//===- ForwardCopies.cpp - results straight to where they are copied ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ForwardCopies.h"

#include "InPlace.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

/// The first op of the allocation's block that touches `buffer`, directly or through views, and the
/// last one.
static void findUses(Value buffer, Block *block, Operation *&first, Operation *&last) {
  for (Operation *user : buffer.getUsers()) {
    if (auto view = dyn_cast<ViewLikeOpInterface>(user); view && view.getViewSource() == buffer) {
      for (Value result : user->getResults())
        findUses(result, block, first, last);
      continue;
    }
    Operation *top = block->findAncestorOpInBlock(*user);
    if (!first || top->isBeforeInBlock(first))
      first = top;
    if (!last || last->isBeforeInBlock(top))
      last = top;
  }
}

static bool touches(Operation *root, Value base) {
  return root
      ->walk([&](Operation *op) {
        for (Value operand : op->getOperands())
          if (isa<MemRefType>(operand.getType()) && !isa<ViewLikeOpInterface>(op) &&
              tflc::findBaseBuffer(operand) == base)
            return WalkResult::interrupt();
        return WalkResult::advance();
      })
      .wasInterrupted();
}

/// Whether `value` is there when `op` runs.
static bool isDefinedBefore(Value value, Operation *op) {
  Operation *definition = value.getDefiningOp();
  if (!definition)
    return value.getParentBlock()->getParentOp()->isProperAncestor(op);
  Operation *top = definition->getBlock()->findAncestorOpInBlock(*op);
  return top && definition->isBeforeInBlock(top);
}

static bool forward(memref::CopyOp copy) {
  auto alloc = copy.getSource().getDefiningOp<memref::AllocOp>();
  Value target = copy.getTarget();
  if (!alloc || alloc->getBlock() != copy->getBlock() || alloc.getType() != target.getType())
    return false;
  Operation *first = nullptr, *last = nullptr;
  findUses(alloc, copy->getBlock(), first, last);
  if (last != copy || !isDefinedBefore(target, first))
    return false;
  Value base = tflc::findBaseBuffer(target);
  if (base == alloc)
    return false;
  for (Operation *op = first; op != copy; op = op->getNextNode())
    if (touches(op, base))
      return false;
  // Views of the allocation may stand in front of the target.
  if (Operation *definition = target.getDefiningOp();
      definition && definition->getBlock() == alloc->getBlock())
    for (Operation *user : alloc->getUsers())
      if (user->getBlock() == alloc->getBlock() && user->isBeforeInBlock(definition))
        return false;
  alloc.replaceAllUsesWith(target);
  alloc.erase();
  copy.erase();
  return true;
}

void tflc::forwardCopies(ModuleOp module) {
  SmallVector<memref::CopyOp> copies;
  module.walk([&](memref::CopyOp copy) { copies.push_back(copy); });
  // The last one first: what it takes away may be the target of another one.
  for (memref::CopyOp copy : llvm::reverse(copies))
    forward(copy);
}
