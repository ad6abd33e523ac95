//===- ConvolutionOps.cpp - convolutions ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ProductTypes.h"
#include "TFL/IR/TFLDialect.h"
#include "TFL/IR/Window.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

/// The window's axes of either convolution: its filter has height and width at the same places.
template <typename ConvOp> static std::array<WindowAxis, 2> getAxes(ConvOp op) {
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  return {WindowAxis{1, filter[1], int32_t(op.getStrideH()), int32_t(op.getDilationHFactor())},
          WindowAxis{2, filter[2], int32_t(op.getStrideW()), int32_t(op.getDilationWFactor())}};
}

static LogicalResult verifyRanks(Operation *op, RankedTensorType input, RankedTensorType filter) {
  if (input.getRank() != 4)
    return op->emitError("the input must have rank 4, found shape ")
           << getShapeText(input.getShape());
  if (filter.getRank() != 4)
    return op->emitError("the filter must have rank 4, found shape ")
           << getShapeText(filter.getShape());
  if (!filter.hasStaticShape())
    return op->emitError("the shape of the filter must be known, found ")
           << getShapeText(filter.getShape());
  if (llvm::is_contained(filter.getShape(), 0))
    return op->emitError("the filter is empty, its shape is ") << getShapeText(filter.getShape());
  if (ShapedType::isDynamic(input.getDimSize(3)))
    return op->emitError("the number of input channels must be known");
  return success();
}

LogicalResult Conv2DOp::verify() {
  RankedTensorType input = getInput().getType(), filter = getFilter().getType();
  if (failed(verifyRanks(*this, input, filter)))
    return failure();
  int64_t channels = input.getDimSize(3), slice = filter.getDimSize(3);
  if (channels == 0 || channels % slice != 0)
    return emitError("the input has ") << channels << " channels, which is no multiple of the "
                                       << slice << " that the filter reads";
  if (int64_t groups = channels / slice; filter.getDimSize(0) % groups != 0)
    return emitError("the filter has ")
           << filter.getDimSize(0) << " output channels, which is no multiple of its " << groups
           << " groups";
  if (failed(verifyWindow(*this, getPadding(), getAxes(*this), input.getShape())) ||
      failed(verifyProduct(*this, getInput(), getFilter(), getBias(), getOutput(), 0)))
    return failure();
  return verifyActivation(*this, getFusedActivationFunction(), getOutput().getType());
}

LogicalResult Conv2DOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(getWindowOutputShape(getPadding(), getAxes(*this),
                                        getInput().getType().getShape(),
                                        getFilter().getType().getDimSize(0)));
  return success();
}

LogicalResult DepthwiseConv2DOp::verify() {
  RankedTensorType input = getInput().getType(), filter = getFilter().getType();
  if (failed(verifyRanks(*this, input, filter)))
    return failure();
  if (filter.getDimSize(0) != 1)
    return emitError("the filter's first dimension must be 1, found shape ")
           << getShapeText(filter.getShape());
  int64_t channels = input.getDimSize(3);
  if (channels == 0 || filter.getDimSize(3) % channels != 0)
    return emitError("the filter has ")
           << filter.getDimSize(3) << " output channels, which is no multiple of the input's "
           << channels;
  if (failed(verifyWindow(*this, getPadding(), getAxes(*this), input.getShape())) ||
      failed(verifyProduct(*this, getInput(), getFilter(), getBias(), getOutput(), 3)))
    return failure();
  return verifyActivation(*this, getFusedActivationFunction(), getOutput().getType());
}

LogicalResult DepthwiseConv2DOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(getWindowOutputShape(getPadding(), getAxes(*this),
                                        getInput().getType().getShape(),
                                        getFilter().getType().getDimSize(3)));
  return success();
}
