//===- SharedScales.cpp - tensors that have one scale ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "QuantizationPlan.h"

#include "QuantizedConstants.h"

#include "TFL/Transforms/CalibratedRanges.h"

#include <cmath>

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

void QuantizationPlan::joinScales() {
  for (Value value : collectActivations(function))
    groups.insert(value);
  for (Operation &op : function.front()) {
    if (!active.contains(&op))
      continue;
    joinStates(&op);
    if (cast<QuantizationOpInterface>(op).getQuantizationRule().sameScale)
      joinOperands(&op);
  }
}

/// Gives two tensors one scale: the one that is fixed, if one is.
void QuantizationPlan::join(Value a, Value b) {
  quant::UniformQuantizedType type = given.lookup(groups.getLeaderValue(a));
  if (!type)
    type = given.lookup(groups.getLeaderValue(b));
  Value leader = *groups.unionSets(a, b);
  if (type)
    given[leader] = type;
}

quant::UniformQuantizedType tflc::tfl::getShortStateType(MLIRContext *context,
                                                         const StateRule &state) {
  return getActivationType(context, 16, /*isSigned=*/true,
                           {std::ldexp(1.0f, -int(state.fractionBits)), 0});
}

/// A state that an operator fills has the type that the kernel expects.
void QuantizationPlan::joinStates(Operation *op) {
  for (const StateRule &state : cast<QuantizationOpInterface>(op).getQuantizationRule().states) {
    Value value = op->getOperand(state.operand);
    if (groups.findLeader(value) == groups.member_end())
      continue;
    if (state.result)
      join(op->getResult(*state.result), value);
    else
      given[groups.getLeaderValue(value)] = getShortStateType(op->getContext(), state);
  }
}

/// Where the elements of a value come from that operators only have moved.
static Value findOrigin(Value value) {
  while (auto producer = value.getDefiningOp<QuantizationOpInterface>()) {
    SmallVector<OpOperand *> operands = getActivationOperands(producer);
    if (!producer.getQuantizationRule().sameScale || operands.size() != 1)
      break;
    value = operands.front()->get();
  }
  return value;
}

/// Whether the numbers of a value are read: not by what looks at the shape alone, nor by what moves
/// them to where nothing else is looked at.
static bool readsNumbers(OpOperand &use) {
  auto reader = dyn_cast<QuantizationOpInterface>(use.getOwner());
  if (!reader)
    return true;
  const QuantizationRule &rule = reader.getQuantizationRule();
  if (!rule.sameScale || getActivationOperands(reader).size() != 1)
    return !takesAnyType(rule);
  return llvm::any_of(reader->getResults(),
                      [](Value result) { return llvm::any_of(result.getUses(), readsNumbers); });
}

static bool hasOneReader(Value value) {
  return llvm::hasSingleElement(llvm::make_filter_range(value.getUses(), readsNumbers));
}

/// Whether nothing but the last of the operators between `origin` and `value` reads on the way.
static bool isReadOnce(Value value, Value origin) {
  while (value != origin && hasOneReader(value))
    value =
        getActivationOperands(cast<QuantizationOpInterface>(value.getDefiningOp())).front()->get();
  return value == origin && hasOneReader(value);
}

/// How much coarser a scale may become where it is shared, rather than that the value is
/// requantized.
static double getTolerance(Value value, Value origin) {
  // What the model computes takes another scale at once, unless its other readers would be left
  // with less than three bits.
  if (!isa<BlockArgument>(origin))
    return 32;
  // What pools or transposes an argument is requantized only where that saves a bit.
  auto producer = value.getDefiningOp<QuantizationOpInterface>();
  return producer && !isFollower(producer.getQuantizationRule()) ? 2 : 1.1;
}

/// Whether what holds elements of `origin` may share the result's scale: nothing else reads these,
/// or neither of them loses more resolution than requantizing would.
bool QuantizationPlan::mayShareScale(Value value, Value origin, Value result) const {
  std::optional<FloatRange> own = needed->get(origin), other = needed->get(result);
  if (!own || !other || isReadOnce(value, origin))
    return true;
  FloatRange both = *own;
  both.include(*other);
  double tolerated = getTolerance(value, origin);
  return getCoveredExtent(both) <= tolerated * getCoveredExtent(*own) &&
         getCoveredExtent(both) <= tolerated * getCoveredExtent(*other);
}

/// Whether the zero point 0 makes the steps hardly larger, or nothing else reads the value.
static bool mayBeSymmetric(Value value) {
  std::optional<FloatRange> range = getCalibratedRange(value);
  constexpr double tolerated = 1.12;
  return !range || value.hasOneUse() ||
         2 * std::max(std::abs(range->min), std::abs(range->max)) <=
             tolerated * getCoveredExtent(*range);
}

/// Joins the operands and results of an operator that needs one scale. An operand whose type is
/// fixed does not impose it on the others: it is requantized.
void QuantizationPlan::joinOperands(Operation *op) {
  SmallVector<OpResult> results = llvm::filter_to_vector(op->getResults(), isFloatTensor);
  if (results.empty())
    return;
  auto getGiven = [&](Value value) { return given.lookup(groups.getLeaderValue(value)); };
  for (OpResult result : llvm::drop_begin(results))
    if (!getGiven(result) || !getGiven(results[0]) || getGiven(result) == getGiven(results[0]))
      join(results[0], result);
  SmallVector<OpOperand *> operands = getActivationOperands(cast<QuantizationOpInterface>(op));
  llvm::erase_if(operands, [&](OpOperand *operand) {
    return !getFloatConstant(operand->get()) && getWidth(operand->get()) != getWidth(op);
  });
  bool isSymmetric =
      cast<QuantizationOpInterface>(op).getQuantizationRule().zeroPointZero && getWidth(op) == 8;
  bool allGiven = llvm::all_of(operands, [&](OpOperand *operand) {
    return !getFloatConstant(operand->get()) && getGiven(operand->get()) &&
           getGiven(operand->get()) == getGiven(operands.front()->get());
  });
  for (OpOperand *operand : operands) {
    Value value = operand->get();
    if (getFloatConstant(value))
      continue;
    auto operandType = getGiven(value), resultType = getGiven(results[0]);
    bool fits = !operandType || operandType == resultType || (!resultType && allGiven);
    if (isSymmetric && operandType)
      fits = operandType.getZeroPoint() == 0;
    else if (isSymmetric)
      fits &= mayBeSymmetric(value);
    // What the model computes takes the result's scale at once; an argument has its own.
    if (operands.size() > 1)
      fits &= mayShareScale(value, findOrigin(value), results[0]);
    if (fits)
      join(results[0], value);
  }
}
