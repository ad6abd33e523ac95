//===- Histogram.h - how often a tensor takes which values ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_HISTOGRAM_H
#define TFLC_QUANTIZATION_HISTOGRAM_H

#include "tflc/Quantization/Parameters.h"

#include <optional>
#include <utility>

namespace tflc {

/// A histogram whose range grows with the values: bins of equal width over [-limit, limit], where
/// the limit is a power of two. Where a value lies outside, the limit is doubled and neighbouring
/// bins become one. So values are seen once, in any order, and histograms of parts of the data can
/// be merged.
class Histogram {
public:
  static constexpr int numBins = 4096;

  /// Counts values; NaN and infinity count as nothing.
  void add(llvm::ArrayRef<float> values);
  void merge(const Histogram &other);

  /// The histogram of which these are the parts: counts by the numbers of bins. None where they do
  /// not fit together.
  static std::optional<Histogram> restore(FloatRange range, float limit,
                                          llvm::ArrayRef<std::pair<int64_t, uint64_t>> counts);

  uint64_t getCount() const { return count; }
  /// The smallest and the largest value.
  FloatRange getRange() const { return range; }
  float getLimit() const { return limit; }
  float getBinWidth() const { return 2 * limit / numBins; }
  uint64_t getBin(int index) const { return bins.empty() ? 0 : bins[index]; }
  /// The middle of a bin.
  float getCenter(int index) const { return (index - numBins / 2 + 0.5f) * getBinWidth(); }

private:
  void grow(float magnitude);

  FloatRange range;
  uint64_t count = 0;
  float limit = 0;
  std::vector<uint64_t> bins;
};

} // namespace tflc

#endif // TFLC_QUANTIZATION_HISTOGRAM_H
