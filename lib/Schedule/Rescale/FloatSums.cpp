//===- FloatSums.cpp - sums of two bytes in float, where exact ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatSums.h"

#include "Schedule/Tensors/ByteFunctions.h"
#include "Rescales.h"

#include "tflc/Quantization/FloatSum.h"
#include "tflc/Quantization/Multiplier.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

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
