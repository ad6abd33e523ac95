//===- QuantizationPlan.cpp - what of a function becomes integers ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "QuantizationPlan.h"

#include "FloatIslands.h"
#include "GivenTypes.h"
#include "OperatorModes.h"
#include "Passthroughs.h"
#include "QuantizedConstants.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Subgraphs.h"
#include "TFL/Transforms/CalibratedRanges.h"
#include "TFL/Transforms/Passes.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

bool tflc::tfl::isFloatTensor(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

bool tflc::tfl::isWeights(const QuantizationRule &rule, OpOperand &operand, unsigned width) {
  const WeightsRule *weights = rule.findWeights(operand.getOperandNumber());
  return weights && !(weights->mayVary && (width == 16 || !getFloatConstant(operand.get())));
}

SmallVector<OpOperand *> tflc::tfl::getActivationOperands(QuantizationOpInterface op,
                                                          unsigned width) {
  const QuantizationRule &rule = op.getQuantizationRule();
  SmallVector<OpOperand *> operands;
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    if (isFloatTensor(operand.get()) && !isWeights(rule, operand, width) &&
        !rule.findBias(number) && !rule.findState(number))
      operands.push_back(&operand);
  }
  return operands;
}

QuantizationPlan::QuantizationPlan(func::FuncOp function, QuantizationMode mode,
                                   bool integerArguments, bool integerResults)
    : function(function), mode(mode) {
  chooseModes();
  noteGivenTypes();
  spreadGivenTypes();
  chooseOperators(integerArguments);
  if (!integerArguments && !integerResults && !function.isPrivate() &&
      mode == QuantizationMode::Int8)
    for (Operation *op : findPassthroughs(function, [&](Operation *op) { return isActive(op); }))
      active.erase(op);
  leaveIslands(integerResults);
  needed.emplace(function, [&](Operation *op) { return isActive(op) ? getWidth(op) : 0; });
  joinScales();
  chooseTypes();
  separateScales();
  chooseFinerTypes(integerArguments);
}

//===----------------------------------------------------------------------===//
// Modes
//===----------------------------------------------------------------------===//

/// What only moves elements does so in the width in which it finds them.
void QuantizationPlan::chooseModes() {
  for (Operation &op : function.front()) {
    auto interface = dyn_cast<QuantizationOpInterface>(op);
    if (!interface)
      continue;
    std::optional<QuantizationMode> own = getOwnMode(&op);
    SmallVector<OpOperand *> operands = getActivationOperands(interface);
    if (!own && interface.getQuantizationRule().sameScale && !operands.empty()) {
      auto getFrom = [&](OpOperand *operand) { return getMode(operand->get().getDefiningOp()); };
      QuantizationMode first = getFrom(operands.front());
      if (interface.getQuantizationRule().getVersion(first, false) &&
          llvm::all_of(operands, [&](OpOperand *operand) { return getFrom(operand) == first; }))
        own = first;
    }
    if (own && *own != mode)
      otherModes[&op] = *own;
  }
}

QuantizationMode QuantizationPlan::getMode(Operation *op) const {
  auto found = otherModes.find(op);
  return found == otherModes.end() ? mode : found->second;
}

//===----------------------------------------------------------------------===//
// Which operators
//===----------------------------------------------------------------------===//

/// "stem/conv": the tensor's name as the file has it.
static std::string describe(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return "input " + std::to_string(argument.getArgNumber());
  return "result " + std::to_string(cast<OpResult>(value).getResultNumber());
}

/// Whether the numbers of a tensor are copies of constants. Such an operator is quantized only for
/// what reads it.
static bool copiesConstants(QuantizationOpInterface op) {
  auto operands = getActivationOperands(op);
  return op.getQuantizationRule().sameScale && !operands.empty() &&
         llvm::all_of(operands,
                      [](OpOperand *operand) { return bool(getFloatConstant(operand->get())); });
}

/// A tensor that keeps its value, and that only its operator reads: a variable, or one that an
/// operator fills anew in each invocation, because its size is known only then.
static bool isState(Value value, const StateRule &state) {
  Operation *producer = value.getDefiningOp();
  if (!producer || !value.hasOneUse())
    return false;
  auto filler = dyn_cast<QuantizationOpInterface>(producer);
  if (filler && copiesConstants(filler))
    return !state.input && !producer->hasAttr(keepFloatName) && getCalibratedRange(value);
  return producer->getNumOperands() == 0 && !producer->hasTrait<OpTrait::ConstantLike>();
}

/// Whether weights of rank 1 stand for a diagonal matrix. Those in 16 bits are vectors.
static bool hasDiagonalWeights(QuantizationOpInterface op) {
  return llvm::any_of(op.getQuantizationRule().weights, [&](const WeightsRule &weights) {
    auto type = weights.operand < op->getNumOperands()
                    ? dyn_cast<RankedTensorType>(op->getOperand(weights.operand).getType())
                    : RankedTensorType();
    return type && type.getRank() == 1 && weights.integerWidth == 8;
  });
}

std::optional<std::string> QuantizationPlan::findObstacle(QuantizationOpInterface op) const {
  const QuantizationRule &rule = op.getQuantizationRule();
  if (op->hasAttr(keepFloatName))
    return "is to stay in float";
  std::string typeName = getWidth(op) == 8 ? "int8" : "int16";
  if (!rule.getVersion(getMode(op), false))
    return "has no kernel for " + typeName;
  if (auto activation = op->getAttrOfType<StringAttr>("fused_activation_function");
      rule.onlyRelu && (!activation || activation != "RELU"))
    return "has no kernel for " + typeName + " without RELU";
  for (const WeightsRule &weights : rule.weights)
    if (weights.operand < op->getNumOperands() && !weights.mayVary &&
        isPresent(op->getOperand(weights.operand)) &&
        !getFloatConstant(op->getOperand(weights.operand)))
      return "has weights that are no constant";
  for (const BiasRule &bias : rule.biases)
    if (bias.operand < op->getNumOperands() && isPresent(op->getOperand(bias.operand)) &&
        !getFloatConstant(op->getOperand(bias.operand)))
      return "has a bias that is no constant";
  for (const StateRule &state : rule.states)
    if (state.operand >= op->getNumOperands() || !isState(op->getOperand(state.operand), state))
      return "has a state that is no variable tensor of its own";
  // An auxiliary input has weights of its own; diagonal ones have another arithmetic.
  if (!rule.states.empty() && (getActivationOperands(op).size() != 1 || hasDiagonalWeights(op)))
    return "has an auxiliary input or diagonal weights, for which there is no rule";
  if (auto type = given.lookup(op->getResult(0));
      rule.zeroPointZero && type && type.getZeroPoint() != 0)
    return "stores zeros, which its result's zero point is not";
  for (OpOperand *operand : getActivationOperands(op))
    if (!getFloatConstant(operand->get()) && !isKnown(operand->get()))
      return "has an operand without a range (" + describe(operand->get()) + ")";
  for (Value result : op->getResults())
    if (isFloatTensor(result) && !isKnown(result))
      return "has a result without a range";
  return std::nullopt;
}

static bool touchesFloats(Operation *op) {
  return llvm::any_of(op->getOperands(), isFloatTensor) ||
         llvm::any_of(op->getResults(), isFloatTensor);
}

void QuantizationPlan::chooseOperators(bool integerArguments) {
  SmallVector<Operation *> followers;
  for (Operation &op : function.front().without_terminator()) {
    // Constants and variables follow the operators that read them.
    if (op.getNumOperands() == 0 || !touchesFloats(&op))
      continue;
    // What runs subgraphs only hands tensors on; what computes stands in there.
    if (!getSubgraphs(&op).empty())
      continue;
    auto interface = dyn_cast<QuantizationOpInterface>(op);
    if (!interface) {
      refusals.insert({&op, "has no rule for quantization"});
      continue;
    }
    const QuantizationRule &rule = interface.getQuantizationRule();
    if (takesAnyType(rule) || isConversion(rule))
      continue;
    if (std::optional<std::string> obstacle = findObstacle(interface))
      refusals.insert({&op, *obstacle});
    else if (isFollower(rule) &&
             (getMode(&op) == QuantizationMode::Int8 || copiesConstants(interface)))
      followers.push_back(&op);
    else
      active.insert(&op);
  }
  // The model's inputs are quantized for whatever reads them.
  auto isInteger = [&](Value operand) {
    Operation *producer = operand.getDefiningOp();
    return producer ? active.contains(producer)
                    : (integerArguments || !function.isPrivate()) && isKnown(operand);
  };
  auto readsIntegers = [&](Operation *op) {
    return llvm::any_of(getActivationOperands(cast<QuantizationOpInterface>(op)),
                        [&](OpOperand *operand) { return isInteger(operand->get()); });
  };
  bool changed = true;
  while (changed) {
    changed = false;
    for (Operation *op : followers)
      if (!active.contains(op) &&
          (readsIntegers(op) ||
           llvm::any_of(op->getUsers(), [&](Operation *user) { return active.contains(user); })))
        changed |= active.insert(op).second;
  }
}

void QuantizationPlan::leaveIslands(bool integerResults) {
  auto hasWeights = [](Operation *op) {
    return llvm::any_of(op->getOpOperands(), [&](OpOperand &operand) {
      return isWeights(cast<QuantizationOpInterface>(op).getQuantizationRule(), operand);
    });
  };
  IslandQuery query;
  query.function = function;
  auto isInteger = [&](Operation *op) { return active.contains(op); };
  auto mayStayFloat = [&](Operation *op) { return !hasWeights(op); };
  query.isInteger = isInteger;
  query.mayStayFloat = mayStayFloat;
  query.integerResults = integerResults;
  auto floats = llvm::to_vector(llvm::make_first_range(refusals));
  for (Operation *op : findFloatIslands(query, floats))
    active.erase(op);
}
