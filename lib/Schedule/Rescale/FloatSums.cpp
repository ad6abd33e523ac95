//===- FloatSums.cpp - sums of two bytes in float, where exact ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatSums.h"

#include "Rescales.h"
#include "Schedule/Tensors/ByteFunctions.h"

#include "tflc/Quantization/FloatSum.h"
#include "tflc/Quantization/Multiplier.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
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
  auto result =
      tflrt::FloatSumOp::create(b, b.getI32Type(), lhs->byte, rhs->byte, APFloat(found->lhsScale),
                                APFloat(found->rhsScale), APFloat(found->offset));
  result.setBase(found->base);
  result.setLhsUnsigned(lhs->isUnsigned);
  result.setRhsUnsigned(rhs->isUnsigned);
  rescale.replaceAllUsesWith(result.getResult());
  rescale.erase();
  joinAddedConstants(result);
  return true;
}
