//===- MultiplyAccumulate.cpp - how much work an op is --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/MultiplyAccumulate.h"

#include "TFL/IR/ConstantOps.h"

using namespace mlir;
using namespace tflc::tfl;

#include "TFL/IR/MultiplyAccumulate.cpp.inc"

int64_t tflc::tfl::countElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= ShapedType::isDynamic(size) ? 1 : size;
  return count;
}

int64_t tflc::tfl::countRecurrentProducts(Operation *op) {
  auto input = dyn_cast<RankedTensorType>(op->getOperand(0).getType());
  if (!input || input.getRank() == 0)
    return 0;
  int64_t weights = 0;
  for (Value operand : op->getOperands().drop_front()) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (type && type.getRank() == 2 && operand.getDefiningOp<ConstOp>())
      weights += countElements(type.getShape());
  }
  return weights * countElements(input.getShape().drop_back());
}
