//===- RoundingBias.cpp - scales that round to both sides -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "QuantizationPlan.h"
#include "QuantizedConstants.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

/// By how much the scales of a sum and its operand must differ. An operand then moves by one step
/// against the sum within 32 of its 255 steps.
static constexpr double leastDifference = 1.0 / 32;

/// Whether each element of `value` goes to many elements of `result`.
static bool isRepeated(Value value, Value result) {
  auto type = cast<RankedTensorType>(value.getType());
  auto resultType = cast<RankedTensorType>(result.getType());
  return type.getShape() != resultType.getShape();
}

/// A sum with a tensor that repeats (what a normalization adds to each channel) adds one number to
/// many elements. If both scales are nearly equal, the same fraction of a step is rounded away from
/// all of them, which a mean behind the sum does not even out. The operand's scale is widened a
/// little there. A constant's error is the same in all invocations, and often small: exact scales
/// serve it better.
void QuantizationPlan::separateScales() {
  for (Operation &op : llvm::reverse(function.front())) {
    if (!isActive(&op) || getWidth(&op) != 8 ||
        !cast<QuantizationOpInterface>(op).getQuantizationRule().isSum())
      continue;
    Value result = op.getResult(0), lhs = op.getOperand(0), rhs = op.getOperand(1);
    Value value = isRepeated(lhs, result) ? rhs : lhs;
    if (isRepeated(lhs, result) == isRepeated(rhs, result) || getFloatConstant(lhs) ||
        getFloatConstant(rhs))
      continue;
    quant::UniformQuantizedType type = getType(value, 8), sum = getType(result);
    auto leader = groups.getLeaderValue(value);
    if (!type || type != types.lookup(leader) || given.contains(leader) ||
        leader == groups.getLeaderValue(result))
      continue;
    double scale = sum.getScale() * (1 + leastDifference);
    if (type.getScale() < scale && type.getScale() > sum.getScale() * (1 - leastDifference))
      types[leader] = getActivationType(function.getContext(), 8, /*isSigned=*/true,
                                        {float(scale), type.getZeroPoint()});
  }
}
