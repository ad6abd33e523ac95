//===- FakeQuantization.cpp - the steps of a range of reals ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/FakeQuantization.h"

#include <algorithm>
#include <cmath>

tflc::FakeQuantization tflc::getFakeQuantization(float min, float max, int numBits) {
  float last = float((1 << numBits) - 1);
  float scale = (max - min) / last;
  float zeroPoint = std::round(std::clamp(-min / scale, 0.0f, last));
  return {scale, -zeroPoint * scale, (last - zeroPoint) * scale};
}
