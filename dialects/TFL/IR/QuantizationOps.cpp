//===- QuantizationOps.cpp - changes of the element type ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/QuantizationOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/ShapeValues.h"

#include <cmath>

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
  for (Type type : {getInput().getType(), getOutput().getType()})
    if (!isElementTypeIn(type, getElementTypes()))
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

LogicalResult FakeQuantOp::verify() {
  if (failed(verifyElementwise(*this, getElementTypes())))
    return failure();
  if (getNarrowRange())
    return emitError("narrow_range is not supported");
  int32_t numBits = int32_t(getNumBits());
  if (numBits < 1 || numBits > 16)
    return emitError("num_bits must be in [1, 16], found ") << numBits;
  float min = getMin().convertToFloat(), max = getMax().convertToFloat();
  if (!(min < max) || !std::isfinite(max - min))
    return emitError("min must be less than max, found ")
           << std::to_string(min) << " and " << std::to_string(max);
  return success();
}

LogicalResult BucketizeOp::verify() {
  if (!isElementTypeIn(getInput().getType(), getElementTypes()))
    return emitError("unsupported type ") << getElementTypeName(getInput().getType());
  if (!getOutput().getType().getElementType().isSignlessInteger(32))
    return emitError("the result must be int32, found ")
           << getElementTypeName(getOutput().getType());
  if (!llvm::is_sorted(getBoundaries()))
    return emitError("boundaries must ascend");
  return success();
}

//===----------------------------------------------------------------------===//
// BITCAST
//===----------------------------------------------------------------------===//

unsigned BitcastOp::getElementBytes(Type type) {
  Type stored = getStoredType(type);
  if (auto complex = dyn_cast<ComplexType>(stored))
    return complex.getElementType().getIntOrFloatBitWidth() / 4;
  return std::max(stored.getIntOrFloatBitWidth() / 8, 1u);
}

LogicalResult BitcastOp::verify() {
  for (Type type : {getInput().getType(), getOutput().getType()})
    if (!isElementTypeIn(type, getElementTypes()))
      return emitError("unsupported type ") << getElementTypeName(type);
  return verifyShapes(*this);
}

LogicalResult BitcastOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  int64_t from = getElementBytes(getInput().getType()), to = getElementBytes(getOutput().getType());
  if (from > to) {
    shape.push_back(from / to);
  } else if (from < to) {
    if (shape.empty() || (!ShapedType::isDynamic(shape.back()) && shape.back() != to / from))
      return emitError("the last dimension of ")
             << getShapeText(shape) << " must be " << to / from << " to become "
             << getElementTypeName(getOutput().getType());
    shape.pop_back();
  }
  shapes.push_back(shape);
  return success();
}

std::optional<KnownInts> CastOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  // Widths only matter where a value does not fit; sizes do.
  return evaluator.evaluate(getInput());
}
