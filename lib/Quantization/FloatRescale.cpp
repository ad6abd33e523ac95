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
  float signedOffset = rounding == FloatRounding::TruncateSymmetric && x < 0 ? -offset : offset;
  float sum = std::fma(static_cast<float>(x), scale, signedOffset);
  // The mode of rounding is the default one: to nearest even.
  float rounded = rounding == FloatRounding::Nearest ? std::nearbyint(sum) : std::trunc(sum);
  return static_cast<int32_t>(rounded) + base + llvm::is_contained(raised, x);
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

/// Half of the distance from a float to the next one further from zero, or closer to it.
static double halfSpacing(double number, bool outwards) {
  float edge = std::abs(static_cast<float>(number));
  double next = std::nextafter(edge, outwards ? INFINITY : 0.0f);
  return std::abs(next - double(edge)) / 2;
}

/// The offsets, ends excluded, for which the float arithmetic with this scale keeps to the
/// thresholds.
static Interval feasibleOffsets(const std::vector<int64_t> &thresholds, float scale,
                                const FloatRescaleRequest &request) {
  bool symmetric = request.rounding == FloatRounding::TruncateSymmetric;
  bool nearest = request.rounding == FloatRounding::Nearest;
  Interval interval{-2.0, 2.0};
  if (nearest)
    interval = {-2.0 - request.base, 2.0 - request.base};
  else if (symmetric) // a negative offset would make the sum fall where the input passes zero
    interval.low = 0.0;
  for (size_t i = 0; i < thresholds.size(); ++i) {
    int64_t value = int64_t(request.range.min) + 1 + int64_t(i);
    for (int64_t x : {thresholds[i], thresholds[i] - 1}) {
      if (x < request.domain.min || x > request.domain.max)
        continue;
      bool reaches = x == thresholds[i];
      double bound;
      if (nearest) {
        // Beyond the middle by more than the sum may be rounded.
        double middle = double(value - request.base) - 0.5;
        double half = halfSpacing(middle, /*outwards=*/true);
        bound = reaches ? middle + half : middle - half;
      } else {
        // The sum must reach `value` after rounding, or, for values up to zero, exceed value - 1,
        // since truncation then rounds up. Rounding carries what lies above the middle between a
        // float and the next one towards zero.
        bound = double(value > 0 ? value : value - 1);
        double half = halfSpacing(bound, /*outwards=*/false);
        bound += value > 0 ? -half : half;
      }
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
                       const FloatRescaleRequest &request, unsigned mostRaised) {
  const IntegerRange &domain = request.domain;
  candidate.raised.clear();
  for (size_t i = 0; i < thresholds.size(); ++i) {
    int64_t value = int64_t(request.range.min) + 1 + int64_t(i), threshold = thresholds[i];
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
                                                   const FloatRescaleRequest &request) {
  // A sum of 2^31 or more has no integer.
  if (!(request.scale >= 0) || request.scale > 0.5)
    return std::nullopt;
  // Beyond 2^23 floats have no halves.
  if (std::min(request.range.min, -request.range.max) < -(1 << 22) ||
      std::abs(request.base) > 1 << 22)
    return std::nullopt;
  FloatRescale candidate;
  candidate.rounding = request.rounding;
  candidate.base = request.base;
  // The error of the scale itself grows with the result; its neighbours may have a better one.
  std::optional<FloatRescale> best;
  float up = static_cast<float>(request.scale), down = up;
  for (unsigned distance = 0; distance < 8; ++distance) {
    for (float neighbour : {up, down}) {
      Interval offsets = feasibleOffsets(thresholds, neighbour, request);
      bool hasOffset = offsets.low < offsets.high;
      candidate.scale = neighbour;
      auto consider = [&](double offset, unsigned most) {
        candidate.offset = static_cast<float>(offset);
        if (makeKeepTo(thresholds, candidate, request, most) &&
            (!best || candidate.raised.size() < best->raised.size()))
          best = candidate;
      };
      if (hasOffset) {
        consider((offsets.low + offsets.high) / 2, 0);
      } else if (unsigned most = best ? best->raised.size() - 1 : request.mostRaised) {
        // Ends that overlap: at the upper one nothing is reached too early. Offsets are spaced by
        // what follows them, at least what follows a half.
        double spacing = std::max(0x1p-24, 2 * halfSpacing(offsets.high, /*outwards=*/true));
        for (int step : {1, 2, 4})
          consider(offsets.high - step * spacing, most);
        consider((offsets.low + offsets.high) / 2, most);
      }
      if (best && best->raised.empty())
        return best;
      if (distance == 0 && up == down)
        break;
    }
    up = std::nextafter(up, 1.0f);
    down = std::nextafter(down, 0.0f);
  }
  return best;
}
