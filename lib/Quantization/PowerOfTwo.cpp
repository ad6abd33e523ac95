//===- PowerOfTwo.cpp - scales that are powers of two ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/PowerOfTwo.h"

#include <cmath>

std::optional<int> tflc::getLog2OfPowerOfTwo(float scale) {
  float exponent = std::log(scale) * (1.0f / std::log(2.0f));
  float rounded = std::round(exponent);
  if (!(std::abs(exponent - rounded) < 1e-3f))
    return std::nullopt;
  return int(rounded);
}
