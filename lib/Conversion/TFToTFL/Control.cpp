//===- Control.cpp - branches and loops -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "Steps.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConstantOps.h"
#include "TF/IR/ControlOps.h"
#include "TF/IR/VariableOps.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tflc;

namespace {

class Outliner {
public:
  explicit Outliner(ModuleOp module) : module(module), symbols(module) {}

  void run(Operation *op);

private:
  llvm::SetVector<Value> getCaptures(Operation *op);
  FlatSymbolRefAttr outline(Region &region, StringRef name, ArrayRef<Value> captures,
                            bool returnsCaptures);
  void outlineBranches(Operation *op, Value condition, Region &thenRegion, Region &elseRegion);
  void outlineLoop(tf::WhileRegionOp loop);

  ModuleOp module;
  SymbolTable symbols;
};

} // namespace

/// What costs nothing to have once more.
static bool isCopied(Operation *op) {
  return op &&
         (op->hasTrait<OpTrait::ConstantLike>() || isa<tf::VarHandleOp>(op) ||
          llvm::is_contained({"tfl.hashtable", "tfl.var_handle"}, op->getName().getStringRef()));
}

/// Copies constants into the regions that use them and returns all other values from outside.
llvm::SetVector<Value> Outliner::getCaptures(Operation *op) {
  llvm::SetVector<Value> used, captures;
  getUsedValuesDefinedAbove(op->getRegions(), used);
  for (Value value : used) {
    Operation *source = value.getDefiningOp();
    if (!isCopied(source)) {
      captures.insert(value);
      continue;
    }
    for (Region &region : op->getRegions()) {
      OpBuilder builder = OpBuilder::atBlockBegin(&region.front());
      Value copy = builder.clone(*source)->getResult(0);
      replaceAllUsesInRegionWith(value, copy, region);
    }
  }
  return captures;
}

FlatSymbolRefAttr Outliner::outline(Region &region, StringRef name, ArrayRef<Value> captures,
                                    bool returnsCaptures) {
  Block &block = region.front();
  for (Value capture : captures) {
    BlockArgument argument = block.addArgument(capture.getType(), capture.getLoc());
    replaceAllUsesInRegionWith(capture, argument, region);
  }
  Operation *yield = block.getTerminator();
  SmallVector<Value> results(yield->getOperands());
  if (returnsCaptures)
    llvm::append_range(results, block.getArguments().take_back(captures.size()));
  OpBuilder builder(yield);
  func::ReturnOp::create(builder, yield->getLoc(), results);
  yield->erase();
  builder.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(
      builder, region.getLoc(), name,
      builder.getFunctionType(block.getArgumentTypes(), ValueRange(results).getTypes()));
  function.setPrivate();
  function.getBody().takeBody(region);
  return FlatSymbolRefAttr::get(symbols.insert(function));
}

void Outliner::outlineBranches(Operation *op, Value condition, Region &thenRegion,
                               Region &elseRegion) {
  llvm::SetVector<Value> captures = getCaptures(op);
  OpBuilder builder(op);
  OperatorOptions options(builder);
  options.add("then_subgraph", outline(thenRegion, "cond_true", captures.getArrayRef(), false));
  options.add("else_subgraph", outline(elseRegion, "cond_false", captures.getArrayRef(), false));
  SmallVector<Value> operands = {condition};
  llvm::append_range(operands, captures);
  op->replaceAllUsesWith(
      createBuiltin(builder, op->getLoc(), "IF", op->getResultTypes(), operands, options.get()));
  op->erase();
}

void Outliner::outlineLoop(tf::WhileRegionOp loop) {
  llvm::SetVector<Value> captures = getCaptures(loop);
  OpBuilder builder(loop);
  OperatorOptions options(builder);
  options.add("cond_subgraph",
              outline(loop.getCond(), "while_cond", captures.getArrayRef(), false));
  options.add("body_subgraph", outline(loop.getBody(), "while_body", captures.getArrayRef(), true));
  SmallVector<Value> operands(loop.getOperands());
  llvm::append_range(operands, captures);
  SmallVector<Type> types(loop.getResultTypes());
  llvm::append_range(types, ValueRange(captures.getArrayRef()).getTypes());
  // The carried values enter with the loop's types, which may be wider.
  Operation *op = createBuiltin(builder, loop.getLoc(), "WHILE", types, operands, options.get());
  for (auto [old, result] : llvm::zip(loop.getResults(), op->getResults()))
    old.replaceAllUsesWith(result);
  loop->erase();
}

void Outliner::run(Operation *op) {
  if (auto branch = dyn_cast<tf::IfRegionOp>(op))
    outlineBranches(op, branch.getCond(), branch.getThenRegion(), branch.getElseRegion());
  else if (auto loop = dyn_cast<tf::WhileRegionOp>(op))
    outlineLoop(loop);
}

void tflc::outlineRegions(ModuleOp module) {
  SmallVector<Operation *> regions;
  // From the inside out, so that what an inner region captures is seen by the outer one.
  module.walk([&](Operation *op) {
    if (isa<tf::IfRegionOp, tf::WhileRegionOp>(op))
      regions.push_back(op);
  });
  Outliner outliner(module);
  for (Operation *op : regions)
    outliner.run(op);
}
