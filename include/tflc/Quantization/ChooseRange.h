//===- ChooseRange.h - the range that a scale is to cover -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Covering the extremes of a tensor makes the steps between integers wide; clipping rare values
// makes the others finer. Each method is a different answer to how much to clip.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_CHOOSERANGE_H
#define TFLC_QUANTIZATION_CHOOSERANGE_H

#include "tflc/Quantization/Histogram.h"

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace tflc {

enum class RangeMethod {
  /// The smallest and the largest value.
  MinMax,
  /// The mean of the samples' extremes, the latest with a fixed share.
  MovingAverage,
  /// What is left when the same share of values is cut off at either end.
  Percentile,
  /// The least mean squared error of quantization, by the histogram.
  MSE,
  /// The least loss of information (Kullback-Leibler divergence) between the histogram and its
  /// quantized form.
  Entropy,
};

struct RangeOptions {
  RangeMethod method = RangeMethod::MinMax;
  /// Percentile: the share of values that stay inside, in percent.
  double percentile = 99.99;

  bool needsHistogram() const {
    return method != RangeMethod::MinMax && method != RangeMethod::MovingAverage;
  }
};

/// Parses "minmax", "moving-average", "percentile=99.9", "mse" and "entropy"; nothing for any other
/// text.
std::optional<RangeOptions> parseRangeOptions(llvm::StringRef text);

/// The text that parseRangeOptions makes the same options of.
std::string formatRangeOptions(const RangeOptions &options);

/// The share of a new sample in the moving average.
constexpr float movingAverageShare = 0.05f;

/// The range by a method that needs a histogram; `bits` of a quantized value, 8 or 16. Never wider
/// than the histogram's own range.
FloatRange chooseRange(const Histogram &histogram, const RangeOptions &options, unsigned bits);

} // namespace tflc

#endif // TFLC_QUANTIZATION_CHOOSERANGE_H
