//===- ObserveSubgraphs.cpp - ranges inside of branches and loops ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A tensor inside of a subgraph is no value of the function that the caller sees, and a loop
// computes it many times. So each subgraph is made to return the extremes of its tensors, a loop
// carries them from one iteration to the next, and a branch that does not run returns extremes of
// nothing.
//
//===----------------------------------------------------------------------===//

#include "ObserveSubgraphs.h"

#include "TFL/IR/ArithmeticOps.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ReductionOps.h"
#include "TFL/IR/Subgraphs.h"
#include "TFL/Transforms/CalibratedRanges.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "llvm/ADT/SetVector.h"

#include <limits>

using namespace mlir;
using namespace tflc::tfl;

namespace {

/// A model may name a subgraph in many places, and these in others: what is looked into is bounded.
/// Both walks below spend the budget in the same order.
struct Budget {
  int64_t operators = 1 << 16;
  unsigned levels = 16;

  bool allows(func::FuncOp callee) {
    int64_t cost = int64_t(callee.front().getOperations().size());
    if (levels == 0 || cost > operators)
      return false;
    operators -= cost;
    return true;
  }
};

/// The least and the largest value of a tensor, both scalars.
struct Extremes {
  Value least, largest;
};

class Observer {
public:
  explicit Observer(ModuleOp module) : symbols(module) {}

  SmallVector<Extremes> observe(func::FuncOp function, Budget &budget);

private:
  SmallVector<Extremes> observeCall(Operation *op, Budget &budget);
  func::FuncOp cloneSubgraph(func::FuncOp callee);
  void observeLoop(Operation *op, func::FuncOp body, ArrayRef<Extremes> found);

  SymbolTable symbols;
};

} // namespace

/// The subgraphs of an operator that are looked into, each one once: all but a loop's condition.
static SmallVector<func::FuncOp> getObserved(Operation *op, const SymbolTable &symbols) {
  SmallVector<FlatSymbolRefAttr> names = getSubgraphs(op);
  if (isLoopOverSubgraphs(op))
    names.erase(names.begin());
  llvm::SetVector<func::FuncOp> callees;
  for (FlatSymbolRefAttr name : names)
    if (auto callee = symbols.lookup<func::FuncOp>(name.getValue()); callee && !callee.isExternal())
      callees.insert(callee);
  return callees.takeVector();
}

//===----------------------------------------------------------------------===//
// The values
//===----------------------------------------------------------------------===//

static void collectInner(func::FuncOp function, const SymbolTable &symbols, Budget &budget,
                         SmallVectorImpl<Value> &values) {
  for (Operation &op : function.front())
    for (func::FuncOp callee : getObserved(&op, symbols)) {
      if (!budget.allows(callee))
        continue;
      llvm::append_range(values, collectActivations(callee));
      --budget.levels;
      collectInner(callee, symbols, budget, values);
      ++budget.levels;
    }
}

SmallVector<Value> tflc::tfl::collectInnerActivations(func::FuncOp function) {
  SmallVector<Value> values;
  if (function.isExternal())
    return values;
  SymbolTable symbols(function->getParentOfType<ModuleOp>());
  Budget budget;
  collectInner(function, symbols, budget, values);
  return values;
}

//===----------------------------------------------------------------------===//
// Extremes
//===----------------------------------------------------------------------===//

static Value makeScalar(OpBuilder &builder, Location loc, float value) {
  auto type = RankedTensorType::get({}, builder.getF32Type());
  return ConstOp::create(builder, loc, type, DenseElementsAttr::get(type, value));
}

static Extremes makeNothing(OpBuilder &builder, Location loc) {
  constexpr float most = std::numeric_limits<float>::max();
  return {makeScalar(builder, loc, most), makeScalar(builder, loc, -most)};
}

static Extremes reduce(OpBuilder &builder, Value value) {
  int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
  if (rank == 0)
    return {value, value};
  Location loc = value.getLoc();
  SmallVector<int32_t> all = llvm::to_vector(llvm::seq<int32_t>(0, int32_t(rank)));
  auto axesType = RankedTensorType::get({rank}, builder.getI32Type());
  Value axes = ConstOp::create(builder, loc, axesType,
                               DenseElementsAttr::get(axesType, ArrayRef<int32_t>(all)));
  auto type = RankedTensorType::get({}, builder.getF32Type());
  return {ReduceMinOp::create(builder, loc, type, value, axes, builder.getBoolAttr(false)),
          ReduceMaxOp::create(builder, loc, type, value, axes, builder.getBoolAttr(false))};
}

static Extremes merge(OpBuilder &builder, Location loc, Extremes a, Extremes b) {
  return {MinimumOp::create(builder, loc, a.least.getType(), a.least, b.least),
          MaximumOp::create(builder, loc, a.largest.getType(), a.largest, b.largest)};
}

static SmallVector<Value> flatten(ArrayRef<Extremes> extremes) {
  SmallVector<Value> values;
  for (Extremes pair : extremes)
    values.append({pair.least, pair.largest});
  return values;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

static void addResults(func::FuncOp function, ValueRange values) {
  Operation *end = function.front().getTerminator();
  end->insertOperands(end->getNumOperands(), values);
  // Attributes of the arguments and results would not fit any more, and nobody asks for them.
  function.removeArgAttrsAttr();
  function.removeResAttrsAttr();
  function.setFunctionType(FunctionType::get(
      function.getContext(), function.front().getArgumentTypes(), end->getOperandTypes()));
}

/// `op` with more operands and results.
static Operation *extend(Operation *op, ValueRange operands, size_t numResults) {
  OpBuilder builder(op);
  OperationState state(op->getLoc(), op->getName());
  state.addOperands(op->getOperands());
  state.addOperands(operands);
  state.addTypes(op->getResultTypes());
  state.addTypes(SmallVector<Type>(numResults, RankedTensorType::get({}, builder.getF32Type())));
  state.addAttributes(op->getAttrs());
  Operation *extended = builder.create(state);
  op->replaceAllUsesWith(extended->getResults().take_front(op->getNumResults()));
  op->erase();
  return extended;
}

func::FuncOp Observer::cloneSubgraph(func::FuncOp callee) {
  func::FuncOp clone = callee.clone();
  clone.setPrivate();
  symbols.insert(clone);
  if (callee.isPrivate())
    callee->setAttr(replacedName, UnitAttr::get(callee.getContext()));
  return clone;
}

/// The loop carries the extremes: what the body finds is merged with what came before.
void Observer::observeLoop(Operation *op, func::FuncOp body, ArrayRef<Extremes> found) {
  FlatSymbolRefAttr name = getSubgraphs(op).front();
  func::FuncOp condition = cloneSubgraph(symbols.lookup<func::FuncOp>(name.getValue()));
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](FlatSymbolRefAttr symbol) -> std::optional<Attribute> {
    if (symbol == name)
      return FlatSymbolRefAttr::get(condition);
    return std::nullopt;
  });
  replacer.replaceElementsIn(op);
  auto type = RankedTensorType::get({}, Float32Type::get(op->getContext()));
  auto builder = OpBuilder::atBlockTerminator(&body.front());
  SmallVector<Extremes> merged;
  for (Extremes pair : found) {
    Extremes before;
    for (Value *value : {&before.least, &before.largest}) {
      condition.front().addArgument(type, op->getLoc());
      *value = body.front().addArgument(type, op->getLoc());
    }
    merged.push_back(merge(builder, op->getLoc(), before, pair));
  }
  addResults(condition, {});
  addResults(body, flatten(merged));
}

SmallVector<Extremes> Observer::observeCall(Operation *op, Budget &budget) {
  SmallVector<std::pair<func::FuncOp, SmallVector<Extremes>>> parts;
  llvm::DenseMap<Attribute, FlatSymbolRefAttr> clones;
  size_t count = 0;
  for (func::FuncOp callee : getObserved(op, symbols)) {
    if (!budget.allows(callee))
      continue;
    func::FuncOp clone = cloneSubgraph(callee);
    clones[FlatSymbolRefAttr::get(callee)] = FlatSymbolRefAttr::get(clone);
    --budget.levels;
    SmallVector<Extremes> inner = observe(clone, budget);
    ++budget.levels;
    auto builder = OpBuilder::atBlockTerminator(&clone.front());
    SmallVector<Extremes> found =
        llvm::map_to_vector(collectOwnActivations(clone, flatten(inner)),
                            [&](Value value) { return reduce(builder, value); });
    llvm::append_range(found, inner);
    count += found.size();
    parts.emplace_back(clone, std::move(found));
  }
  if (count == 0)
    return {};
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](FlatSymbolRefAttr symbol) -> std::optional<Attribute> {
    auto clone = clones.find(symbol);
    return clone == clones.end() ? std::optional<Attribute>() : clone->second;
  });
  replacer.replaceElementsIn(op);

  OpBuilder builder(op);
  SmallVector<Extremes> before;
  if (isLoopOverSubgraphs(op)) {
    observeLoop(op, parts.front().first, parts.front().second);
    for (size_t i = 0; i < count; ++i)
      before.push_back(makeNothing(builder, op->getLoc()));
  } else {
    for (auto &[clone, own] : parts) {
      auto inside = OpBuilder::atBlockTerminator(&clone.front());
      SmallVector<Extremes> all;
      for (auto &[other, found] : parts)
        for (Extremes pair : found)
          all.push_back(other == clone ? pair : makeNothing(inside, op->getLoc()));
      addResults(clone, flatten(all));
    }
  }
  Operation *extended = extend(op, flatten(before), 2 * count);
  auto results = extended->getResults().take_back(2 * count);
  SmallVector<Extremes> extremes;
  for (size_t i = 0; i < count; ++i)
    extremes.push_back({results[2 * i], results[2 * i + 1]});
  return extremes;
}

SmallVector<Extremes> Observer::observe(func::FuncOp function, Budget &budget) {
  SmallVector<Extremes> extremes;
  for (Operation &op : llvm::make_early_inc_range(function.front()))
    if (!getSubgraphs(&op).empty())
      llvm::append_range(extremes, observeCall(&op, budget));
  return extremes;
}

SmallVector<Value> tflc::tfl::observeSubgraphs(func::FuncOp function) {
  Observer observer(function->getParentOfType<ModuleOp>());
  Budget budget;
  return flatten(observer.observe(function, budget));
}

SmallVector<Value> tflc::tfl::collectOwnActivations(func::FuncOp function, ArrayRef<Value> added) {
  llvm::SmallDenseSet<Value> left(added.begin(), added.end());
  return llvm::filter_to_vector(collectActivations(function),
                                [&](Value value) { return !left.contains(value); });
}
