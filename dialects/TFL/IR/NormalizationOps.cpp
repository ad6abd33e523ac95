//===- NormalizationOps.cpp - division by a norm --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/NormalizationOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/NormalizationOps.cpp.inc"

LogicalResult L2NormalizationOp::verify() {
  if (failed(verifyElementwise(*this, getElementTypes())))
    return failure();
  if (getFusedActivationFunction() != "NONE")
    return emitError("unsupported fused activation function ") << getFusedActivationFunction();
  if (getInput().getType().getRank() == 0)
    return emitError("the input must have a dimension, found a scalar");
  std::optional<Quantization> quantization = getQuantization(getOutput().getType());
  if (!quantization)
    return success();
  int32_t zeroPoint = isStoredInteger(getOutput().getType(), 8) ? 0 : 128;
  if (quantization->scales[0] != 1.0f / 128 || quantization->zeroPoints[0] != zeroPoint)
    return emitError("the result must have scale 1/128 and zero point ")
           << zeroPoint << ", found " << std::to_string(quantization->scales[0]) << " and "
           << quantization->zeroPoints[0];
  return success();
}

LogicalResult LocalResponseNormalizationOp::verify() {
  if (failed(verifyElementwise(*this, getElementTypes())))
    return failure();
  if (int32_t(getRadius()) < 0)
    return emitError("the radius must not be negative, found ") << int32_t(getRadius());
  if (getInput().getType().getRank() != 4)
    return emitError("the input must have four dimensions, found shape ")
           << getShapeText(getInput().getType().getShape());
  return success();
}
