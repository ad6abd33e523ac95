//===- PoolingOps.cpp - pooling -------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/PoolingOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Window.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/PoolingOps.cpp.inc"

template <typename PoolOp> static std::array<WindowAxis, 2> getAxes(PoolOp op) {
  return {WindowAxis{1, int32_t(op.getFilterHeight()), int32_t(op.getStrideH()), 1},
          WindowAxis{2, int32_t(op.getFilterWidth()), int32_t(op.getStrideW()), 1}};
}

template <typename PoolOp> static LogicalResult verifyPooling(PoolOp op) {
  RankedTensorType input = op.getInput().getType(), output = op.getOutput().getType();
  if (input.getRank() != 4)
    return op->emitError("the input must have rank 4, found shape ")
           << getShapeText(input.getShape());
  if (failed(verifyWindow(op, op.getPadding(), getAxes(op), input.getShape())))
    return failure();
  Type element = input.getElementType();
  if (getElementTypeName(element) != getElementTypeName(output.getElementType()))
    return op->emitError("input and output must have one type, found ")
           << getElementTypeName(element) << " and " << getElementTypeName(output);
  if (!element.isF32() && !isStoredInteger(element, 8) && !isStoredInteger(element, 8, false) &&
      !isStoredInteger(element, 16))
    return op->emitError("unsupported type ") << getElementTypeName(element);
  StringRef activation = op.getFusedActivationFunction();
  if (failed(verifyActivation(op, activation, output)))
    return failure();
  if (element.isF32())
    return success();
  if (activation != "NONE" && !isa<quant::UniformQuantizedType>(output.getElementType()))
    return op->emitError("the fused activation function ")
           << activation << " needs an output with one scale";
  return success();
}

LogicalResult AveragePool2DOp::verify() { return verifyPooling(*this); }

LogicalResult AveragePool2DOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  shapes.push_back(getWindowOutputShape(getPadding(), getAxes(*this), input, input[3]));
  return success();
}

LogicalResult L2Pool2DOp::verify() {
  if (!getInput().getType().getElementType().isF32())
    return emitError("unsupported type ") << getElementTypeName(getInput().getType());
  return verifyPooling(*this);
}

LogicalResult L2Pool2DOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  shapes.push_back(getWindowOutputShape(getPadding(), getAxes(*this), input, input[3]));
  return success();
}

LogicalResult MaxPool2DOp::verify() { return verifyPooling(*this); }

LogicalResult MaxPool2DOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  shapes.push_back(getWindowOutputShape(getPadding(), getAxes(*this), input, input[3]));
  return success();
}
