//===- FloatRescaleTest.cpp - rescaling in float is exact -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/FloatRescale.h"
#include "tflc/Quantization/Multiplier.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace tflc;

namespace {

constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
constexpr int32_t highest = std::numeric_limits<int32_t>::max();
constexpr IntegerRange everything = {lowest, highest};

using Rescale = int32_t (*)(int32_t, FixedPointMultiplier);
int32_t rescaleOnce(int32_t x, FixedPointMultiplier m) { return rescaleSingle(x, m); }

std::optional<FloatRescale> find(Rescale rescale, double scale, IntegerRange range) {
  FixedPointMultiplier multiplier = quantizeMultiplier(scale);
  auto apply = [&](int32_t x) { return rescale(x, multiplier); };
  return findFloatRescale(findThresholds(apply, scale, range, everything), scale, range,
                          everything);
}

/// Compares both on many inputs: all small ones, all near a change of the result, some others.
void expectEqual(Rescale rescale, double scale, IntegerRange range, const FloatRescale &found) {
  FixedPointMultiplier multiplier = quantizeMultiplier(scale);
  std::mt19937 random(1);
  auto compare = [&](int64_t x) {
    if (x < lowest || x > highest)
      return;
    auto input = static_cast<int32_t>(x);
    ASSERT_EQ(std::clamp(found.apply(input), range.min, range.max),
              std::clamp(rescale(input, multiplier), range.min, range.max))
        << "scale " << scale << ", input " << input;
  };
  for (int64_t x = -3000; x <= 3000; ++x)
    compare(x);
  for (int64_t value = range.min; value <= range.max; ++value)
    for (int64_t x = -20; x <= 20; ++x)
      compare(std::llround((double(value) - 0.5) / scale) + x);
  for (unsigned i = 0; i < 20000; ++i)
    compare(static_cast<int32_t>(random()) >> (random() % 24));
  compare(lowest);
  compare(highest);
}

class FloatRescaleOfRange : public testing::TestWithParam<IntegerRange> {};

TEST_P(FloatRescaleOfRange, MatchesBothRoundings) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> exponent(-8, -1.5);
  unsigned tried = 0, found = 0;
  for (unsigned i = 0; i < 150; ++i) {
    double scale = std::exp2(exponent(random));
    for (Rescale rescale : {Rescale(rescaleDouble), Rescale(rescaleOnce)}) {
      ++tried;
      if (auto result = find(rescale, scale, GetParam())) {
        ++found;
        expectEqual(rescale, scale, GetParam(), *result);
      }
    }
  }
  // The usual scales of convolutions must be among those that it can do.
  EXPECT_GT(found, tried * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(Ranges, FloatRescaleOfRange,
                         testing::Values(IntegerRange{0, 255}, IntegerRange{-128, 127},
                                         IntegerRange{-11, 244}, IntegerRange{-200, 55},
                                         IntegerRange{5, 100}));

TEST(FloatRescale, DeclinesWhatFloatsCannotTell) {
  // Steps of 2^-30 are far below the spacing of floats around 100.
  EXPECT_FALSE(find(rescaleDouble, 0.9e-9, {-128, 127}));
  // Results that leave 32 bits.
  EXPECT_FALSE(find(rescaleDouble, 0.75, {-128, 127}));
}

TEST(FloatRescale, Thresholds) {
  FixedPointMultiplier half = quantizeMultiplier(0.5);
  auto apply = [&](int32_t x) { return rescaleSingle(x, half); };
  // (x + 1) >> 1 reaches -1 at -3, 0 at -1, 1 at 1.
  EXPECT_EQ(findThresholds(apply, 0.5, {-2, 1}, everything), (std::vector<int64_t>{-3, -1, 1}));
  // A multiplier of zero never leaves zero.
  auto zero = [](int32_t) { return 0; };
  EXPECT_EQ(findThresholds(zero, 0, {-1, 1}, everything),
            (std::vector<int64_t>{lowest, int64_t(highest) + 1}));
}

TEST(FloatRescale, ZeroMultiplier) {
  auto zero = [](int32_t) { return 0; };
  auto result = findFloatRescale(findThresholds(zero, 0, {-128, 127}, everything), 0, {-128, 127},
                                 everything);
  ASSERT_TRUE(result);
  for (int32_t x : {lowest, -1, 0, 1, highest})
    EXPECT_EQ(result->apply(x), 0);
}

// A channel without weights: the bias alone decides, and lies beyond what floats tell apart.
TEST(FloatRescale, OnlyTheDomainCounts) {
  double scale = std::exp2(-27) * 0.7;
  FixedPointMultiplier multiplier = quantizeMultiplier(scale);
  auto apply = [&](int32_t x) { return rescaleDouble(x, multiplier); };
  IntegerRange range{-128, 127}, domain{(1 << 30) - 200000, (1 << 30) + 200000};
  EXPECT_FALSE(find(rescaleDouble, scale, range));
  auto found = findFloatRescale(findThresholds(apply, scale, range, domain), scale, range, domain);
  ASSERT_TRUE(found);
  for (int32_t x = domain.min; x <= domain.max; x += 7)
    ASSERT_EQ(found->apply(x), apply(x)) << x;
}

} // namespace
