//===- ElementTypes.cpp - element types as models know them ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ElementTypes.h"

#include "TFL/IR/TFLDialect.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace tflc::tfl;

bool Quantization::hasZeroPoint() const {
  return llvm::any_of(zeroPoints, [](int32_t zeroPoint) { return zeroPoint != 0; });
}

std::optional<Quantization> tflc::tfl::getQuantization(Type type) {
  Type element = getElementTypeOrSelf(type);
  Quantization result;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    result.scales.push_back(float(uniform.getScale()));
    result.zeroPoints.push_back(int32_t(uniform.getZeroPoint()));
    return result;
  }
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    result.axis = perAxis.getQuantizedDimension();
    for (double scale : perAxis.getScales())
      result.scales.push_back(float(scale));
    for (int64_t zeroPoint : perAxis.getZeroPoints())
      result.zeroPoints.push_back(int32_t(zeroPoint));
    return result;
  }
  return std::nullopt;
}

Type tflc::tfl::getStoredType(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    return IntegerType::get(type.getContext(), quantized.getStorageTypeIntegralWidth());
  return element;
}

bool tflc::tfl::isStoredInteger(Type type, unsigned width, bool isSigned) {
  Type element = getElementTypeOrSelf(type);
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    return quantized.getStorageTypeIntegralWidth() == width && quantized.isSigned() == isSigned;
  auto integer = dyn_cast<IntegerType>(element);
  return integer && integer.getWidth() == width && integer.isUnsigned() != isSigned;
}

std::string tflc::tfl::getElementTypeName(Type type) {
  Type element = getElementTypeOrSelf(type);
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    return (quantized.isSigned() ? "int" : "uint") +
           std::to_string(quantized.getStorageTypeIntegralWidth());
  if (element.isInteger(1))
    return "bool";
  if (auto integer = dyn_cast<IntegerType>(element); integer && integer.getWidth() > 64)
    return "string";
  if (auto integer = dyn_cast<IntegerType>(element))
    return (integer.isUnsigned() ? "uint" : "int") + std::to_string(integer.getWidth());
  if (auto real = dyn_cast<FloatType>(element))
    return (isa<BFloat16Type>(real) ? "bfloat" : "float") + std::to_string(real.getWidth());
  if (auto complex = dyn_cast<ComplexType>(element))
    return "complex" + std::to_string(2 * complex.getElementType().getIntOrFloatBitWidth());
  std::string name;
  llvm::raw_string_ostream(name) << element;
  return name;
}

std::string tflc::tfl::getShapeText(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << '[';
  llvm::interleaveComma(shape, stream, [&](int64_t size) {
    if (ShapedType::isDynamic(size))
      stream << '?';
    else
      stream << size;
  });
  stream << ']';
  return text;
}

bool tflc::tfl::isPresent(Value operand) { return operand && !isa<NoneType>(operand.getType()); }
