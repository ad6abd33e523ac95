//===- NeededRanges.cpp - which values make a difference ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "NeededRanges.h"

#include "QuantizationPlan.h"
#include "QuantizedConstants.h"
#include "SoftmaxMask.h"

#include "TFL/Transforms/CalibratedRanges.h"

#include "llvm/ADT/StringSwitch.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

static FloatRange getEverything() {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  return {-infinity, infinity};
}

static FloatRange clampTo(FloatRange range, FloatRange limits) {
  return {std::clamp(range.min, limits.min, limits.max),
          std::clamp(range.max, limits.min, limits.max)};
}

NeededRanges::NeededRanges(func::FuncOp function, function_ref<unsigned(Operation *)> getWidth) {
  for (Operation &op : function.front())
    if (unsigned width = getWidth(&op))
      widths[&op] = width;
  // Readers come first, so that what an operator must give is known before what it takes.
  for (Operation &op : llvm::reverse(function.front()))
    for (OpOperand &operand : op.getOpOperands())
      if (isFloatTensor(operand.get())) {
        FloatRange need = findNeed(operand);
        auto [entry, isFirst] = needs.try_emplace(operand.get(), need);
        if (!isFirst)
          entry->second.include(need);
      }
  for (Value value : collectActivations(function))
    noteRange(value);
}

FloatRange NeededRanges::getNeed(Value value) const {
  auto found = needs.find(value);
  return found == needs.end() ? getEverything() : found->second;
}

/// What of a sum or product the fused activation does not clamp.
static FloatRange getFusedClamp(StringRef activation) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  return llvm::StringSwitch<FloatRange>(activation)
      .Case("RELU", {0, infinity})
      .Case("RELU6", {0, 6})
      .Case("RELU_N1_TO_1", {-1, 1})
      .Default(getEverything());
}

/// The values x with which x * c lies within `need` for some c between two numbers.
static FloatRange divide(FloatRange need, FloatRange c) {
  if (c.min <= 0 && c.max >= 0)
    return getEverything();
  if (c.max < 0)
    std::swap(need.min, need.max);
  FloatRange range = {need.min / c.min, need.max / c.min};
  range.include({need.min / c.max, need.max / c.max});
  return range;
}

/// The values x with which x + c, x - c, c - x or x * c lies within `need` for some c between two
/// numbers.
static FloatRange invert(Arithmetic arithmetic, bool isFirst, FloatRange c, FloatRange need) {
  switch (arithmetic) {
  case Arithmetic::Sum:
    return {need.min - c.max, need.max - c.min};
  case Arithmetic::Difference:
    return isFirst ? FloatRange{need.min + c.min, need.max + c.max}
                   : FloatRange{c.min - need.max, c.max - need.min};
  case Arithmetic::Product:
    return divide(need, c);
  }
  return getEverything();
}

static const QuantizationRule &getRule(Operation *op) {
  return cast<QuantizationOpInterface>(op).getQuantizationRule();
}

/// The values of an operand that give results within `need` with some value of the other one.
static FloatRange findPreimage(OpOperand &operand, FloatRange need) {
  Operation *op = operand.getOwner();
  std::optional<Arithmetic> arithmetic = getRule(op).arithmetic;
  if (!arithmetic)
    return getEverything();
  auto activation = op->getAttrOfType<StringAttr>("fused_activation_function");
  bool isFirst = operand.getOperandNumber() == 0;
  Value other = op->getOperand(isFirst ? 1 : 0);
  std::optional<FloatRange> range = getCalibratedRange(other);
  if (ConstOp constant = getFloatConstant(other))
    range = getRange(getFloats(constant));
  if (!range || !std::isfinite(range->min) || !std::isfinite(range->max))
    return getEverything();
  return invert(*arithmetic, isFirst, *range, clampTo(getFusedClamp(activation.getValue()), need));
}

/// A comparison with constants tells only on which side of them a value is; some room on both
/// sides keeps apart what is near. Everything for other operators.
static FloatRange findNeedOfComparison(OpOperand &operand) {
  Operation *op = operand.getOwner();
  if (!getRule(op).orders)
    return getEverything();
  ConstOp constant = getFloatConstant(op->getOperand(1 - operand.getOperandNumber()));
  std::optional<FloatRange> range = getCalibratedRange(operand.get());
  if (!constant || !range)
    return getEverything();
  constexpr float share = 1.0f / 64;
  float room = (range->max - range->min) * share;
  FloatRange values = getRange(getFloats(constant));
  return {values.min - room, values.max + room};
}

/// The values of an operand between which its reader tells a difference.
FloatRange NeededRanges::findNeed(OpOperand &operand) const {
  Operation *op = operand.getOwner();
  FloatRange need = getEverything();
  unsigned width = widths.lookup(op);
  if (width == 0)
    return need;
  auto interface = cast<QuantizationOpInterface>(op);
  const QuantizationRule &rule = interface.getQuantizationRule();
  auto results = llvm::make_filter_range(op->getResults(), isFloatTensor);
  if (rule.picks && !results.empty()) {
    need = getNeed(*results.begin());
    for (Value result : llvm::drop_begin(results))
      need.include(getNeed(result));
    // What lies outside of the result's range has not been chosen.
    if (op->getNumResults() == 1 && getActivationOperands(interface).size() > 1)
      if (std::optional<FloatRange> range = getCalibratedRange(op->getResult(0)))
        need = clampTo(*range, need);
  }
  if (rule.sharesOfExponentials)
    if (std::optional<float> least = findLeastNeededLogit(op, width))
      need.min = *least;
  FloatRange preimage =
      op->getNumResults() == 1 ? findPreimage(operand, getNeed(op->getResult(0))) : getEverything();
  // Otherwise, in 16 bits there is resolution to spare.
  if (width != 8)
    return clampTo(preimage, need);
  if (rule.clamp)
    return clampTo(*rule.clamp, getNeed(op->getResult(0)));
  need = clampTo(clampTo(need, rule.distinguished.value_or(getEverything())),
                 findNeedOfComparison(operand));
  return clampTo(preimage, need);
}

static float getExtent(FloatRange range) { return range.max - range.min; }

/// How narrow the range of a result may become. Its kernel multiplies with a quotient of scales in
/// fixed point, where that must not be large: ADD and SUB first move operands by 20 bits (15 of
/// 16), products of 16 bits have no room at all, others some. A constant, what comes from floats
/// and what is only moved is no result of a multiplication.
float NeededRanges::findLeastExtent(Value value, FloatRange calibrated) const {
  Operation *producer = value.getDefiningOp();
  unsigned width = widths.lookup(producer);
  if (width == 0 || getRule(producer).picks)
    return 0;
  if (!getRule(producer).isSum())
    return getExtent(calibrated) / (width == 8 ? 1024 : 1);
  float largest = 0;
  for (OpOperand &operand : producer->getOpOperands())
    if (std::optional<FloatRange> range =
            getFloatConstant(operand.get()) ? get(operand) : get(operand.get()))
      largest = std::max(largest, getExtent(*range));
  return largest / (width == 8 ? 1024 : 64);
}

void NeededRanges::noteRange(Value value) {
  std::optional<FloatRange> calibrated = getCalibratedRange(value);
  if (!calibrated)
    return;
  FloatRange range = clampTo(*calibrated, getNeed(value));
  float least = findLeastExtent(value, *calibrated);
  if (getExtent(range) < least) {
    range.max = std::min(calibrated->max, range.min + least);
    range.min = std::max(calibrated->min, range.max - least);
  }
  ranges[value] = range;
}

std::optional<FloatRange> NeededRanges::get(Value value) const {
  auto found = ranges.find(value);
  return found == ranges.end() ? std::nullopt : std::optional(found->second);
}

std::optional<FloatRange> NeededRanges::get(OpOperand &operand) const {
  std::optional<FloatRange> range = getCalibratedRange(operand.get());
  if (ConstOp constant = getFloatConstant(operand.get()))
    range = getRange(getFloats(constant));
  return range ? clampTo(*range, findNeed(operand)) : range;
}
