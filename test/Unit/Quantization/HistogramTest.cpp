//===- HistogramTest.cpp - histograms and the ranges chosen by them -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/ChooseRange.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tflc;

/// Values between -1 and 1, and one far away.
static std::vector<float> makeValues(float outlier) {
  std::vector<float> values;
  for (int i = 0; i <= 20000; ++i)
    values.push_back(float(i) / 10000 - 1);
  values.push_back(outlier);
  return values;
}

TEST(HistogramTest, GrowsAndMerges) {
  std::vector<float> values = makeValues(100);
  Histogram whole, first, second;
  whole.add(values);
  first.add(llvm::ArrayRef(values).take_front(9000));
  second.add(llvm::ArrayRef(values).drop_front(9000));
  first.merge(second);
  EXPECT_EQ(first.getCount(), values.size());
  EXPECT_EQ(first.getRange().max, 100);
  EXPECT_EQ(first.getRange().min, -1);
  EXPECT_EQ(first.getBinWidth(), whole.getBinWidth());
  for (int i = 0; i < Histogram::numBins; ++i)
    ASSERT_EQ(first.getBin(i), whole.getBin(i)) << i;
}

TEST(HistogramTest, HasTheSameBinsInAnyOrder) {
  // Zeros and powers of two, where a limit could go either way.
  std::vector<float> parts[] = {{0, 0}, {0.9f, -0.2f}, {1, 0.5f}, {0.25f}};
  Histogram forwards, backwards, merged;
  for (int i = 0; i < 4; ++i) {
    forwards.add(parts[i]);
    backwards.add(parts[3 - i]);
    Histogram part;
    part.add(parts[i]);
    merged.merge(part);
  }
  for (const Histogram *other : {&backwards, &merged}) {
    EXPECT_EQ(other->getLimit(), forwards.getLimit());
    for (int i = 0; i < Histogram::numBins; ++i)
      ASSERT_EQ(other->getBin(i), forwards.getBin(i)) << i;
  }
}

TEST(HistogramTest, IsRestoredFromItsParts) {
  Histogram histogram;
  histogram.add(makeValues(100));
  std::vector<std::pair<int64_t, uint64_t>> counts;
  for (int i = 0; i < Histogram::numBins; ++i)
    if (uint64_t count = histogram.getBin(i))
      counts.emplace_back(i, count);
  auto restored = Histogram::restore(histogram.getRange(), histogram.getLimit(), counts);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->getCount(), histogram.getCount());
  EXPECT_EQ(restored->getRange().max, 100);
  for (int i = 0; i < Histogram::numBins; ++i)
    ASSERT_EQ(restored->getBin(i), histogram.getBin(i)) << i;
}

TEST(HistogramTest, IsNotRestoredFromPartsThatDoNotFit) {
  EXPECT_FALSE(Histogram::restore({-1, 1}, 3, {}));
  EXPECT_FALSE(Histogram::restore({-1, 5}, 4, {}));
  EXPECT_FALSE(Histogram::restore({-1, 1}, NAN, {}));
  EXPECT_FALSE(Histogram::restore({-1, 1}, 1, {{Histogram::numBins, 1}}));
  EXPECT_FALSE(Histogram::restore({-1, 1}, 1, {{-1, 1}}));
}

TEST(HistogramTest, EveryMethodCutsTheOutlierOff) {
  Histogram histogram;
  histogram.add(makeValues(100));
  for (const char *text : {"percentile=99.9", "entropy"}) {
    FloatRange range = chooseRange(histogram, *parseRangeOptions(text), 8);
    EXPECT_LT(range.max, 50) << text;
    EXPECT_GE(range.min, -1) << text;
  }
}

TEST(HistogramTest, LeastErrorIsNoWorseThanTheExtremes) {
  // Wide enough to make all steps coarse, so rare that clipping it costs little.
  Histogram histogram;
  std::vector<float> values;
  for (int repeat = 0; repeat < 50; ++repeat)
    for (float value : makeValues(0))
      values.push_back(value);
  values.push_back(4);
  histogram.add(values);
  FloatRange range = chooseRange(histogram, *parseRangeOptions("mse"), 8);
  EXPECT_LT(range.max, 2);
  EXPECT_NEAR(range.min, -1, 0.05);
}

TEST(HistogramTest, NoOutlierNothingToCut) {
  Histogram histogram;
  histogram.add(makeValues(1));
  FloatRange range = chooseRange(histogram, *parseRangeOptions("mse"), 8);
  EXPECT_NEAR(range.max, 1, 0.03);
  EXPECT_NEAR(range.min, -1, 0.03);
}

TEST(HistogramTest, ParsesMethods) {
  EXPECT_EQ(parseRangeOptions("percentile=99.5")->percentile, 99.5);
  EXPECT_EQ(parseRangeOptions("moving-average")->method, RangeMethod::MovingAverage);
  EXPECT_FALSE(parseRangeOptions("percentile=200"));
  EXPECT_FALSE(parseRangeOptions("best"));
}
