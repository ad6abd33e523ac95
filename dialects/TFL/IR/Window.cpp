//===- Window.cpp - windows of convolutions and pooling -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/Window.h"

#include "TFL/IR/ElementTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/TypeUtilities.h"
#include "tflc/Quantization/Activation.h"

#include <algorithm>

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

WindowSizes tflc::tfl::getWindowSizes(WindowAxis axis, int64_t size, bool samePadding) {
  if (!samePadding) {
    int64_t room = size - axis.getExtent();
    return {room < 0 ? 0 : room / axis.stride + 1, 0, 0};
  }
  int64_t output = (size + axis.stride - 1) / axis.stride;
  int64_t total = std::max<int64_t>(0, (output - 1) * axis.stride + axis.getExtent() - size);
  return {output, total / 2, total - total / 2};
}

LogicalResult tflc::tfl::verifyWindow(Operation *op, StringRef padding, ArrayRef<WindowAxis> axes,
                                      ArrayRef<int64_t> inputShape) {
  if (padding != "SAME" && padding != "VALID")
    return op->emitError("padding must be SAME or VALID, found ") << padding;
  // Keeps every product of sizes far from overflow.
  constexpr int64_t limit = int64_t(1) << 31;
  static constexpr llvm::StringLiteral names[] = {"width", "height", "depth"};
  int64_t rank = inputShape.size();
  for (WindowAxis axis : axes) {
    StringRef name = names[rank - 2 - axis.dimension];
    if (axis.stride < 1)
      return op->emitError("the stride along the ")
             << name << " must be positive, found " << axis.stride;
    if (axis.dilation < 1)
      return op->emitError("the dilation along the ")
             << name << " must be positive, found " << axis.dilation;
    if (ShapedType::isDynamic(axis.filter))
      return op->emitError("the ") << name << " of the filter must be known";
    if (axis.filter < 1)
      return op->emitError("the filter's ") << name << " must be positive, found " << axis.filter;
    if (axis.filter >= limit || axis.getExtent() >= limit)
      return op->emitError("the filter's ") << name << " is too large";
    int64_t size = inputShape[axis.dimension];
    if (ShapedType::isDynamic(size))
      continue;
    if (getWindowSizes(axis, size, padding == "SAME").output < 1)
      return op->emitError("the filter covers ") << axis.getExtent() << " elements along the "
                                                 << name << ", the input has only " << size;
  }
  return success();
}

SmallVector<int64_t> tflc::tfl::getWindowOutputShape(StringRef padding, ArrayRef<WindowAxis> axes,
                                                     ArrayRef<int64_t> inputShape,
                                                     int64_t channels) {
  SmallVector<int64_t> shape(inputShape);
  shape.back() = channels;
  for (WindowAxis axis : axes) {
    int64_t &size = shape[axis.dimension];
    if (!ShapedType::isDynamic(size))
      size = getWindowSizes(axis, size, padding == "SAME").output;
  }
  return shape;
}

LogicalResult tflc::tfl::verifyActivation(Operation *op, StringRef name, Type output) {
  std::optional<Activation> activation = parseActivation(name);
  if (!activation)
    return op->emitError("unknown fused activation function ") << name;
  bool isFloat = isa<FloatType>(getElementTypeOrSelf(output));
  bool isClamp = *activation != Activation::Tanh && *activation != Activation::SignBit;
  if (!isClamp && !(isFloat && *activation == Activation::Tanh))
    return op->emitError("the fused activation function ")
           << name << " is not supported with " << getElementTypeName(output) << " outputs";
  std::optional<Quantization> quantization = getQuantization(output);
  if (quantization && !quantization->axis &&
      !getQuantizedActivationRange(*activation, quantization->scales[0],
                                   quantization->zeroPoints[0], {INT32_MIN, INT32_MAX}))
    return op->emitError("the output's scale is too small for the fused activation function ")
           << name;
  return success();
}
