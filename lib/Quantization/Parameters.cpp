//===- Parameters.cpp - scales and zero points of ranges ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/Parameters.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

using namespace llvm;
using namespace tflc;

void FloatRange::include(FloatRange other) {
  min = std::min(min, other.min);
  max = std::max(max, other.max);
}

FloatRange tflc::getRange(ArrayRef<float> values) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  FloatRange range{infinity, -infinity};
  for (float value : values) {
    // A comparison with NaN is false.
    range.min = value < range.min ? value : range.min;
    range.max = value > range.max ? value : range.max;
  }
  return range.min <= range.max ? range : FloatRange();
}

/// The scale of a tensor of zeros: kernels that compare want it below one.
static constexpr float scaleOfZeros = 1.0f / 256;

/// Scales of tensors that hold nothing but zeros, or nearly so: any will do that a kernel can
/// divide by.
static float atLeastTiny(double scale) {
  constexpr float tiny = 1e-9f;
  return std::isfinite(scale) && scale > tiny ? float(scale) : tiny;
}

QuantizationParameters tflc::chooseAsymmetric(FloatRange range, int64_t storedMin,
                                              int64_t storedMax) {
  double low = std::min(double(range.min), 0.0), high = std::max(double(range.max), 0.0);
  if (low == high)
    return {scaleOfZeros, storedMin};
  double steps = double(storedMax - storedMin);
  QuantizationParameters result;
  result.scale = atLeastTiny((high - low) / steps);
  // From either end the zero point comes out with a rounding error; the smaller one is taken.
  double fromMin = double(storedMin) - low / result.scale;
  double fromMax = double(storedMax) - high / result.scale;
  double errorOfMin = std::abs(double(storedMin)) + std::abs(low / result.scale);
  double errorOfMax = std::abs(double(storedMax)) + std::abs(high / result.scale);
  double zeroPoint = errorOfMin < errorOfMax ? fromMin : fromMax;
  result.zeroPoint = std::clamp(int64_t(std::llround(zeroPoint)), storedMin, storedMax);
  return result;
}

QuantizationParameters tflc::chooseSymmetric(FloatRange range, int64_t storedMax) {
  double magnitude = std::max(std::abs(double(range.min)), std::abs(double(range.max)));
  if (magnitude == 0)
    return {scaleOfZeros, 0};
  return {atLeastTiny(magnitude / double(storedMax)), 0};
}

int64_t tflc::quantizeValue(double value, QuantizationParameters parameters, int64_t storedMin,
                            int64_t storedMax) {
  if (std::isnan(value))
    return std::clamp(parameters.zeroPoint, storedMin, storedMax);
  double stored = std::round(value / parameters.scale) + double(parameters.zeroPoint);
  // The limits of 64 bits are no doubles; comparing first keeps the conversion defined.
  if (stored <= double(storedMin))
    return storedMin;
  if (stored >= double(storedMax))
    return storedMax;
  return int64_t(stored);
}

uint16_t tflc::narrowToHalf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  uint16_t sign = (bits >> 16) & 0x8000;
  uint32_t magnitude = bits & 0x7fffffff;
  constexpr uint16_t largestHalf = 0x7bff;
  if (magnitude > 0x7f800000)
    return sign | 0x7e00; // NaN
  // Halfway between the largest half and the next number that would follow.
  if (magnitude >= 0x477ff000)
    return sign | largestHalf;
  if (magnitude < 0x38800000) {
    // Below the least normal half: multiples of 2^-24.
    float absolute;
    std::memcpy(&absolute, &magnitude, sizeof(absolute));
    return sign | uint16_t(std::nearbyint(absolute * 0x1p24f));
  }
  uint32_t exponent = (magnitude >> 23) - 112, mantissa = magnitude & 0x7fffff;
  uint32_t half = exponent << 10 | mantissa >> 13, rest = mantissa & 0x1fff;
  // A carry out of the mantissa rightly raises the exponent.
  if (rest > 0x1000 || (rest == 0x1000 && (half & 1)))
    ++half;
  return sign | uint16_t(half);
}

std::vector<FloatRange> tflc::getRangesAlong(ArrayRef<float> values, ArrayRef<int64_t> shape,
                                             unsigned axis) {
  int64_t inner = 1;
  for (int64_t size : shape.drop_front(axis + 1))
    inner *= size;
  int64_t slices = shape[axis];
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<FloatRange> ranges(slices, FloatRange{infinity, -infinity});
  for (size_t at = 0, slice = 0; at < values.size(); at += inner, slice = (slice + 1) % slices)
    for (float value : values.slice(at, inner)) {
      FloatRange &range = ranges[slice];
      range.min = value < range.min ? value : range.min;
      range.max = value > range.max ? value : range.max;
    }
  for (FloatRange &range : ranges)
    if (range.min > range.max)
      range = FloatRange();
  return ranges;
}
