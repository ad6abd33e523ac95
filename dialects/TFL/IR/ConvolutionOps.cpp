//===- ConvolutionOps.cpp - convolutions ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ConvolutionOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ProductTypes.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/Window.h"

#include <limits>

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ConvolutionOps.cpp.inc"

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

//===----------------------------------------------------------------------===//
// Transposed convolutions
//===----------------------------------------------------------------------===//

/// Checks a transposed convolution's `output_shape` and what is known of its values.
static LogicalResult verifyOutputShape(Operation *op, TypedValue<RankedTensorType> outputShape,
                                       RankedTensorType input, int64_t channels) {
  int64_t rank = input.getRank(), batch = input.getDimSize(0);
  RankedTensorType type = outputShape.getType();
  if (!isStoredInteger(type, 32) || type.getRank() != 1)
    return op->emitError("the output's shape must be a vector of int32, found ")
           << getElementTypeName(type) << " of shape " << getShapeText(type.getShape());
  if (type.getDimSize(0) != rank)
    return op->emitError("the output's shape must have ")
           << rank << " sizes, found shape " << getShapeText(type.getShape());
  KnownInts known = evaluateInts(outputShape).value_or(KnownInts(rank, std::nullopt));
  int64_t elements = 1;
  for (std::optional<int64_t> size : known) {
    if (size && *size < 1)
      return op->emitError("the output's shape must be positive, found ") << *size;
    if (size && (llvm::MulOverflow(elements, *size, elements) ||
                 elements > std::numeric_limits<int32_t>::max()))
      return op->emitError("the output's shape is too large");
  }
  if (known.front() && !ShapedType::isDynamic(batch) && *known.front() != batch)
    return op->emitError("the output's shape has a batch of ")
           << *known.front() << ", the input one of " << batch;
  if (known.back() && *known.back() != channels)
    return op->emitError("the output's shape has ")
           << *known.back() << " channels, the weights have " << channels;
  return success();
}

/// What `output_shape` says of the result; its batch is the input's where that is known.
static SmallVector<int64_t> getOutputShape(Value outputShape, RankedTensorType input,
                                           int64_t channels) {
  SmallVector<int64_t> shape(input.getRank(), ShapedType::kDynamic);
  if (std::optional<KnownInts> known = evaluateInts(outputShape))
    for (auto [size, given] : llvm::zip(shape, *known))
      size = given.value_or(ShapedType::kDynamic);
  if (ShapedType::isDynamic(shape.front()))
    shape.front() = input.getDimSize(0);
  shape.back() = channels;
  return shape;
}

LogicalResult TransposeConvOp::verify() {
  RankedTensorType input = getInput().getType(), weights = getWeights().getType();
  if (failed(verifyRanks(*this, input, weights)))
    return failure();
  if (input.getDimSize(3) != weights.getDimSize(3))
    return emitError("the input has ")
           << input.getDimSize(3) << " channels, the weights read " << weights.getDimSize(3);
  // The window slides over the result; that is too large for no size.
  SmallVector<int64_t> anySize(4, ShapedType::kDynamic);
  std::array<WindowAxis, 2> axes = {WindowAxis{1, weights.getDimSize(1), int32_t(getStrideH()), 1},
                                    WindowAxis{2, weights.getDimSize(2), int32_t(getStrideW()), 1}};
  if (failed(verifyWindow(*this, getPadding(), axes, anySize)) ||
      failed(verifyOutputShape(*this, getOutputShape(), input, weights.getDimSize(0))) ||
      failed(verifyProduct(*this, getInput(), getWeights(), getBias(), getOutput(), 0)))
    return failure();
  return verifyActivation(*this, getFusedActivationFunction(), getOutput().getType());
}

LogicalResult TransposeConvOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(::getOutputShape(getOutputShape(), getInput().getType(),
                                    getWeights().getType().getDimSize(0)));
  return success();
}

//===----------------------------------------------------------------------===//
// Three-dimensional convolutions
//===----------------------------------------------------------------------===//

template <typename ConvOp> static std::array<WindowAxis, 3> getAxes3D(ConvOp op) {
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  return {WindowAxis{1, filter[0], int32_t(op.getStrideD()), int32_t(op.getDilationDFactor())},
          WindowAxis{2, filter[1], int32_t(op.getStrideH()), int32_t(op.getDilationHFactor())},
          WindowAxis{3, filter[2], int32_t(op.getStrideW()), int32_t(op.getDilationWFactor())}};
}

/// What both have in common: `channelAxis` of the filter counts the output's channels, the other
/// one of its last two the input's.
template <typename ConvOp>
static LogicalResult verify3D(ConvOp op, ArrayRef<int64_t> windowShape, int64_t channelAxis) {
  RankedTensorType input = op.getInput().getType(), filter = op.getFilter().getType();
  if (input.getRank() != 5 || filter.getRank() != 5)
    return op.emitError("input and filter must have rank 5, found shapes ")
           << getShapeText(input.getShape()) << " and " << getShapeText(filter.getShape());
  if (!filter.hasStaticShape() || llvm::is_contained(filter.getShape(), 0))
    return op.emitError("the shape of the filter must be known and not empty, found ")
           << getShapeText(filter.getShape());
  for (Type type : {input.getElementType(), op.getOutput().getType().getElementType()})
    if (!type.isF32())
      return op.emitError("unsupported type ") << getElementTypeName(type);
  if (isa<quant::QuantizedType>(filter.getElementType()))
    return op.emitError("unsupported type ") << getElementTypeName(filter);
  if (ShapedType::isDynamic(input.getDimSize(4)))
    return op.emitError("the number of input channels must be known");
  if (int64_t channels = filter.getDimSize(7 - channelAxis); input.getDimSize(4) != channels)
    return op.emitError("the input has ")
           << input.getDimSize(4) << " channels, the filter reads " << channels;
  if (failed(verifyWindow(op, op.getPadding(), getAxes3D(op), windowShape)) ||
      failed(verifyProduct(op, op.getInput(), op.getFilter(), op.getBias(), op.getOutput(),
                           channelAxis)))
    return failure();
  return verifyActivation(op, op.getFusedActivationFunction(), op.getOutput().getType());
}

LogicalResult Conv3DOp::verify() {
  return verify3D(*this, getInput().getType().getShape(), /*channelAxis=*/4);
}

LogicalResult Conv3DOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(getWindowOutputShape(getPadding(), getAxes3D(*this),
                                        getInput().getType().getShape(),
                                        getFilter().getType().getDimSize(4)));
  return success();
}

LogicalResult Conv3DTransposeOp::verify() {
  SmallVector<int64_t> anySize(5, ShapedType::kDynamic);
  if (failed(verify3D(*this, anySize, /*channelAxis=*/3)))
    return failure();
  return verifyOutputShape(*this, getOutputShape(), getInput().getType(),
                           getFilter().getType().getDimSize(3));
}

LogicalResult Conv3DTransposeOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(::getOutputShape(getOutputShape(), getInput().getType(),
                                    getFilter().getType().getDimSize(3)));
  return success();
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

int64_t Conv2DOp::countMultiplyAccumulates() {
  return countElements(getOutput().getType().getShape()) *
         countElements(getFilter().getType().getShape().drop_front());
}

/// The filter is [1, kh, kw, channels]; a channel meets its own window alone.
int64_t DepthwiseConv2DOp::countMultiplyAccumulates() {
  return countElements(getOutput().getType().getShape()) *
         countElements(getFilter().getType().getShape().drop_back());
}

/// The weights are [oc, kh, kw, ic]: each input meets every tap of every output channel.
int64_t TransposeConvOp::countMultiplyAccumulates() {
  return countElements(getInput().getType().getShape()) *
         countElements(getWeights().getType().getShape().drop_back());
}

/// The filter is [kd, kh, kw, ic / groups, oc].
int64_t Conv3DOp::countMultiplyAccumulates() {
  return countElements(getOutput().getType().getShape()) *
         countElements(getFilter().getType().getShape().drop_back());
}

/// The filter is [kd, kh, kw, oc, ic].
int64_t Conv3DTransposeOp::countMultiplyAccumulates() {
  return countElements(getInput().getType().getShape()) *
         countElements(getFilter().getType().getShape().drop_back());
}
