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

/// The ways to rescale: how sums are rounded, and whether negative inputs have an offset of their
/// own.
struct Form {
  FloatRounding rounding;
  bool twoOffsets;
};
constexpr Form allForms[] = {{FloatRounding::Nearest, false},
                             {FloatRounding::Truncate, false},
                             {FloatRounding::Nearest, true},
                             {FloatRounding::Truncate, true}};

/// Whether most rescales of results in the range have such numbers.
bool isUsual(Form form, Rescale rescale, IntegerRange range) {
  if (range.min >= 0)
    return true;
  // The second rounding moves the halves of negative results the other way, and truncation by one
  // offset has no halves of negative results at all.
  return form.twoOffsets ||
         (form.rounding == FloatRounding::Nearest && rescale == Rescale(rescaleOnce));
}

std::optional<FloatRescale> find(Rescale rescale, double scale, IntegerRange range, Form form,
                                 int32_t base = 0, unsigned mostRaised = 0,
                                 IntegerRange domain = everything) {
  FixedPointMultiplier multiplier = quantizeMultiplier(scale);
  auto apply = [&](int32_t x) { return rescale(x, multiplier); };
  return findFloatRescale(findThresholds(apply, scale, range, domain),
                          {scale, range, domain, form.rounding, form.twoOffsets, base, mostRaised});
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
  for (Form form : allForms) {
    std::mt19937 random(2);
    std::uniform_real_distribution<double> exponent(-8, -1.5);
    // The sum is then a byte.
    int32_t base = form.rounding == FloatRounding::Nearest ? range.min + 128 : 0;
    unsigned tried = 0, found = 0;
    for (unsigned i = 0; i < 150; ++i) {
      double scale = std::exp2(exponent(random));
      for (Rescale rescale : {Rescale(rescaleDouble), Rescale(rescaleOnce)}) {
        bool usual = isUsual(form, rescale, range);
        tried += usual;
        if (auto result = find(rescale, scale, range, form, base)) {
          found += usual;
          expectEqual(rescale, scale, range, *result);
        }
      }
    }
    // The usual scales of convolutions must be among those that it can do.
    EXPECT_GE(found, tried * 9 / 10) << static_cast<int>(form.rounding) << form.twoOffsets;
  }
}

// Powers of two have halves, which the integers round away from zero.
TEST_P(FloatRescaleOfRange, Halves) {
  IntegerRange range = GetParam();
  for (Rescale rescale : {Rescale(rescaleDouble), Rescale(rescaleOnce)})
    for (Form form : allForms) {
      unsigned found = 0;
      for (int exponent = -7; exponent <= -2; ++exponent) {
        double scale = std::exp2(exponent);
        if (auto result = find(rescale, scale, range, form)) {
          ++found;
          expectEqual(rescale, scale, range, *result);
        }
      }
      if (isUsual(form, rescale, range))
        EXPECT_EQ(found, 6u) << static_cast<int>(form.rounding) << form.twoOffsets;
    }
}

TEST_P(FloatRescaleOfRange, Raised) {
  IntegerRange range = GetParam();
  std::mt19937 random(3);
  std::uniform_real_distribution<double> exponent(-13, -11);
  unsigned found = 0;
  for (unsigned i = 0; i < 40; ++i) {
    double scale = std::exp2(exponent(random));
    for (Form form : allForms)
      if (auto result = find(rescaleDouble, scale, range, form, 0, 2)) {
        ++found;
        expectEqual(rescaleDouble, scale, range, *result);
      }
  }
  EXPECT_GT(found, 0u);
}

// All that an accumulator may be, on both sides of zero or on one.
TEST_P(FloatRescaleOfRange, EveryInputOfTheDomain) {
  IntegerRange range = GetParam();
  std::mt19937 random(4);
  std::uniform_real_distribution<double> exponent(-10, -5);
  std::uniform_int_distribution<int32_t> zeroPoints(-128, 127);
  for (IntegerRange domain : {IntegerRange{-60000, 70000}, IntegerRange{-90000, -1},
                              IntegerRange{0, 90000}, IntegerRange{-90000, 0}}) {
    unsigned found = 0;
    for (unsigned i = 0; i < 8; ++i) {
      double scale = std::exp2(exponent(random));
      int32_t base = -zeroPoints(random);
      FixedPointMultiplier multiplier = quantizeMultiplier(scale);
      for (Form form : allForms)
        for (Rescale rescale : {Rescale(rescaleDouble), Rescale(rescaleOnce)}) {
          auto result = find(rescale, scale, range, form, base, 2, domain);
          if (!result)
            continue;
          ++found;
          for (int32_t x = domain.min; x <= domain.max; ++x)
            ASSERT_EQ(std::clamp(result->apply(x), range.min, range.max),
                      std::clamp(rescale(x, multiplier), range.min, range.max))
                << "scale " << scale << ", input " << x;
        }
    }
    EXPECT_GT(found, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Ranges, FloatRescaleOfRange,
                         testing::Values(IntegerRange{0, 255}, IntegerRange{-128, 127},
                                         IntegerRange{-11, 244}, IntegerRange{-200, 55},
                                         IntegerRange{5, 100}, IntegerRange{-90, -3}));

TEST(FloatRescale, SomeInputsAreRaised) {
  unsigned raised = 0;
  for (IntegerRange range : {IntegerRange{0, 255}, IntegerRange{-128, 127}})
    for (Form form : allForms)
      for (double scale = 0x1p-14; scale < 0x1p-10; scale *= 1.007)
        for (Rescale rescale : {Rescale(rescaleDouble), Rescale(rescaleOnce)})
          if (auto result = find(rescale, scale, range, form, 0, 2))
            if (!result->raised.empty()) {
              ++raised;
              expectEqual(rescale, scale, range, *result);
            }
  EXPECT_GT(raised, 10u);
}

// Halves away from zero are about a step of the input away from those of the other sign.
TEST(FloatRescale, SecondRoundingTakesTwoOffsets) {
  IntegerRange range{-128, 127};
  double scale = 0x1.234p-8;
  EXPECT_FALSE(find(rescaleDouble, scale, range, {FloatRounding::Nearest, false}));
  auto found = find(rescaleDouble, scale, range, {FloatRounding::Nearest, true});
  ASSERT_TRUE(found);
  EXPECT_GT(found->offset, 0);
  EXPECT_LT(found->offsetBelow, 0);
  // One offset is the same for both.
  auto once = find(rescaleOnce, scale, range, {FloatRounding::Nearest, false});
  ASSERT_TRUE(once);
  EXPECT_EQ(once->offset, once->offsetBelow);
}

TEST(FloatRescale, DeclinesWhatFloatsCannotTell) {
  for (Form form : allForms) {
    // Steps of 2^-30 are far below the spacing of floats around 100.
    EXPECT_FALSE(find(rescaleDouble, 0.9e-9, {-128, 127}, form));
    // Results that leave 32 bits.
    EXPECT_FALSE(find(rescaleDouble, 0.75, {-128, 127}, form));
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
  for (Form form : allForms) {
    auto result = findFloatRescale(findThresholds(zero, 0, range, everything),
                                   {0, range, everything, form.rounding, form.twoOffsets});
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
  for (Form form : {allForms[0], allForms[2], allForms[3]}) {
    EXPECT_FALSE(find(rescaleDouble, scale, range, form));
    auto found = find(rescaleDouble, scale, range, form, 0, 0, domain);
    ASSERT_TRUE(found);
    for (int32_t x = domain.min; x <= domain.max; x += 7)
      ASSERT_EQ(found->apply(x), apply(x)) << x;
  }
}

} // namespace
