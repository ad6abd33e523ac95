//===- SizeChecks.cpp - sizes that an operator rejects --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SizeChecks.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace tflc;

OpFoldResult SizeChecks::requireAtLeast(OpFoldResult size, int64_t least) {
  if (getConstantIntValue(size))
    return size;
  reject(b.compare(arith::CmpIPredicate::slt, math.getValue(size), math.getValue(math.get(least))));
  return math.max(size, math.get(least));
}

OpFoldResult SizeChecks::requireAtMost(OpFoldResult size, OpFoldResult most) {
  if (getConstantIntValue(size) && getConstantIntValue(most))
    return size;
  reject(b.compare(arith::CmpIPredicate::sgt, math.getValue(size), math.getValue(most)));
  return math.min(size, most);
}

void SizeChecks::requireEqual(OpFoldResult lhs, OpFoldResult rhs) {
  if (!getConstantIntValue(lhs) || !getConstantIntValue(rhs))
    reject(b.compare(arith::CmpIPredicate::ne, math.getValue(lhs), math.getValue(rhs)));
}

void SizeChecks::reject(Value condition) {
  rejected = rejected ? b.emit<arith::OrIOp>(rejected, condition) : condition;
}

void SizeChecks::finish(tflc_status status) {
  if (!rejected)
    return;
  Value found = b.select(rejected, b.integer(b.i32(), status), b.integer(b.i32(), TFLC_OK));
  tflrt::GuardOp::create(b.getBuilder(), b.getLoc(), TypeRange(), found, Value());
}

SmallVector<OpFoldResult> tflc::getGivenSizes(OpBuilder &builder, Location loc,
                                              RankedTensorType type, Value model, Value converted) {
  IndexMath math(builder, loc);
  SizeChecks checks(builder, loc);
  SmallVector<OpFoldResult> sizes;
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    sizes.push_back(ShapedType::isDynamic(size)
                        ? checks.requireAtLeast(math.getElement(model, converted, i), 0)
                        : math.get(size));
  checks.finish();
  return sizes;
}
