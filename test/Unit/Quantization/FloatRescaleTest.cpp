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

constexpr FloatRounding allRoundings[] = {FloatRounding::Nearest, FloatRounding::Truncate,
                                          FloatRounding::TruncateSymmetric};

/// The rounding that a range without, or with, negative values has where the nearest fails.
FloatRounding truncation(IntegerRange range) {
  return range.min < 0 ? FloatRounding::TruncateSymmetric : FloatRounding::Truncate;
}

std::optional<FloatRescale> find(Rescale rescale, double scale, IntegerRange range,
                                 FloatRounding rounding, int32_t base = 0,
                                 unsigned mostRaised = 0) {
  FixedPointMultiplier multiplier = quantizeMultiplier(scale);
  auto apply = [&](int32_t x) { return rescale(x, multiplier); };
  return findFloatRescale(findThresholds(apply, scale, range, everything),
                          {scale, range, everything, rounding, base, mostRaised});
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
  IntegerRange range = GetParam();
  for (FloatRounding rounding : {FloatRounding::Nearest, truncation(range)}) {
    std::mt19937 random(2);
    std::uniform_real_distribution<double> exponent(-8, -1.5);
    // The sum is then a byte.
    int32_t base = rounding == FloatRounding::Nearest ? range.min + 128 : 0;
    unsigned tried = 0, found = 0;
    for (unsigned i = 0; i < 150; ++i) {
      double scale = std::exp2(exponent(random));
      for (Rescale rescale : {Rescale(rescaleDouble), Rescale(rescaleOnce)}) {
        // The second rounding moves the halves of negative results the other way.
        if (rescale == Rescale(rescaleDouble) && range.min < 0 &&
            rounding == FloatRounding::Nearest)
          continue;
        ++tried;
        if (auto result = find(rescale, scale, range, rounding, base)) {
          ++found;
          expectEqual(rescale, scale, range, *result);
        }
      }
    }
    // The usual scales of convolutions must be among those that it can do.
    EXPECT_GT(found, tried * 9 / 10) << static_cast<int>(rounding);
  }
}

// Powers of two have halves, which the integers round away from zero.
TEST_P(FloatRescaleOfRange, Halves) {
  IntegerRange range = GetParam();
  unsigned found = 0;
  for (int exponent = -7; exponent <= -2; ++exponent) {
    double scale = std::exp2(exponent);
    for (FloatRounding rounding : {FloatRounding::Nearest, truncation(range)})
      for (Rescale rescale : {Rescale(rescaleDouble), Rescale(rescaleOnce)})
        if (auto result = find(rescale, scale, range, rounding)) {
          ++found;
          expectEqual(rescale, scale, range, *result);
        }
  }
  EXPECT_GT(found, 0u);
}

TEST_P(FloatRescaleOfRange, Raised) {
  IntegerRange range = GetParam();
  std::mt19937 random(3);
  std::uniform_real_distribution<double> exponent(-13, -11);
  unsigned found = 0;
  for (unsigned i = 0; i < 40; ++i) {
    double scale = std::exp2(exponent(random));
    for (FloatRounding rounding : {FloatRounding::Nearest, truncation(range)})
      if (auto result = find(rescaleDouble, scale, range, rounding, 0, 2)) {
        ++found;
        expectEqual(rescaleDouble, scale, range, *result);
      }
  }
  EXPECT_GT(found, 0u);
}

INSTANTIATE_TEST_SUITE_P(Ranges, FloatRescaleOfRange,
                         testing::Values(IntegerRange{0, 255}, IntegerRange{-128, 127},
                                         IntegerRange{-11, 244}, IntegerRange{-200, 55},
                                         IntegerRange{5, 100}));

TEST(FloatRescale, SomeInputsAreRaised) {
  unsigned raised = 0;
  for (IntegerRange range : {IntegerRange{0, 255}, IntegerRange{-128, 127}})
    for (FloatRounding rounding : {FloatRounding::Nearest, truncation(range)})
      for (double scale = 0x1p-14; scale < 0x1p-10; scale *= 1.007)
        for (Rescale rescale : {Rescale(rescaleDouble), Rescale(rescaleOnce)})
          if (auto result = find(rescale, scale, range, rounding, 0, 2))
            if (!result->raised.empty()) {
              ++raised;
              expectEqual(rescale, scale, range, *result);
            }
  EXPECT_GT(raised, 10u);
}

TEST(FloatRescale, DeclinesWhatFloatsCannotTell) {
  for (FloatRounding rounding : allRoundings) {
    // Steps of 2^-30 are far below the spacing of floats around 100.
    EXPECT_FALSE(find(rescaleDouble, 0.9e-9, {-128, 127}, rounding));
    // Results that leave 32 bits.
    EXPECT_FALSE(find(rescaleDouble, 0.75, {-128, 127}, rounding));
  }
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
  IntegerRange range{-128, 127};
  for (FloatRounding rounding : allRoundings) {
    auto result = findFloatRescale(findThresholds(zero, 0, range, everything),
                                   {0, range, everything, rounding});
    ASSERT_TRUE(result);
    for (int32_t x : {lowest, -1, 0, 1, highest})
      EXPECT_EQ(result->apply(x), 0);
  }
}

// A channel without weights: the bias alone decides, and lies beyond what floats tell apart.
TEST(FloatRescale, OnlyTheDomainCounts) {
  double scale = std::exp2(-27) * 0.7;
  FixedPointMultiplier multiplier = quantizeMultiplier(scale);
  auto apply = [&](int32_t x) { return rescaleDouble(x, multiplier); };
  IntegerRange range{-128, 127}, domain{(1 << 30) - 200000, (1 << 30) + 200000};
  for (FloatRounding rounding : {FloatRounding::Nearest, FloatRounding::TruncateSymmetric}) {
    EXPECT_FALSE(find(rescaleDouble, scale, range, rounding));
    auto found = findFloatRescale(findThresholds(apply, scale, range, domain),
                                  {scale, range, domain, rounding});
    ASSERT_TRUE(found);
    for (int32_t x = domain.min; x <= domain.max; x += 7)
      ASSERT_EQ(found->apply(x), apply(x)) << x;
  }
}

} // namespace
