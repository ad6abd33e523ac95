//===- InlineControlFlow.cpp - subgraphs in the place of their calls ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ControlFlowOps.h"
#include "TFL/IR/Subgraphs.h"
#include "TFL/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_INLINECONTROLFLOWPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

namespace {

/// A model may name a subgraph in many places, and these in others: files of a few kilobytes could
/// ask for more operators than memory holds, or for blocks in blocks without end.
constexpr int64_t mostOperators = 1 << 20;
constexpr unsigned mostLevels = 64;

/// What a function holds once its calls are inlined.
struct Content {
  bool isDone = false;
  int64_t operators = 0;
  unsigned levels = 1;
};

class InlineControlFlow : public tflc::tfl::impl::InlineControlFlowPassBase<InlineControlFlow> {
  void runOnOperation() override;

  LogicalResult inlineCalls(func::FuncOp function);
  LogicalResult inlineCall(Operation *op, Content &content);
  void addBlock(Region &region, func::FuncOp callee, ValueRange arguments);
  void inlineBranch(Operation *op, Value selector, ValueRange inputs,
                    ArrayRef<func::FuncOp> callees);
  void inlineLoop(Operation *op, func::FuncOp condition, func::FuncOp body);

  DenseMap<Operation *, Content> contents; // of functions that were begun
  SymbolTable *symbols = nullptr;
};

} // namespace

/// Fills `region` with the body of `callee`.
void InlineControlFlow::addBlock(Region &region, func::FuncOp callee, ValueRange arguments) {
  if (region.empty())
    region.emplaceBlock();
  auto builder = OpBuilder::atBlockEnd(&region.front());
  IRMapping mapping;
  mapping.map(callee.getArguments(), arguments);
  for (Operation &op : callee.front().without_terminator())
    builder.clone(op, mapping);
  Operation *end = callee.front().getTerminator();
  SmallVector<Value> values;
  for (Value value : end->getOperands())
    values.push_back(mapping.lookup(value));
  YieldOp::create(builder, end->getLoc(), values);
}

void InlineControlFlow::inlineBranch(Operation *op, Value selector, ValueRange inputs,
                                     ArrayRef<func::FuncOp> callees) {
  OpBuilder builder(op);
  auto branch =
      BranchOp::create(builder, op->getLoc(), op->getResultTypes(), selector, callees.size());
  for (auto [region, callee] : llvm::zip_equal(branch.getBlocks(), callees))
    addBlock(region, callee, inputs);
  op->replaceAllUsesWith(branch->getResults());
  op->erase();
}

/// Tensors that the body gives back as they are, weights for example, are no part of the loop.
void InlineControlFlow::inlineLoop(Operation *op, func::FuncOp condition, func::FuncOp body) {
  Operation *end = body.front().getTerminator();
  SmallVector<Value> inputs;
  SmallVector<Type> types;
  SmallVector<unsigned> carried;
  for (auto [i, input] : llvm::enumerate(op->getOperands())) {
    if (end->getOperand(i) == body.getArgument(i)) {
      op->getResult(i).replaceAllUsesWith(input);
      continue;
    }
    carried.push_back(i);
    inputs.push_back(input);
    types.push_back(op->getResult(i).getType());
  }
  OpBuilder builder(op);
  auto loop = LoopOp::create(builder, op->getLoc(), types, inputs, /*at_most=*/IntegerAttr(),
                             /*most=*/ArrayAttr());
  for (auto [region, callee] :
       {std::pair(&loop.getCondition(), condition), std::pair(&loop.getBody(), body)}) {
    Block &block = region->emplaceBlock();
    SmallVector<Value> arguments(op->getOperands());
    for (auto [place, input] : llvm::zip_equal(carried, inputs))
      arguments[place] = block.addArgument(input.getType(), input.getLoc());
    addBlock(*region, callee, arguments);
  }
  Operation *yield = loop.getBody().front().getTerminator();
  SmallVector<Value> yielded;
  for (unsigned place : carried)
    yielded.push_back(yield->getOperand(place));
  yield->setOperands(yielded);
  for (auto [place, result] : llvm::zip_equal(carried, loop.getResults()))
    op->getResult(place).replaceAllUsesWith(result);
  op->erase();
}

/// `content` is that of the function around `op`.
LogicalResult InlineControlFlow::inlineCall(Operation *op, Content &content) {
  SmallVector<func::FuncOp> callees;
  for (FlatSymbolRefAttr reference : getSubgraphs(op)) {
    auto callee = symbols->lookup<func::FuncOp>(reference.getValue());
    if (!callee || callee.isExternal())
      return op->emitError("there is no subgraph ") << reference;
    auto known = contents.find(callee);
    if (known != contents.end() && !known->second.isDone)
      return op->emitError("the subgraph \"")
             << reference.getValue() << "\" calls itself; this is not supported";
    if (known == contents.end() && failed(inlineCalls(callee)))
      return failure();
    const Content &inner = contents[callee];
    content.operators += inner.operators;
    content.levels = std::max(content.levels, inner.levels + 1);
    if (content.operators > mostOperators)
      return op->emitError("the subgraphs in the place of their calls have more than ")
             << mostOperators << " operators";
    if (content.levels > mostLevels)
      return op->emitError("subgraphs call each other over more than ") << mostLevels << " levels";
    callees.push_back(callee);
  }
  if (auto branch = dyn_cast<IfOp>(op))
    inlineBranch(op, branch.getCondition(), branch.getInputs(), callees);
  else if (auto branch = dyn_cast<StablehloCaseOp>(op))
    inlineBranch(op, branch.getIndex(), branch.getInputs(), callees);
  else
    inlineLoop(op, callees[0], callees[1]);
  return success();
}

LogicalResult InlineControlFlow::inlineCalls(func::FuncOp function) {
  contents[function] = Content();
  Content content;
  SmallVector<Operation *> calls;
  function.walk([&](Operation *op) {
    ++content.operators;
    if (!getSubgraphs(op).empty())
      calls.push_back(op);
  });
  // A chain of callers is as deep as the recursion here.
  if (llvm::count_if(contents, [](const auto &entry) { return !entry.second.isDone; }) >
      int64_t(mostLevels) + 1)
    return function.emitError("subgraphs call each other over more than ")
           << mostLevels << " levels";
  for (Operation *call : calls)
    if (failed(inlineCall(call, content)))
      return failure();
  content.isDone = true;
  contents[function] = content;
  return success();
}

void InlineControlFlow::runOnOperation() {
  ModuleOp module = getOperation();
  SymbolTable table(module);
  symbols = &table;
  contents.clear();
  llvm::SetVector<func::FuncOp> callees;
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isExternal())
      continue;
    function.walk([&](Operation *op) {
      for (FlatSymbolRefAttr reference : getSubgraphs(op))
        if (auto callee = table.lookup<func::FuncOp>(reference.getValue()))
          callees.insert(callee);
    });
  }
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal() && !contents.contains(function) && failed(inlineCalls(function)))
      return signalPassFailure();
  // What stands in the place of its calls is no function any more, unless users call it.
  for (func::FuncOp callee : callees)
    if (callee.isPrivate() && SymbolTable::symbolKnownUseEmpty(callee, module))
      callee.erase();
}
