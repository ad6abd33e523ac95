//===- QuantizationTypes.cpp - types of tensors that become integers ------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Which types a model or a kernel fixes, and the types that follow from ranges.
//
//===----------------------------------------------------------------------===//

#include "QuantizationPlan.h"

#include "GivenTypes.h"
#include "QuantizedConstants.h"

#include "TFL/Transforms/CalibratedRanges.h"
#include "TFL/Transforms/Passes.h"

#include <cmath>

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

//===----------------------------------------------------------------------===//
// Types that are no choice
//===----------------------------------------------------------------------===//

bool QuantizationPlan::setGiven(Value value, quant::UniformQuantizedType type) {
  return given.try_emplace(value, type).second;
}

/// The range that a model was trained with, in the width of the mode.
static quant::UniformQuantizedType widenGiven(quant::UniformQuantizedType type, unsigned width) {
  if (type.getStorageTypeIntegralWidth() == width)
    return type;
  auto toReal = [&](int64_t stored) {
    return float(type.getScale() * double(stored - type.getZeroPoint()));
  };
  return getActivationType(
      type.getContext(), width,
      FloatRange{toReal(type.getStorageTypeMin()), toReal(type.getStorageTypeMax())});
}

void QuantizationPlan::noteGivenTypes() {
  for (Value value : collectActivations(function)) {
    if (auto type = dyn_cast_or_null<quant::UniformQuantizedType>(getGivenType(value)))
      setGiven(value, widenGiven(type, getWidth(value)));
    // What comes out of integers goes back to them without loss.
    if (auto producer = value.getDefiningOp(); producer && producer->getNumOperands() == 1)
      if (auto type = dyn_cast<quant::UniformQuantizedType>(
              getElementTypeOrSelf(producer->getOperand(0).getType()));
          type && type.isSigned() && type.getStorageTypeIntegralWidth() == getWidth(value))
        setGiven(value, type);
  }
}

bool QuantizationPlan::isKnown(Value value) const {
  return given.contains(value) || getCalibratedRange(value).has_value();
}

static quant::UniformQuantizedType getFixedType(MLIRContext *context, const FixedResultRule &rule,
                                                unsigned width) {
  if (width == 8)
    return getActivationType(context, 8, /*isSigned=*/true,
                             {std::ldexp(1.0f, -int(rule.fractionBits8)), rule.zeroPoint8});
  return getActivationType(context, width, /*isSigned=*/true,
                           {std::ldexp(1.0f, -int(rule.fractionBits16)), 0});
}

/// Results with a fixed scale have it whatever the data were. Operators that move elements hand a
/// given type on, to the result and back to the operand.
void QuantizationPlan::spreadGivenTypes() {
  bool changed = true;
  auto spread = [&](Operation &op) {
    auto interface = dyn_cast<QuantizationOpInterface>(op);
    if (!interface || !interface.getQuantizationRule().getVersion(getMode(&op), false) ||
        op.hasAttr(keepFloatName))
      return;
    const QuantizationRule &rule = interface.getQuantizationRule();
    unsigned width = getWidth(&op);
    SmallVector<OpOperand *> operands = getActivationOperands(interface);
    if (rule.fixedResult && !operands.empty() && isKnown(operands.front()->get()))
      changed |= setGiven(op.getResult(0), getFixedType(op.getContext(), *rule.fixedResult, width));
    if (!rule.sameScale || rule.zeroPointZero || operands.size() != 1 || op.getNumResults() == 0)
      return;
    Value operand = operands.front()->get();
    if (getWidth(operand) != width)
      return;
    if (auto type = given.lookup(operand))
      for (Value result : op.getResults())
        if (isFloatTensor(result))
          changed |= setGiven(result, type);
    if (auto type = given.lookup(op.getResult(0));
        type && op.getNumResults() == 1 && !getFloatConstant(operand) && operand.hasOneUse())
      changed |= setGiven(operand, type);
  };
  while (changed) {
    changed = false;
    for (Operation &op : function.front())
      spread(op);
  }
}

//===----------------------------------------------------------------------===//
// Scales
//===----------------------------------------------------------------------===//

/// Whether the error of 8-bit weights is in the value, beside which that of 16 bits is nothing.
static bool comesFromWeights(Value value) {
  auto producer = value.getDefiningOp<QuantizationOpInterface>();
  return producer && llvm::any_of(producer->getOpOperands(), [&](OpOperand &operand) {
           return isWeights(producer.getQuantizationRule(), operand);
         });
}

/// The range of a result with the entries of its kernel's table that stand beside the least and the
/// greatest operand: what the type cuts off them falsifies the numbers in between.
static FloatRange includeEntries(Operation *op, FloatRange range, FloatRange operand) {
  auto interface = dyn_cast<QuantizationOpInterface>(op);
  auto function = interface ? interface.getQuantizationRule().interpolated : nullptr;
  if (!function)
    return range;
  // The table has 512 steps for all of the symmetric type.
  float step = std::max(std::abs(operand.min), std::abs(operand.max)) / 256;
  for (float x : {std::floor(operand.min / step) * step, std::ceil(operand.max / step) * step})
    if (float y = function(x); std::isfinite(y))
      range.include({y, y});
  return range;
}

/// Room for what calibration has not seen.
static FloatRange widen(FloatRange range) {
  constexpr float headroom = 1.25f;
  return {range.min * headroom, range.max * headroom};
}

void QuantizationPlan::chooseTypes() {
  llvm::DenseMap<Value, FloatRange> ranges;
  for (Value value : collectActivations(function)) {
    Value leader = groups.getLeaderValue(value);
    std::optional<FloatRange> range = needed->get(value);
    if (!range)
      continue;
    bool isJoined = std::next(groups.findLeader(value)) != groups.member_end();
    if (!isJoined && getCoveredExtent(*range) == 0)
      range = getCalibratedRange(value);
    if (getWidth(value) == 16 && comesFromWeights(value))
      range = widen(*range);
    if (Operation *producer = value.getDefiningOp();
        producer && getWidth(producer) == 16 && producer->getNumOperands() == 1)
      if (std::optional<FloatRange> operand = needed->get(producer->getOperand(0)))
        range = includeEntries(producer, *range, *operand);
    auto [entry, isFirst] = ranges.try_emplace(leader, *range);
    if (!isFirst)
      entry->second.include(*range);
  }
  llvm::SmallPtrSet<void *, 4> symmetric;
  for (Operation &op : function.front())
    if (active.contains(&op) && getWidth(&op) == 8 &&
        cast<QuantizationOpInterface>(op).getQuantizationRule().zeroPointZero)
      symmetric.insert(groups.getLeaderValue(op.getResult(0)).getAsOpaquePointer());
  constexpr int64_t storedMax = 127;
  for (auto [leader, range] : ranges)
    types[leader] = symmetric.contains(leader.getAsOpaquePointer())
                        ? getActivationType(function.getContext(), 8, /*isSigned=*/true,
                                            chooseSymmetric(range, storedMax))
                        : getActivationType(function.getContext(), getWidth(leader), range);
  for (auto [value, type] : given)
    if (groups.getLeaderValue(value) == value)
      types[value] = type;
}

/// Whether integers of the type do not saturate within the range.
static bool covers(quant::UniformQuantizedType type, FloatRange range) {
  auto toReal = [&](double stored) {
    return type.getScale() * (stored - double(type.getZeroPoint()));
  };
  // The zero point is rounded, so that a range may stand out by half a step.
  return toReal(double(type.getStorageTypeMin()) - 0.5) <= range.min &&
         toReal(double(type.getStorageTypeMax()) + 0.5) >= range.max;
}

/// A float tensor may be quantized with several scales, where operators need that of others. Each
/// reader takes the finest of these that covers what it needs.
void QuantizationPlan::chooseFinerTypes(bool integerArguments) {
  for (Value value : collectActivations(function)) {
    Operation *producer = value.getDefiningOp();
    bool isFloat = producer ? !isActive(producer) : !integerArguments || function.isPrivate();
    if (!isFloat || !getType(value) || given.lookup(groups.getLeaderValue(value)))
      continue;
    auto hasOneScale = [&](Operation *user) {
      return isActive(user) && cast<QuantizationOpInterface>(user).getQuantizationRule().sameScale;
    };
    auto types = llvm::map_to_vector(llvm::make_filter_range(value.getUsers(), hasOneScale),
                                     [&](Operation *user) { return getOperandType(user, value); });
    llvm::stable_sort(types, [](auto a, auto b) { return a.getScale() < b.getScale(); });
    for (OpOperand &use : value.getUses()) {
      if (!isActive(use.getOwner()) || hasOneScale(use.getOwner()))
        continue;
      FloatRange range = needed->get(use).value_or(FloatRange());
      unsigned width = getWidth(use.getOwner());
      auto type = llvm::find_if(types, [&](auto type) {
        return type.getStorageTypeIntegralWidth() == width && covers(type, range);
      });
      if (type != types.end() && type->getScale() < getType(value, width).getScale())
        finerTypes[{use.getOwner(), value}] = *type;
    }
  }
}

quant::UniformQuantizedType QuantizationPlan::getType(Value value) const {
  auto leader = groups.findLeader(value);
  return leader == groups.member_end() ? quant::UniformQuantizedType() : types.lookup(*leader);
}

quant::UniformQuantizedType QuantizationPlan::getType(Value value, unsigned width) const {
  quant::UniformQuantizedType type = getType(value);
  if (!type || type.getStorageTypeIntegralWidth() == width)
    return type;
  std::optional<FloatRange> range = getCalibratedRange(value);
  return range ? getActivationType(type.getContext(), width, *range) : widenGiven(type, width);
}

/// The part of a constant's range that the operator needs, or all of it where that is nothing.
FloatRange QuantizationPlan::getConstantRange(Operation *op, ConstOp constant) const {
  FloatRange all = getRange(getFloats(constant)), range = all;
  for (OpOperand &operand : op->getOpOperands())
    if (operand.get() == constant.getOutput())
      range = needed->get(operand).value_or(all);
  return getCoveredExtent(range) == 0 ? all : range;
}

quant::UniformQuantizedType QuantizationPlan::getOperandType(Operation *op, Value operand) const {
  const QuantizationRule &rule = cast<QuantizationOpInterface>(op).getQuantizationRule();
  if (rule.sameScale)
    for (Value result : op->getResults())
      if (isFloatTensor(result))
        return getType(result);
  if (ConstOp constant = getFloatConstant(operand)) {
    if (auto type = dyn_cast_or_null<quant::UniformQuantizedType>(getGivenType(operand)))
      return widenGiven(type, getWidth(op));
    return getActivationType(op->getContext(), getWidth(op), getConstantRange(op, constant));
  }
  if (quant::UniformQuantizedType type = finerTypes.lookup({op, operand}))
    return type;
  return getType(operand, getWidth(op));
}
