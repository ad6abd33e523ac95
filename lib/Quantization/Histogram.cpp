//===- Histogram.cpp - how often a tensor takes which values --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/Histogram.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace tflc;

/// Keeps the width of a bin above zero.
static constexpr int minExponent = -100;

void Histogram::grow(float magnitude) {
  if (bins.empty()) {
    bins.assign(numBins, 0);
    // The least power of two above the magnitude, so that the same values give the same bins in any
    // order and in parts.
    int exponent = minExponent;
    if (magnitude > 0)
      std::frexp(magnitude, &exponent);
    limit = std::ldexp(1.0f, std::max(exponent, minExponent));
  }
  constexpr int center = numBins / 2;
  while (limit <= magnitude) {
    std::vector<uint64_t> wider(numBins, 0);
    for (int i = 0; i < numBins; ++i)
      wider[center + ((i - center) >> 1)] += bins[i];
    bins = std::move(wider);
    limit *= 2;
  }
}

void Histogram::add(ArrayRef<float> values) {
  float magnitude = 0;
  for (float value : values)
    if (std::isfinite(value))
      magnitude = std::max(magnitude, std::abs(value));
  grow(magnitude);
  constexpr int center = numBins / 2;
  float perUnit = center / limit;
  for (float value : values) {
    if (!std::isfinite(value))
      continue;
    int index = center + int(std::floor(value * perUnit));
    ++bins[std::clamp(index, 0, numBins - 1)];
    FloatRange single{value, value};
    if (count++ == 0)
      range = single;
    else
      range.include(single);
  }
}

void Histogram::merge(const Histogram &other) {
  if (other.count == 0)
    return;
  if (count == 0) {
    *this = other;
    return;
  }
  Histogram addend = other;
  float largest = std::max(limit, addend.limit) / 2;
  grow(largest);
  addend.grow(largest);
  for (auto [bin, more] : llvm::zip_equal(bins, addend.bins))
    bin += more;
  range.include(other.range);
  count += other.count;
}

std::optional<Histogram> Histogram::restore(FloatRange range, float limit,
                                            ArrayRef<std::pair<int64_t, uint64_t>> counts) {
  int exponent;
  bool isPower = std::isfinite(limit) && limit > 0 && std::frexp(limit, &exponent) == 0.5f;
  if (!isPower || !(-limit <= range.min && range.max <= limit))
    return std::nullopt;
  Histogram histogram;
  histogram.range = range;
  histogram.limit = limit;
  histogram.bins.assign(numBins, 0);
  for (auto [bin, count] : counts) {
    if (bin < 0 || bin >= numBins)
      return std::nullopt;
    histogram.bins[bin] += count;
    histogram.count += count;
  }
  return histogram;
}
