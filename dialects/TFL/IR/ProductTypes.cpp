//===- ProductTypes.cpp - types of products with weights ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ProductTypes.h"
#include "TFL/IR/BlockQuantization.h"

#include "TFL/IR/ElementTypes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

static bool isFloat32(Type type) { return getElementTypeOrSelf(type).isF32(); }

static bool isFloat(Type type) {
  Type element = getElementTypeOrSelf(type);
  return element.isF32() || element.isF16();
}

/// int8, or int4 which is only a denser way to store it.
static bool isSmallInteger(Type type) {
  return isStoredInteger(type, 8) || isStoredInteger(type, 4);
}

std::optional<ProductKind> tflc::tfl::getProductKind(Type input, Type weights, Type output) {
  if (isFloat32(input) && isFloat32(output)) {
    if (isFloat(weights))
      return ProductKind::Float;
    if (isSmallInteger(weights))
      return ProductKind::Hybrid;
  }
  if (isStoredInteger(input, 8) && isSmallInteger(weights) && isStoredInteger(output, 8))
    return ProductKind::Byte;
  if (isStoredInteger(input, 8, false) && isStoredInteger(weights, 8, false) &&
      (isStoredInteger(output, 8, false) || isStoredInteger(output, 16)))
    return ProductKind::Byte;
  if (isStoredInteger(input, 16) && isSmallInteger(weights) && isStoredInteger(output, 16))
    return ProductKind::Short;
  return std::nullopt;
}

static LogicalResult verifyBias(Operation *op, ProductKind kind, Value bias, int64_t channels) {
  auto type = cast<RankedTensorType>(bias.getType());
  switch (kind) {
  case ProductKind::Float:
  case ProductKind::Hybrid:
    if (!isFloat(type))
      return op->emitError("float32 activations need a float32 bias, found ")
             << getElementTypeName(type);
    break;
  case ProductKind::Byte:
    if (!isStoredInteger(type, 32))
      return op->emitError("8-bit activations need an int32 bias, found ")
             << getElementTypeName(type);
    break;
  case ProductKind::Short:
    if (!isStoredInteger(type, 64) && !isStoredInteger(type, 32))
      return op->emitError("int16 activations need an int64 or int32 bias, found ")
             << getElementTypeName(type);
    break;
  }
  if (type.hasStaticShape() && !ShapedType::isDynamic(channels) &&
      type.getNumElements() != channels)
    return op->emitError("the bias has ") << type.getNumElements() << " elements, the weights have "
                                          << channels << " output channels";
  return success();
}

/// Checks that a tensor of quantized arithmetic has one scale.
static LogicalResult verifyOneScale(Operation *op, Value value, StringRef name) {
  std::optional<Quantization> quantization = getQuantization(value.getType());
  if (!quantization)
    return op->emitError("the ") << name << " is " << getElementTypeName(value.getType())
                                 << " without a scale";
  if (quantization->axis)
    return op->emitError("the ") << name << " must have one scale, not one for each channel";
  return success();
}

LogicalResult tflc::tfl::verifyProduct(Operation *op, Value input, Value weights, Value bias,
                                       Value output, int64_t channelAxis) {
  std::optional<ProductKind> kind =
      getProductKind(input.getType(), weights.getType(), output.getType());
  if (!kind)
    return op->emitError("unsupported types: ")
           << getElementTypeName(input.getType()) << " input, "
           << getElementTypeName(weights.getType()) << " weights, "
           << getElementTypeName(output.getType()) << " output";
  int64_t channels = cast<RankedTensorType>(weights.getType()).getDimSize(channelAxis);
  if (isPresent(bias) && failed(verifyBias(op, *kind, bias, channels)))
    return failure();
  if (*kind == ProductKind::Float)
    return success();

  std::optional<Quantization> scales = getQuantization(weights.getType());
  if (getBlockQuantization(weights.getType()))
    return op->emitError("weights with a scale for each block are not supported here");
  if (!scales)
    return op->emitError("the weights are ")
           << getElementTypeName(weights.getType()) << " without a scale";
  if (scales->axis) {
    if (*scales->axis != channelAxis)
      return op->emitError("the weights' scales must stand along dimension ")
             << channelAxis << ", found " << *scales->axis;
    if (int64_t(scales->scales.size()) != channels)
      return op->emitError("the weights have ")
             << scales->scales.size() << " scales and " << channels << " output channels";
  }
  bool isUnsigned = isStoredInteger(weights.getType(), 8, false);
  if (!isUnsigned && scales->hasZeroPoint())
    return op->emitError("the zero points of ")
           << getElementTypeName(weights.getType()) << " weights must be 0";
  if (isUnsigned && scales->axis)
    return op->emitError("uint8 weights must have one scale, not one for each channel");
  if (*kind == ProductKind::Hybrid)
    return success();

  if (failed(verifyOneScale(op, input, "input")) || failed(verifyOneScale(op, output, "output")))
    return failure();
  if (*kind == ProductKind::Short && (getQuantization(input.getType())->hasZeroPoint() ||
                                      getQuantization(output.getType())->hasZeroPoint()))
    return op->emitError("the zero points of int16 activations must be 0");
  return success();
}
