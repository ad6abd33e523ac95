//===- SoftmaxOps.cpp - softmax -------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/SoftmaxOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/SoftmaxOps.cpp.inc"

/// The result of a softmax has a scale that the arithmetic implies.
static LogicalResult verifyScale(Operation *op, Type output, float scale, int32_t zeroPoint) {
  auto quantization = getQuantization(output);
  if (quantization->axis || std::abs(quantization->scales[0] - scale) > scale * 1e-3f ||
      quantization->zeroPoints[0] != zeroPoint)
    return op->emitError("the result must have scale ")
           << scale << " and zero point " << zeroPoint << ", found " << quantization->scales[0]
           << " and " << quantization->zeroPoints[0];
  return success();
}

static LogicalResult inferSameShape(Value input, SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.emplace_back(cast<RankedTensorType>(input.getType()).getShape());
  return success();
}

LogicalResult SoftmaxOp::verify() {
  RankedTensorType input = getInput().getType(), output = getOutput().getType();
  if (input.getRank() == 0)
    return emitError("the input must not be a scalar");
  std::string inputName = getElementTypeName(input), outputName = getElementTypeName(output);
  if (!isElementTypeIn(input, getElementTypes()))
    return emitError("unsupported type ") << inputName;
  bool isWidening = isElementTypeIn(input, "qint8 quint8") && isElementTypeIn(output, "qint16");
  if ((inputName != outputName && !isWidening) ||
      getQuantization(input).has_value() != getQuantization(output).has_value())
    return emitError("unsupported types ") << inputName << " and " << outputName;
  if (isa<FloatType>(input.getElementType()))
    return success();
  if (inputName == "int16" && getQuantization(input)->hasZeroPoint())
    return emitError("the zero point of int16 tensors must be 0");
  if (inputName == "int8" && outputName == "int8")
    return verifyScale(*this, output, 1.0f / 256, -128);
  if (inputName == "int16")
    return verifyScale(*this, output, 1.0f / 32768, 0);
  return success();
}

LogicalResult SoftmaxOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferSameShape(getInput(), shapes);
}

LogicalResult LogSoftmaxOp::verify() {
  RankedTensorType input = getInput().getType(), output = getOutput().getType();
  if (input.getRank() == 0)
    return emitError("the input must not be a scalar");
  if (!isElementTypeIn(input, "float32 qint8 quint8"))
    return emitError("unsupported type ") << getElementTypeName(input);
  if (getElementTypeName(input) != getElementTypeName(output) ||
      getQuantization(input).has_value() != getQuantization(output).has_value())
    return emitError("input and result must have one type, found ")
           << getElementTypeName(input) << " and " << getElementTypeName(output);
  if (input.getElementType().isF32())
    return success();
  return verifyScale(*this, output, 16.0f / 256, isStoredInteger(input, 8) ? 127 : 255);
}

LogicalResult LogSoftmaxOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferSameShape(getInput(), shapes);
}
