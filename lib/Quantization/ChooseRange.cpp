//===- ChooseRange.cpp - the range that a scale is to cover ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/ChooseRange.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace tflc;

std::optional<RangeOptions> tflc::parseRangeOptions(StringRef text) {
  RangeOptions options;
  if (text.consume_front("percentile=")) {
    options.method = RangeMethod::Percentile;
    if (text.getAsDouble(options.percentile) || options.percentile <= 50 ||
        options.percentile > 100)
      return std::nullopt;
    return options;
  }
  std::optional<RangeMethod> method = StringSwitch<std::optional<RangeMethod>>(text)
                                          .Case("minmax", RangeMethod::MinMax)
                                          .Case("moving-average", RangeMethod::MovingAverage)
                                          .Case("percentile", RangeMethod::Percentile)
                                          .Case("mse", RangeMethod::MSE)
                                          .Case("entropy", RangeMethod::Entropy)
                                          .Default(std::nullopt);
  if (!method)
    return std::nullopt;
  options.method = *method;
  return options;
}

std::string tflc::formatRangeOptions(const RangeOptions &options) {
  switch (options.method) {
  case RangeMethod::MinMax:
    return "minmax";
  case RangeMethod::MovingAverage:
    return "moving-average";
  case RangeMethod::Percentile:
    return formatv("percentile={0}", options.percentile);
  case RangeMethod::MSE:
    return "mse";
  case RangeMethod::Entropy:
    return "entropy";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Percentile
//===----------------------------------------------------------------------===//

static FloatRange getPercentileRange(const Histogram &histogram, double percentile) {
  double cut = double(histogram.getCount()) * (1 - percentile / 100) / 2;
  FloatRange range = histogram.getRange();
  double half = histogram.getBinWidth() / 2;
  double below = 0;
  for (int i = 0; i < Histogram::numBins; ++i) {
    below += double(histogram.getBin(i));
    if (below > cut) {
      range.min = std::max(range.min, float(histogram.getCenter(i) - half));
      break;
    }
  }
  double above = 0;
  for (int i = Histogram::numBins; i-- > 0;) {
    above += double(histogram.getBin(i));
    if (above > cut) {
      range.max = std::min(range.max, float(histogram.getCenter(i) + half));
      break;
    }
  }
  return range;
}

//===----------------------------------------------------------------------===//
// Mean squared error
//===----------------------------------------------------------------------===//

/// The sum of squared errors: rounding, uniform within a step, inside of the range, and the
/// distance to it outside.
static double getSquaredError(const Histogram &histogram, FloatRange range, unsigned bits) {
  double low = std::min(range.min, 0.0f), high = std::max(range.max, 0.0f);
  if (bits > 8) {
    high = std::max(-low, high);
    low = -high;
  }
  double step = (high - low) / double((int64_t(1) << bits) - 1);
  double error = 0;
  for (int i = 0; i < Histogram::numBins; ++i) {
    double number = double(histogram.getBin(i));
    if (number == 0)
      continue;
    double value = histogram.getCenter(i);
    double outside = std::max({value - high, low - value, 0.0});
    error += number * (outside * outside + step * step / 12);
  }
  return error;
}

static FloatRange getLeastErrorRange(const Histogram &histogram, unsigned bits) {
  FloatRange best = histogram.getRange();
  double least = getSquaredError(histogram, best, bits);
  constexpr int steps = 100;
  // One end after the other, and then again: each moves the best place of the other.
  for (int round = 0; round < 2; ++round) {
    for (bool isMax : {true, false}) {
      float extreme = isMax ? histogram.getRange().max : histogram.getRange().min;
      for (int i = 1; i < steps; ++i) {
        FloatRange candidate = best;
        (isMax ? candidate.max : candidate.min) = extreme * float(i) / steps;
        if (candidate.min > candidate.max)
          continue;
        double error = getSquaredError(histogram, candidate, bits);
        if (error < least) {
          least = error;
          best = candidate;
        }
      }
    }
  }
  return best;
}

//===----------------------------------------------------------------------===//
// Entropy
//===----------------------------------------------------------------------===//

/// The divergence between magnitudes up to bin `end`, the larger ones counted in the last, and what
/// is left of their distribution by `levels` steps.
static double getDivergence(ArrayRef<double> magnitudes, size_t end, size_t levels) {
  std::vector<double> clipped(magnitudes.begin(), magnitudes.begin() + end);
  double total = 0;
  for (size_t i = end; i < magnitudes.size(); ++i)
    clipped.back() += magnitudes[i];
  for (double number : clipped)
    total += number;
  double divergence = 0;
  for (size_t level = 0; level < levels; ++level) {
    size_t from = level * end / levels, to = (level + 1) * end / levels;
    double sum = 0;
    size_t filled = 0;
    for (size_t i = from; i < to; ++i) {
      sum += magnitudes[i];
      filled += clipped[i] != 0;
    }
    // A step spreads its values evenly over the bins that are not empty.
    for (size_t i = from; i < to; ++i) {
      if (clipped[i] == 0)
        continue;
      double p = clipped[i] / total, q = std::max(sum / double(filled) / total, 1e-12);
      divergence += p * std::log(p / q);
    }
  }
  return divergence;
}

static FloatRange getLeastDivergenceRange(const Histogram &histogram) {
  constexpr int center = Histogram::numBins / 2;
  std::vector<double> magnitudes(center);
  size_t last = 0;
  for (int i = 0; i < center; ++i) {
    magnitudes[i] = double(histogram.getBin(center + i)) + double(histogram.getBin(center - 1 - i));
    if (magnitudes[i] != 0)
      last = i;
  }
  constexpr size_t levels = 128;
  size_t best = last + 1;
  double least = INFINITY;
  constexpr size_t stride = 8;
  for (size_t end = std::min(levels, best); end <= last + 1; end += stride) {
    double divergence = getDivergence(magnitudes, end, std::min(levels, end));
    if (divergence < least) {
      least = divergence;
      best = end;
    }
  }
  float threshold = float(best) * histogram.getBinWidth();
  FloatRange range = histogram.getRange();
  return {std::max(range.min, -threshold), std::min(range.max, threshold)};
}

FloatRange tflc::chooseRange(const Histogram &histogram, const RangeOptions &options,
                             unsigned bits) {
  if (histogram.getCount() == 0)
    return {};
  switch (options.method) {
  case RangeMethod::MinMax:
  case RangeMethod::MovingAverage:
    return histogram.getRange();
  case RangeMethod::Percentile:
    return getPercentileRange(histogram, options.percentile);
  case RangeMethod::MSE:
    return getLeastErrorRange(histogram, bits);
  case RangeMethod::Entropy:
    return getLeastDivergenceRange(histogram);
  }
  return histogram.getRange();
}
