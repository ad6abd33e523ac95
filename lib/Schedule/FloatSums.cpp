//===- FloatSums.cpp - sums of two bytes in float, where exact ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ByteFunctions.h"
#include "FloatRescale.h"

#include "tflc/Quantization/FloatSum.h"
#include "tflc/Quantization/Multiplier.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

/// More values than bytes have are not worth the compile time: each is a threshold.
static constexpr int64_t maxValues = 512;

std::optional<int64_t> tflc::getConstantInt(Value value) {
  APInt result;
  if (matchPattern(value, m_ConstantInt(&result)))
    return result.getSExtValue();
  return std::nullopt;
}

SmallVector<std::pair<tflrt::RescaleOp, linalg::GenericOp>>
tflc::findElementwiseRescales(Operation *module) {
  SmallVector<std::pair<tflrt::RescaleOp, linalg::GenericOp>> found;
  module->walk([&](tflrt::RescaleOp rescale) {
    auto op = dyn_cast<linalg::GenericOp>(rescale->getParentOp());
    if (op && op.getNumParallelLoops() == op.getNumLoops() && op.hasPureTensorSemantics())
      found.push_back({rescale, op});
  });
  return found;
}

std::optional<ClampedResult> tflc::getClampedResult(tflrt::RescaleOp op) {
  std::optional<int64_t> min, max;
  int64_t added = 0;
  Value value = op.getResult();
  while (value.hasOneUse() && !(min && max)) {
    Operation *user = *value.getUsers().begin();
    if (user->getNumOperands() != 2 || user->getOperand(0) != value)
      break;
    auto constant = getConstantInt(user->getOperand(1));
    if (!constant)
      break;
    if (isa<arith::AddIOp>(user))
      added += *constant;
    else if (isa<arith::MaxSIOp>(user))
      min = *constant - added;
    else if (isa<arith::MinSIOp>(user))
      max = *constant - added;
    else
      break;
    value = user->getResult(0);
  }
  if (!min || !max || *max < *min || *max - *min > maxValues || std::abs(*min) > 1 << 20 ||
      std::abs(added) > 1 << 20)
    return std::nullopt;
  return ClampedResult{{static_cast<int32_t>(*min), static_cast<int32_t>(*max)},
                       static_cast<int32_t>(added)};
}

Value tflc::toNearestInteger(ImplicitLocOpBuilder &b, Value value, int32_t base) {
  Value even = math::RoundEvenOp::create(b, value);
  Value result = arith::FPToSIOp::create(b, b.getI32Type(), even);
  return base == 0 ? result
                   : arith::AddIOp::create(b, result, arith::ConstantIntOp::create(b, base, 32));
}

bool tflc::replaceByteSum(tflrt::RescaleOp rescale, linalg::GenericOp op) {
  auto sum = rescale.getInput().getDefiningOp<arith::AddIOp>();
  auto clamped = getClampedResult(rescale);
  auto number = getConstantInt(rescale.getMultiplier()), shift = getConstantInt(rescale.getShift());
  if (!sum || !clamped || !number || !shift || !rescale.getType().isInteger(32) ||
      !sum.getType().isInteger(32) || rescale.getRounding() != tflrt::Rounding::Double)
    return false;
  ByteFunctions functions(*op.getBody());
  auto lhs = readByteTerm(functions, sum.getLhs()), rhs = readByteTerm(functions, sum.getRhs());
  if (!lhs || !rhs)
    return false;
  FixedPointMultiplier multiplier{static_cast<int32_t>(*number), static_cast<int32_t>(*shift)};
  auto exact = [&](int32_t x) { return rescaleDouble(x, multiplier); };
  auto found = findFloatSum({lhs->table, rhs->table, lhs->first(), rhs->first(), exact,
                             std::ldexp(double(multiplier.value), multiplier.shift - 31)},
                            clamped->range);
  if (!found)
    return false;

  ImplicitLocOpBuilder b(rescale.getLoc(), rescale);
  auto toFloat = [&](const ByteTerm &term) -> Value {
    Value wide = term.isUnsigned ? arith::ExtUIOp::create(b, b.getI32Type(), term.byte).getResult()
                                 : arith::ExtSIOp::create(b, b.getI32Type(), term.byte).getResult();
    return arith::SIToFPOp::create(b, b.getF32Type(), wide);
  };
  auto number32 = [&](float value) -> Value {
    return arith::ConstantOp::create(b, b.getF32FloatAttr(value));
  };
  Value inner =
      math::FmaOp::create(b, toFloat(*rhs), number32(found->rhsScale), number32(found->offset));
  Value outer = math::FmaOp::create(b, toFloat(*lhs), number32(found->lhsScale), inner);
  rescale.replaceAllUsesWith(toNearestInteger(b, outer, found->base));
  rescale.erase();
  return true;
}
