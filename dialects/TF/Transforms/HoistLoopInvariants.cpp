//===- HoistLoopInvariants.cpp - what a loop does not change --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ControlOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_HOISTLOOPINVARIANTSPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// Follows a value through ops that give their operand.
static Value skipIdentities(Value value) {
  while (auto identity = value.getDefiningOp<IdentityOp>())
    value = identity.getInput();
  return value;
}

/// Whether two values begin alike and change alike: counters that are counted twice.
static bool areAlike(WhileRegionOp loop, unsigned i, unsigned j) {
  Block &body = loop.getBody().front();
  auto getStep = [&](unsigned number) -> Value {
    Value next = skipIdentities(body.getTerminator()->getOperand(number));
    auto sum = next.getDefiningOp<AddV2Op>();
    bool isStep = sum && skipIdentities(sum.getX()) == body.getArgument(number);
    return isStep ? skipIdentities(sum.getY()) : Value();
  };
  auto isSame = [](Value a, Value b) {
    Attribute first, second;
    return a == b || (matchPattern(a, m_Constant(&first)) && matchPattern(b, m_Constant(&second)) &&
                      first == second);
  };
  Value a = getStep(i), b = getStep(j);
  return a && b && isSame(a, b) && isSame(loop.getOperand(i), loop.getOperand(j));
}

/// Removes what the loop passes through; returns the loop in its new form.
static WhileRegionOp hoist(WhileRegionOp loop) {
  Block &cond = loop.getCond().front(), &body = loop.getBody().front();
  Operation *yield = body.getTerminator();
  llvm::BitVector invariant(loop.getNumOperands());
  for (unsigned i = 0; i < loop.getNumOperands(); ++i) {
    Value next = skipIdentities(yield->getOperand(i));
    if (next != body.getArgument(i) && next != loop.getOperand(i))
      continue;
    invariant.set(i);
    cond.getArgument(i).replaceAllUsesWith(loop.getOperand(i));
    body.getArgument(i).replaceAllUsesWith(loop.getOperand(i));
    loop.getResult(i).replaceAllUsesWith(loop.getOperand(i));
  }
  // A value that nothing reads but its own next one.
  for (unsigned i = 0; i < loop.getNumOperands(); ++i) {
    BlockArgument argument = body.getArgument(i);
    if (invariant[i] || !loop.getResult(i).use_empty() || !cond.getArgument(i).use_empty())
      continue;
    if (argument.use_empty()) {
      invariant.set(i);
      continue;
    }
    Operation *user = argument.hasOneUse() ? *argument.user_begin() : nullptr;
    if (user && user != yield && user->getNumResults() == 1 && isMemoryEffectFree(user) &&
        user->hasOneUse() && yield->getOperand(i) == user->getResult(0)) {
      argument.replaceAllUsesWith(loop.getOperand(i));
      invariant.set(i);
    }
  }
  for (unsigned j = 1; j < loop.getNumOperands(); ++j)
    for (unsigned i = 0; i < j && !invariant[j]; ++i) {
      if (invariant[i] || !areAlike(loop, i, j))
        continue;
      cond.getArgument(j).replaceAllUsesWith(cond.getArgument(i));
      body.getArgument(j).replaceAllUsesWith(body.getArgument(i));
      loop.getResult(j).replaceAllUsesWith(loop.getResult(i));
      invariant.set(j);
    }
  if (invariant.none())
    return loop;
  yield->eraseOperands(invariant);
  cond.eraseArguments(invariant);
  body.eraseArguments(invariant);
  SmallVector<Value> operands, results;
  SmallVector<Type> types;
  for (unsigned i = 0; i < loop.getNumOperands(); ++i) {
    if (invariant[i])
      continue;
    operands.push_back(loop.getOperand(i));
    types.push_back(loop.getResult(i).getType());
    results.push_back(loop.getResult(i));
  }
  OpBuilder builder(loop);
  auto slim = WhileRegionOp::create(builder, loop.getLoc(), types, operands);
  slim.getCond().takeBody(loop.getCond());
  slim.getBody().takeBody(loop.getBody());
  for (auto [old, result] : llvm::zip_equal(results, slim.getResults()))
    old.replaceAllUsesWith(result);
  loop.erase();
  return slim;
}

namespace {

class HoistLoopInvariants
    : public tflc::tf::impl::HoistLoopInvariantsPassBase<HoistLoopInvariants> {
  void runOnOperation() override {
    // From the outside in, so that an inner loop sees the values around the outer one; again as
    // long as something changes, for the other direction.
    bool changed = true;
    while (changed) {
      changed = false;
      SmallVector<WhileRegionOp> loops;
      getOperation().walk<WalkOrder::PreOrder>([&](WhileRegionOp loop) { loops.push_back(loop); });
      for (WhileRegionOp loop : loops) {
        unsigned before = loop.getNumOperands();
        changed |= hoist(loop).getNumOperands() != before;
      }
    }
  }
};

} // namespace
