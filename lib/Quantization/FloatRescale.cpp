//===- FloatRescale.cpp - rescaling in float, where it is exact -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/FloatRescale.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>

using namespace tflc;

int32_t FloatRescale::apply(int32_t x) const {
  float signedOffset = symmetric && x < 0 ? -offset : offset;
  float sum = std::fma(static_cast<float>(x), scale, signedOffset);
  return static_cast<int32_t>(std::trunc(sum)) + llvm::is_contained(raised, x);
}

std::vector<int64_t> tflc::findThresholds(llvm::function_ref<int32_t(int32_t)> rescale,
                                          double estimate, IntegerRange range,
                                          IntegerRange domain) {
  std::vector<int64_t> thresholds;
  for (int64_t value = int64_t(range.min) + 1; value <= range.max; ++value) {
    // Between `below`, which does not reach the value, and `reaches`, which does.
    int64_t below = int64_t(domain.min) - 1, reaches = int64_t(domain.max) + 1;
    // A few steps around the estimate mostly do.
    double guess = estimate > 0 ? (double(value) - 0.5) / estimate : 0;
    if (guess > double(domain.min) + 2 && guess < double(domain.max) - 2) {
      int64_t start = std::llround(guess);
      for (int64_t x : {start - 2, start + 2}) {
        if (rescale(static_cast<int32_t>(x)) >= value)
          reaches = std::min(reaches, x);
        else
          below = std::max(below, x);
      }
    }
    while (reaches - below > 1) {
      int64_t middle = below + (reaches - below) / 2;
      (rescale(static_cast<int32_t>(middle)) >= value ? reaches : below) = middle;
    }
    thresholds.push_back(reaches);
  }
  return thresholds;
}

namespace {
struct Interval {
  double low, high;
};
} // namespace

/// The offsets, ends excluded, for which the float arithmetic with this scale keeps to the
/// thresholds.
static Interval feasibleOffsets(const std::vector<int64_t> &thresholds, float scale, bool symmetric,
                                IntegerRange range, IntegerRange domain) {
  // A negative offset would make the sum fall where the input passes zero.
  Interval interval{symmetric ? 0.0 : -2.0, 2.0};
  for (size_t i = 0; i < thresholds.size(); ++i) {
    int64_t value = int64_t(range.min) + 1 + int64_t(i);
    // The sum must reach `value` after rounding, or, for values up to zero, exceed value - 1, since
    // truncation then rounds up. Rounding carries what lies above the middle between a float and
    // the next one towards zero.
    double bound = double(value > 0 ? value : value - 1);
    float edge = std::abs(static_cast<float>(bound));
    double half = (double(edge) - double(std::nextafter(edge, 0.0f))) / 2;
    bound += value > 0 ? -half : half;
    for (int64_t x : {thresholds[i], thresholds[i] - 1}) {
      if (x < domain.min || x > domain.max)
        continue;
      bool reaches = x == thresholds[i];
      // Both factors have 24 bits: exact.
      double product = double(static_cast<float>(x)) * double(scale);
      bool negated = symmetric && x < 0;
      double limit = negated ? product - bound : bound - product;
      if (reaches != negated)
        interval.low = std::max(interval.low, limit);
      else
        interval.high = std::min(interval.high, limit);
    }
  }
  return interval;
}

/// Whether `candidate` keeps to the thresholds, for which up to `mostRaised` inputs are raised.
static bool makeKeepTo(const std::vector<int64_t> &thresholds, FloatRescale &candidate,
                       IntegerRange range, IntegerRange domain, unsigned mostRaised) {
  candidate.raised.clear();
  for (size_t i = 0; i < thresholds.size(); ++i) {
    int64_t value = int64_t(range.min) + 1 + int64_t(i), threshold = thresholds[i];
    auto reaches = [&](int64_t x) {
      return x >= domain.min && x <= domain.max &&
             candidate.apply(static_cast<int32_t>(x)) >= value;
    };
    if (reaches(threshold - 1))
      return false;
    if (threshold > domain.max || reaches(threshold))
      continue;
    if (candidate.raised.size() == mostRaised ||
        candidate.apply(static_cast<int32_t>(threshold)) != value - 1)
      return false;
    candidate.raised.push_back(static_cast<int32_t>(threshold));
    if (threshold < domain.max && !reaches(threshold + 1))
      return false;
  }
  return true;
}

std::optional<FloatRescale> tflc::findFloatRescale(const std::vector<int64_t> &thresholds,
                                                   double scale, IntegerRange range,
                                                   IntegerRange domain, unsigned mostRaised) {
  // A sum of 2^31 or more has no integer.
  if (!(scale >= 0) || scale > 0.5)
    return std::nullopt;
  // Beyond 2^23 floats have no halves.
  if (std::min(range.min, -range.max) < -(1 << 22))
    return std::nullopt;
  FloatRescale candidate;
  candidate.symmetric = range.min < 0;
  // The error of the scale itself grows with the result; its neighbours may have a better one.
  std::optional<FloatRescale> best;
  float up = static_cast<float>(scale), down = up;
  for (unsigned distance = 0; distance < 8; ++distance) {
    for (float neighbour : {up, down}) {
      Interval offsets = feasibleOffsets(thresholds, neighbour, candidate.symmetric, range, domain);
      bool hasOffset = offsets.low < offsets.high;
      candidate.scale = neighbour;
      auto consider = [&](double offset, unsigned most) {
        candidate.offset = static_cast<float>(offset);
        if (makeKeepTo(thresholds, candidate, range, domain, most) &&
            (!best || candidate.raised.size() < best->raised.size()))
          best = candidate;
      };
      if (hasOffset) {
        consider((offsets.low + offsets.high) / 2, 0);
        if (best && best->raised.empty())
          return best;
      } else if (unsigned most = best ? best->raised.size() - 1 : mostRaised) {
        // Ends that overlap: at the upper one nothing is reached too early. Offsets are spaced by
        // what follows a half.
        double spacing = 0x1p-24;
        for (int step : {1, 2, 4})
          consider(offsets.high - step * spacing, most);
        consider((offsets.low + offsets.high) / 2, most);
      }
    }
    up = std::nextafter(up, 1.0f);
    down = std::nextafter(down, 0.0f);
  }
  return best;
}
