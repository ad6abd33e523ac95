//===- QuantizationOps.cpp - changes of the element type ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/QuantizationOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/QuantizationOps.cpp.inc"

/// A per-axis type has one scale for each index of its dimension.
static LogicalResult verifyAxis(Operation *op, RankedTensorType type) {
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type.getElementType());
  if (!perAxis)
    return success();
  int64_t axis = perAxis.getQuantizedDimension();
  int64_t count = perAxis.getScales().size();
  if (axis < 0 || axis >= type.getRank())
    return op->emitError("the quantized dimension ")
           << axis << " is not one of the shape " << getShapeText(type.getShape());
  if (!type.isDynamicDim(axis) && type.getDimSize(axis) != count)
    return op->emitError("dimension ") << axis << " of shape " << getShapeText(type.getShape())
                                       << " has " << count << " scales";
  return success();
}

LogicalResult CastOp::verify() {
  StringRef types = "bool int8 uint8 int16 uint16 int32 uint32 int64 float16 float32 float64 "
                    "qint8 quint8 qint16 qint32";
  for (Type type : {getInput().getType(), getOutput().getType()})
    if (!isElementTypeIn(type, types))
      return emitError("unsupported type ") << getElementTypeName(type);
  return success();
}

LogicalResult QuantizeOp::verify() {
  RankedTensorType input = getInput().getType(), output = getOutput().getType();
  if (!isElementTypeIn(output, "qint4 qint8 quint8 qint16 qint32"))
    return emitError("the result must be quantized, found ") << getElementTypeName(output);
  if (failed(verifyAxis(*this, output)))
    return failure();
  if (input.getElementType().isF32())
    return success();
  if (!isElementTypeIn(input, "qint8 quint8 qint16 qint32"))
    return emitError("unsupported input of type ") << getElementTypeName(input);
  for (Type type : {input, output})
    if (isa<quant::UniformQuantizedPerAxisType>(getElementTypeOrSelf(type)))
      return emitError("integers with one scale for each channel cannot be requantized");
  return success();
}

LogicalResult DequantizeOp::verify() {
  RankedTensorType input = getInput().getType(), output = getOutput().getType();
  if (!output.getElementType().isF32())
    return emitError("the result must be float32, found ") << getElementTypeName(output);
  if (!isElementTypeIn(input, "float16 qint4 qint8 quint8 qint16"))
    return emitError("unsupported input of type ") << getElementTypeName(input);
  return verifyAxis(*this, input);
}
