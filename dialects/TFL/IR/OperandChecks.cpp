//===- OperandChecks.cpp - types and shapes of named operands -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/OperandChecks.h"

#include "TFL/IR/ElementTypes.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

static RankedTensorType getTensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

int64_t tfl::getSize(Value value, unsigned dim) {
  RankedTensorType type = getTensorType(value);
  return dim < type.getRank() ? type.getDimSize(dim) : ShapedType::kDynamic;
}

LogicalResult OperandChecks::isPresent(Value value, const Twine &name) const {
  return value ? success() : op->emitError("the operand ") << name << " is missing";
}

LogicalResult OperandChecks::hasShape(Value value, const Twine &name,
                                      ArrayRef<int64_t> shape) const {
  if (!value || succeeded(verifyCompatibleShape(getTensorType(value).getShape(), shape)))
    return success();
  return op->emitError() << name << " must have shape " << getShapeText(shape) << ", found "
                         << getShapeText(getTensorType(value).getShape());
}

LogicalResult OperandChecks::hasRank(Value value, const Twine &name, int64_t rank) const {
  if (!value || getTensorType(value).getRank() == rank)
    return success();
  return op->emitError() << name << " must have rank " << rank << ", found shape "
                         << getShapeText(getTensorType(value).getShape());
}

LogicalResult OperandChecks::hasElements(Value value, const Twine &name, int64_t count) const {
  if (!value || ShapedType::isDynamic(count) || !getTensorType(value).hasStaticShape() ||
      getTensorType(value).getNumElements() == count)
    return success();
  return op->emitError() << name << " must have " << count << " elements, found shape "
                         << getShapeText(getTensorType(value).getShape());
}

LogicalResult OperandChecks::isFloat32(Value value, const Twine &name) const {
  if (!value || getTensorType(value).getElementType().isF32())
    return success();
  return op->emitError() << name << " must be float32, found "
                         << getElementTypeName(value.getType());
}

LogicalResult OperandChecks::isInteger(Value value, const Twine &name, unsigned width) const {
  if (!value || isStoredInteger(value.getType(), width))
    return success();
  return op->emitError() << name << " must be int" << width << ", found "
                         << getElementTypeName(value.getType());
}

LogicalResult OperandChecks::hasOneScale(Value value, const Twine &name) const {
  if (!value)
    return success();
  std::optional<Quantization> quantization = getQuantization(value.getType());
  if (!quantization)
    return op->emitError() << name << " must have a scale";
  if (quantization->axis)
    return op->emitError() << name << " must have one scale, not one for each channel";
  return success();
}

LogicalResult OperandChecks::isQuantized(Value value, const Twine &name, unsigned width) const {
  return failure(failed(isInteger(value, name, width)) || failed(hasOneScale(value, name)));
}
