//===- TypeConverter.cpp - model types to storage types -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TypeConverter.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"

using namespace mlir;
using namespace tflc;

Type tflc::getStorageElementType(Type type) {
  unsigned width = 0;
  if (auto quantized = dyn_cast<quant::QuantizedType>(type))
    width = quantized.getStorageTypeIntegralWidth();
  else if (auto integer = dyn_cast<IntegerType>(type))
    width = integer.getWidth();
  else
    return type;
  return IntegerType::get(type.getContext(), std::max(width, 8u));
}

DenseElementsAttr tflc::convertElements(DenseElementsAttr elements, Type elementType) {
  auto source = dyn_cast<IntegerType>(elements.getElementType());
  if (!source)
    return elements;
  auto target = cast<IntegerType>(getStorageElementType(source));
  if (source == target)
    return elements;
  auto type = elements.getType().clone(target);
  if (source.getWidth() == target.getWidth())
    return DenseElementsAttr::getFromRawBuffer(type, elements.getRawData());
  bool isSigned = !source.isInteger(1) && !source.isUnsigned();
  if (auto quantized = dyn_cast<quant::QuantizedType>(elementType))
    isSigned = quantized.isSigned();
  return elements.mapValues(target, [&](const APInt &value) {
    return isSigned ? value.sext(target.getWidth()) : value.zext(target.getWidth());
  });
}

TFLTypeConverter::TFLTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](RankedTensorType type) -> Type {
    return type.clone(getStorageElementType(type.getElementType()));
  });
}
