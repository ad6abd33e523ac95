//===- Passthroughs.cpp - from inputs to outputs without numbers ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Passthroughs.h"

#include "QuantizationPlan.h"
#include "QuantizedConstants.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tflc::tfl;

/// The tensor whose elements the operator moves.
static Value getMoved(Operation *mover) {
  return getActivationOperands(cast<QuantizationOpInterface>(mover)).front()->get();
}

/// Operators that move elements of an input which has been joined with others before them, in
/// program order.
static llvm::SetVector<Operation *> collectMovers(func::FuncOp function,
                                                  function_ref<bool(Operation *)> isInteger) {
  llvm::SetVector<Operation *> movers;
  // The inputs whose elements a value holds, and those that have been joined with others.
  llvm::DenseMap<Value, Value> originOf;
  llvm::DenseSet<Value> joined;
  for (BlockArgument argument : function.getArguments())
    originOf[argument] = argument;
  for (Operation &op : function.front()) {
    auto interface = dyn_cast<QuantizationOpInterface>(op);
    if (!interface || !isInteger(&op) || !interface.getQuantizationRule().sameScale)
      continue;
    SmallVector<OpOperand *> operands = getActivationOperands(interface);
    if (operands.size() != 1) {
      // A constant takes the scale of what it stands beside.
      llvm::erase_if(operands, [](OpOperand *operand) { return getFloatConstant(operand->get()); });
      for (OpOperand *operand : operands)
        if (Value origin = originOf.lookup(operand->get()); origin && operands.size() > 1)
          joined.insert(origin);
      continue;
    }
    Value moved = operands.front()->get(), origin = originOf.lookup(moved);
    if (!origin)
      continue;
    for (Value result : op.getResults())
      originOf[result] = origin;
    Operation *producer = moved.getDefiningOp();
    if (joined.contains(origin) && (!producer || movers.contains(producer)))
      movers.insert(&op);
  }
  return movers;
}

SmallVector<Operation *> tflc::tfl::findPassthroughs(func::FuncOp function,
                                                     function_ref<bool(Operation *)> isInteger) {
  llvm::SetVector<Operation *> movers = collectMovers(function, isInteger);
  // What leads to outputs only, and then what such operators alone lead to: users come later.
  llvm::SmallPtrSet<Operation *, 8> leading;
  for (Operation *op : llvm::reverse(movers))
    if (llvm::all_of(op->getUsers(), [&](Operation *user) {
          return user->hasTrait<OpTrait::IsTerminator>() || leading.contains(user);
        }))
      leading.insert(op);
  SmallVector<Operation *> found;
  for (Operation *op : movers) {
    Operation *producer = getMoved(op).getDefiningOp();
    if (leading.contains(op) && (!producer || llvm::is_contained(found, producer)))
      found.push_back(op);
  }
  return found;
}
