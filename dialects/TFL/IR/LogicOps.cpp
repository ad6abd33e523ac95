//===- LogicOps.cpp - comparisons, logic, selection -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/LogicOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/LogicOps.cpp.inc"

LogicalResult SelectOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> condition = getCondition().getType().getShape();
  ArrayRef<int64_t> onTrue = getOnTrue().getType().getShape();
  ArrayRef<int64_t> onFalse = getOnFalse().getType().getShape();
  auto shape =
      onTrue.size() == onFalse.size() ? getBroadcastShape({onTrue, onFalse}) : std::nullopt;
  if (!shape)
    return emitError("both values must have one shape, found ")
           << getShapeText(onTrue) << " and " << getShapeText(onFalse);
  bool isRows = condition.size() == 1 && !onTrue.empty() &&
                succeeded(verifyCompatibleShape(condition, onTrue.take_front()));
  bool isScalar = condition.empty() || (condition.size() == 1 && condition[0] == 1);
  if (!isScalar && !isRows && failed(verifyCompatibleShape(condition, *shape)))
    return emitError("the condition has shape ")
           << getShapeText(condition) << ", which neither is that of the values, "
           << getShapeText(*shape) << ", nor a scalar, nor decides about rows";
  shapes.push_back(*shape);
  return success();
}
