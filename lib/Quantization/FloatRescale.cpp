//===- FloatRescale.cpp - rescaling in float, where it is exact -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/FloatRescale.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace tflc;

int32_t FloatRescale::apply(int32_t x) const {
  float sum = std::fma(static_cast<float>(x), scale, x < 0 ? offsetBelow : offset);
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

  bool isEmpty() const { return !(low < high); }
  double middle() const { return (low + high) / 2; }
};

/// The offsets, ends excluded, for which inputs of one sign keep to the thresholds.
struct FeasibleOffsets {
  Interval fromZero, below;
};
} // namespace

/// What tells whether a value is reached at its threshold: the inputs on both sides of it, and, as
/// those of the other sign have an offset of their own, the ones next to zero.
static std::array<int64_t, 4> testedInputs(int64_t threshold) {
  return {threshold - 1, threshold, -1, 0};
}

/// The real number below which a float sum becomes an integer below `value`, and above which it
/// becomes `value` or a greater one.
static double roundingEdge(int64_t value, FloatRounding rounding) {
  // The sum becomes a float first. Where the integer changes is a float whose last bit is even, to
  // which goes all that is closest to it.
  float change, other;
  if (rounding == FloatRounding::Nearest) {
    // A half goes to the even integer.
    change = static_cast<float>(double(value) - 0.5);
    other = std::nextafter(change, value % 2 == 0 ? -INFINITY : INFINITY);
  } else {
    // An integer stays, and what lies between it and the one further from zero becomes it.
    change = static_cast<float>(value > 0 ? value : value - 1);
    other = std::nextafter(change, value > 0 ? -INFINITY : INFINITY);
  }
  return (double(change) + double(other)) / 2;
}

static FeasibleOffsets findOffsets(const std::vector<int64_t> &thresholds, float scale,
                                   const FloatRescaleRequest &request) {
  Interval any{-2.0 - request.base, 2.0 - request.base};
  FeasibleOffsets result{any, any};
  for (size_t i = 0; i < thresholds.size(); ++i) {
    int64_t value = int64_t(request.range.min) + 1 + int64_t(i);
    double edge = roundingEdge(value - request.base, request.rounding);
    for (int64_t x : testedInputs(thresholds[i])) {
      if (x < request.domain.min || x > request.domain.max)
        continue;
      // Both factors have 24 bits: exact.
      double limit = edge - double(static_cast<float>(x)) * double(scale);
      Interval &interval = x < 0 ? result.below : result.fromZero;
      if (x >= thresholds[i])
        interval.low = std::max(interval.low, limit);
      else
        interval.high = std::min(interval.high, limit);
    }
  }
  if (!request.twoOffsets)
    result.fromZero = result.below = {std::max(result.fromZero.low, result.below.low),
                                      std::min(result.fromZero.high, result.below.high)};
  return result;
}

/// Whether `candidate` keeps to the thresholds, for which up to `mostRaised` inputs are raised.
static bool makeKeepTo(const std::vector<int64_t> &thresholds, FloatRescale &candidate,
                       const FloatRescaleRequest &request, unsigned mostRaised) {
  const IntegerRange &domain = request.domain;
  candidate.raised.clear();
  for (size_t i = 0; i < thresholds.size(); ++i) {
    int64_t value = int64_t(request.range.min) + 1 + int64_t(i), threshold = thresholds[i];
    auto reaches = [&](int64_t x) { return candidate.apply(static_cast<int32_t>(x)) >= value; };
    for (int64_t x : testedInputs(threshold)) {
      if (x < domain.min || x > domain.max || reaches(x) == (x >= threshold))
        continue;
      if (x != threshold || candidate.raised.size() == mostRaised ||
          candidate.apply(static_cast<int32_t>(x)) != value - 1)
        return false;
      candidate.raised.push_back(static_cast<int32_t>(x));
      if (x < domain.max && !reaches(x + 1))
        return false;
    }
  }
  return true;
}

/// Where the interval is empty its ends overlap: at the upper one nothing is reached too early.
/// Offsets are spaced by what follows them, at least what follows a half.
static std::array<double, 4> offsetsToTry(const Interval &interval) {
  double middle = interval.middle();
  if (!interval.isEmpty())
    return {middle, middle, middle, middle};
  auto high = static_cast<float>(std::abs(interval.high));
  double spacing = std::max(0x1p-24, double(std::nextafter(high, INFINITY)) - double(high));
  return {interval.high - spacing, interval.high - 2 * spacing, interval.high - 4 * spacing,
          middle};
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
      FeasibleOffsets offsets = findOffsets(thresholds, neighbour, request);
      bool isExact = !offsets.fromZero.isEmpty() && !offsets.below.isEmpty();
      unsigned most = isExact ? 0 : best ? best->raised.size() - 1 : request.mostRaised;
      candidate.scale = neighbour;
      if (isExact || most > 0)
        for (auto [fromZero, below] :
             llvm::zip_equal(offsetsToTry(offsets.fromZero), offsetsToTry(offsets.below))) {
          candidate.offset = static_cast<float>(fromZero);
          candidate.offsetBelow = static_cast<float>(below);
          if (makeKeepTo(thresholds, candidate, request, most) &&
              (!best || candidate.raised.size() < best->raised.size()))
            best = candidate;
          if (isExact)
            break; // there is but one try
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
