//===- ClipWeights.cpp - weights clipped for the least error --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/ClipWeights.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace tflc;

double tflc::getClippingError(ArrayRef<float> values, float magnitude, int64_t storedMax) {
  double step = double(magnitude) / double(storedMax), error = 0;
  for (float value : values) {
    double clipped = std::clamp(double(value), -double(magnitude), double(magnitude));
    double distance = std::round(clipped / step) * step - value;
    error += distance * distance;
  }
  return error;
}

float tflc::chooseMagnitude(ArrayRef<float> values, unsigned bits) {
  FloatRange range = getRange(values);
  float largest = std::max(std::abs(range.min), std::abs(range.max));
  if (largest == 0)
    return largest;
  double inside = std::pow(4.0, -double(bits)) / 3, magnitude = 0;
  for (float value : values)
    magnitude += std::abs(value) / double(values.size());
  constexpr int maxRounds = 50;
  for (int round = 0; round < maxRounds; ++round) {
    double sum = 0, numAbove = 0;
    for (float value : values)
      if (double absolute = std::abs(value); absolute > magnitude) {
        sum += absolute;
        numAbove += 1;
      }
    double next = sum / (inside * (double(values.size()) - numAbove) + numAbove);
    if (std::abs(next - magnitude) <= 1e-5 * magnitude || next == 0)
      break;
    magnitude = next;
  }
  auto clipped = float(magnitude);
  int64_t storedMax = (int64_t(1) << (bits - 1)) - 1;
  if (!(clipped > 0 && clipped < largest) ||
      getClippingError(values, clipped, storedMax) >= getClippingError(values, largest, storedMax))
    return largest;
  return clipped;
}
