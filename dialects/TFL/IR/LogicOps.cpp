//===- LogicOps.cpp - comparisons, logic, selection -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/LogicOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/LogicOps.cpp.inc"

/// Whether all operands and the result have one element: the result then keeps its shape, as in the
/// reference, however the model writes the scalars.
static bool isOfOneElement(Operation *op) {
  auto isOne = [](Type type) {
    return getNumElements(cast<RankedTensorType>(type).getShape()) == 1;
  };
  return llvm::all_of(op->getOperandTypes(), isOne) && llvm::all_of(op->getResultTypes(), isOne);
}

LogicalResult SelectOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  if (isOfOneElement(*this)) {
    shapes.emplace_back(getOutput().getType().getShape());
    return success();
  }
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

LogicalResult SelectV2Op::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  if (!isOfOneElement(*this))
    return inferBroadcastShape(*this, shapes);
  shapes.emplace_back(getOutput().getType().getShape());
  return success();
}
