//===- SoftmaxMask.cpp - logits that a mask takes out ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SoftmaxMask.h"

#include "QuantizationPlan.h"
#include "QuantizedConstants.h"

#include "TFL/Transforms/CalibratedRanges.h"

#include <cmath>

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

/// No logit that counts is as small.
static constexpr float verySmall = -1000;

/// Whether a value is a constant of very small numbers.
static bool isVerySmall(Value value) {
  ConstOp constant = getFloatConstant(value);
  return constant && getRange(getFloats(constant)).max <= verySmall;
}

/// Whether a value holds zeros where an element stays and very small numbers where it does not.
static bool isAddedMask(Value value) {
  if (ConstOp constant = getFloatConstant(value)) {
    std::vector<float> values = getFloats(constant);
    return llvm::is_contained(values, 0.0f) &&
           llvm::all_of(values, [](float number) { return number == 0 || number <= verySmall; });
  }
  std::optional<FloatRange> range = getCalibratedRange(value);
  return range && range->max == 0 && range->min <= verySmall;
}

/// The one of two operands whose partner is a mask; null where none is.
static Value findOther(ArrayRef<OpOperand *> operands, function_ref<bool(Value)> isMask) {
  if (operands.size() != 2)
    return {};
  Value first = operands[0]->get(), second = operands[1]->get();
  return isMask(second) ? first : isMask(first) ? second : Value();
}

/// The logits before the mask was applied; null where there is none.
static Value findUnmasked(Value logits) {
  while (auto mover = logits.getDefiningOp<QuantizationOpInterface>()) {
    const QuantizationRule &rule = mover.getQuantizationRule();
    SmallVector<OpOperand *> operands = getActivationOperands(mover);
    if (rule.arithmetic == Arithmetic::Sum)
      return findOther(operands, isAddedMask);
    if (rule.selects)
      return findOther(operands, isVerySmall);
    if (operands.size() != 1 || !rule.sameScale)
      return {};
    logits = operands.front()->get();
  }
  return {};
}

std::optional<float> tflc::tfl::findLeastNeededLogit(Operation *op, unsigned width) {
  Value logits = op->getOperand(0), unmasked = findUnmasked(logits);
  std::optional<FloatRange> range = unmasked ? getCalibratedRange(unmasked) : std::nullopt;
  float beta = float(op->getAttrOfType<FloatAttr>("beta").getValueAsDouble());
  if (!range || beta <= 0)
    return std::nullopt;
  // The table of the kernel for 16 bits ends at exp(-10). In 8 bits all elements that are taken out
  // may together add half a step to the sum of the others, which is 1 at least; exponentials below
  // 2^-16 are zero there.
  float distance = 10;
  if (width == 8) {
    int64_t count =
        std::max<int64_t>(cast<RankedTensorType>(logits.getType()).getShape().back(), 1);
    distance = std::min(std::log(512.0f) + std::log(float(count)), std::log(65536.0f));
  }
  return range->min - distance / beta;
}
