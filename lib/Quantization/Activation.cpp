//===- Activation.cpp - fused activation functions ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/Activation.h"

#include "llvm/ADT/StringSwitch.h"
#include <algorithm>
#include <cmath>
#include <limits>

using namespace tflc;

std::optional<Activation> tflc::parseActivation(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<Activation>>(name)
      .Case("NONE", Activation::None)
      .Case("RELU", Activation::Relu)
      .Case("RELU_N1_TO_1", Activation::ReluN1To1)
      .Case("RELU6", Activation::Relu6)
      .Case("TANH", Activation::Tanh)
      .Case("SIGN_BIT", Activation::SignBit)
      .Default(std::nullopt);
}

RealRange tflc::getActivationRange(Activation activation) {
  switch (activation) {
  case Activation::Relu:
    return {0.0f, std::nullopt};
  case Activation::ReluN1To1:
    return {-1.0f, 1.0f};
  case Activation::Relu6:
    return {0.0f, 6.0f};
  case Activation::None:
  case Activation::Tanh:
  case Activation::SignBit:
    break;
  }
  return {};
}

std::optional<IntegerRange> tflc::getQuantizedActivationRange(Activation activation, float scale,
                                                              int32_t zeroPoint,
                                                              IntegerRange type) {
  RealRange range = getActivationRange(activation);
  auto quantize = [&](float real) -> std::optional<int32_t> {
    double stored = double(std::round(real / scale)) + zeroPoint;
    if (!(stored >= std::numeric_limits<int32_t>::min() &&
          stored <= std::numeric_limits<int32_t>::max()))
      return std::nullopt;
    return int32_t(stored);
  };
  IntegerRange result = type;
  if (range.min) {
    std::optional<int32_t> bound = quantize(*range.min);
    if (!bound)
      return std::nullopt;
    result.min = std::max(result.min, *bound);
  }
  if (range.max) {
    std::optional<int32_t> bound = quantize(*range.max);
    if (!bound)
      return std::nullopt;
    result.max = std::min(result.max, *bound);
  }
  return result;
}
