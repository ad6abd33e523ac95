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

void Histogram::grow(float magnitude) {
  if (bins.empty()) {
    bins.assign(numBins, 0);
    int exponent;
    std::frexp(magnitude, &exponent);
    // The smallest normal number keeps the width of a bin above zero.
    limit = std::ldexp(1.0f, std::max(exponent, -100));
  }
  constexpr int center = numBins / 2;
  while (limit < magnitude) {
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
  float common = std::max(limit, addend.limit);
  grow(common);
  addend.grow(common);
  for (auto [bin, more] : llvm::zip_equal(bins, addend.bins))
    bin += more;
  range.include(other.range);
  count += other.count;
}
