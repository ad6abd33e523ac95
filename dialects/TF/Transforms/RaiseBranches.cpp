//===- RaiseBranches.cpp - branches of switches and merges ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// TensorFlow 1 writes a branch as a flow of dead and living tensors: a Switch lets its tensor live
// on one of two outputs, by a predicate; a Merge gives whichever of its inputs lives. What lies
// between the switches and an input of the merge is one side of the branch.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ControlOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_RAISEBRANCHESPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

static bool isSwitch(Operation *op) { return op && op->getName().getStringRef() == "tf.Switch"; }
static bool isMerge(Operation *op) { return op->getName().getStringRef() == "tf.Merge"; }

static Value getPredicate(Operation *switchOp) { return switchOp->getOperand(1); }

/// The operands of an op, and what its regions use from around it.
static llvm::SetVector<Value> getInputs(Operation *op) {
  llvm::SetVector<Value> inputs;
  getUsedValuesDefinedAbove(op->getRegions(), inputs);
  inputs.insert(op->operand_begin(), op->operand_end());
  return inputs;
}

namespace {

/// What one input of a merge is computed from, up to the next switches.
struct Side {
  Value result;
  llvm::SetVector<Operation *> operations;
  /// By predicate, which outputs of its switches are used: 1 for the first, 2 for the second.
  llvm::MapVector<Value, unsigned> outputs;

  explicit Side(Value result) : result(result) { follow(result); }

private:
  void follow(Value value) {
    SmallVector<Value> pending = {value};
    while (!pending.empty()) {
      Value next = pending.pop_back_val();
      Operation *op = next.getDefiningOp();
      if (isSwitch(op))
        outputs[getPredicate(op)] |= 1u << cast<OpResult>(next).getResultNumber();
      else if (op && operations.insert(op))
        llvm::append_range(pending, getInputs(op));
    }
  }
};

class RaiseBranches : public tflc::tf::impl::RaiseBranchesPassBase<RaiseBranches> {
  void runOnOperation() override;
};

} // namespace

/// The predicate that one input needs to be true and the other one to be false; null if there is
/// none. A side of constants alone says nothing of its own.
static Value findPredicate(const Side &first, const Side &second, bool &isFirstTrue) {
  llvm::SetVector<Value> predicates;
  for (const Side *side : {&first, &second})
    for (const auto &[predicate, outputs] : side->outputs)
      predicates.insert(predicate);
  for (Value predicate : predicates) {
    unsigned a = first.outputs.lookup(predicate), b = second.outputs.lookup(predicate);
    constexpr unsigned both = 3;
    if (a == both || b == both || a == b)
      continue;
    isFirstTrue = a == 2 || b == 1;
    return predicate;
  }
  return {};
}

/// Copies what depends on the switches into a region; all else stays outside of it.
static void fillRegion(Region &region, const Side &side, Value predicate, Location loc) {
  OpBuilder builder = OpBuilder::atBlockEnd(&region.emplaceBlock());
  IRMapping mapping;
  auto take = [&](Value value) {
    Operation *op = value.getDefiningOp();
    if (isSwitch(op) && getPredicate(op) == predicate)
      mapping.map(value, op->getOperand(0));
  };
  SmallVector<Operation *> order(side.operations.begin(), side.operations.end());
  llvm::sort(order, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  for (Operation *op : order) {
    llvm::SetVector<Value> inputs = getInputs(op);
    llvm::for_each(inputs, take);
    if (llvm::any_of(inputs, [&](Value value) { return mapping.contains(value); }))
      builder.clone(*op, mapping);
  }
  take(side.result);
  YieldOp::create(builder, loc, mapping.lookupOrDefault(side.result));
}

static LogicalResult raise(Operation *merge) {
  if (merge->getNumOperands() != 2 || !merge->getResult(1).use_empty())
    return merge->emitError() << "only merges of two tensors, whose index is not used, are "
                                 "supported";
  Side first(merge->getOperand(0)), second(merge->getOperand(1));
  bool isFirstTrue = false;
  Value predicate = findPredicate(first, second, isFirstTrue);
  if (!predicate)
    return merge->emitError() << "its inputs are not the two sides of one condition";
  OpBuilder builder(merge);
  auto branch =
      IfRegionOp::create(builder, merge->getLoc(), merge->getResult(0).getType(), predicate);
  fillRegion(branch.getThenRegion(), isFirstTrue ? first : second, predicate, merge->getLoc());
  fillRegion(branch.getElseRegion(), isFirstTrue ? second : first, predicate, merge->getLoc());
  merge->getResult(0).replaceAllUsesWith(branch.getResult(0));
  merge->erase();
  return success();
}

void RaiseBranches::runOnOperation() {
  if (getOperation().isExternal())
    return;
  // An inner merge comes before the outer one that reads it.
  Block &block = getOperation().getBody().front();
  SmallVector<Operation *> merges;
  for (Operation &op : block)
    if (isMerge(&op))
      merges.push_back(&op);
  for (Operation *merge : merges)
    if (failed(raise(merge)))
      return signalPassFailure();
  // Switches that only order others are left without a use.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op) || (isSwitch(&op) && op.use_empty()))
      op.erase();
}
