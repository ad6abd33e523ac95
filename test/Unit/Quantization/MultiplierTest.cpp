//===- MultiplierTest.cpp - fixed-point multipliers and roundings ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/Multiplier.h"

#include "gtest/gtest.h"

#include <cmath>
#include <random>

using namespace tflc;

namespace {

TEST(QuantizeMultiplier, PowersOfTwo) {
  FixedPointMultiplier one = quantizeMultiplier(1.0);
  EXPECT_EQ(one.value, 1 << 30);
  EXPECT_EQ(one.shift, 1);
  FixedPointMultiplier small = quantizeMultiplier(0.125);
  EXPECT_EQ(small.value, 1 << 30);
  EXPECT_EQ(small.shift, -2);
}

TEST(QuantizeMultiplier, RoundsHalvesAway) {
  // The fraction 0.5 + 2^-32 lies half way between two values.
  EXPECT_EQ(quantizeMultiplier(0.5 + std::ldexp(1.0, -32)).value, (1 << 30) + 1);
}

TEST(QuantizeMultiplier, CarriesIntoTheShift) {
  // Rounds up to 2^31, which does not fit.
  FixedPointMultiplier multiplier = quantizeMultiplier(1.0 - std::ldexp(1.0, -40));
  EXPECT_EQ(multiplier.value, 1 << 30);
  EXPECT_EQ(multiplier.shift, 1);
}

TEST(QuantizeMultiplier, Extremes) {
  EXPECT_EQ(quantizeMultiplier(0.0).value, 0);
  EXPECT_EQ(quantizeMultiplier(std::ldexp(1.0, -33)).value, 0);
  EXPECT_EQ(quantizeMultiplier(std::ldexp(1.0, -32)).shift, -31);
  EXPECT_EQ(quantizeMultiplier(std::ldexp(1.0, 40)).shift, 30);
}

TEST(Rescale, Halves) {
  // Times one half. Two roundings send halves away from zero, one rounding sends them up.
  FixedPointMultiplier half = quantizeMultiplier(0.5);
  EXPECT_EQ(rescaleDouble(3, half), 2);
  EXPECT_EQ(rescaleDouble(-3, half), -1);
  EXPECT_EQ(rescaleSingle(3, half), 2);
  EXPECT_EQ(rescaleSingle(-3, half), -1);
  EXPECT_EQ(rescaleReduced(3, half), 2);
  EXPECT_EQ(rescaleReduced(-3, half), -1);
  // Times an eighth: the shift of `double` rounds halves away from zero.
  FixedPointMultiplier eighth = quantizeMultiplier(0.125);
  EXPECT_EQ(rescaleDouble(12, eighth), 2);
  EXPECT_EQ(rescaleDouble(-12, eighth), -2);
  EXPECT_EQ(rescaleSingle(-12, eighth), -1);
}

TEST(Rescale, TwoRoundingsDifferFromOne) {
  // Seen in BATCH_MATMUL: 29.4967 becomes 30 where the first rounding reaches the half.
  FixedPointMultiplier multiplier = {1796587582, -7};
  EXPECT_EQ(rescaleDouble(4513, multiplier), 30);
  EXPECT_EQ(rescaleSingle(4513, multiplier), 29);
  EXPECT_EQ(rescaleDouble(-15070, multiplier), -99);
  EXPECT_EQ(rescaleSingle(-15070, multiplier), -98);
}

TEST(Rescale, ReducedMultiplierSaturates) {
  // The largest multipliers would round to 2^15, which 16 bits cannot hold.
  EXPECT_EQ(rescaleReduced(1 << 20, {0x7fffffff, 0}), (1 << 20) - 32);
}

TEST(Rescale, WideInputs) {
  // 2^40 times 2^-30, and what lies half way to the next integer.
  FixedPointMultiplier multiplier = quantizeMultiplier(std::ldexp(1.0, -30));
  EXPECT_EQ(rescaleSingle((int64_t(1) << 40) + 1, multiplier), 1 << 10);
  EXPECT_EQ(rescaleSingle((int64_t(1) << 40) + (1 << 29), multiplier), (1 << 10) + 1);
  EXPECT_EQ(rescaleSingle(-(int64_t(1) << 40) - (1 << 29), multiplier), -(1 << 10));
  EXPECT_EQ(rescaleSingle(-(int64_t(1) << 40) - (1 << 29) - 1, multiplier), -(1 << 10) - 1);
}

TEST(Rescale, NearTheRealProduct) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int32_t> inputs(-(1 << 24), 1 << 24);
  std::uniform_real_distribution<double> exponents(-14, 3);
  for (int i = 0; i < 2000; ++i) {
    int32_t input = inputs(random);
    double real = std::exp2(exponents(random));
    FixedPointMultiplier multiplier = quantizeMultiplier(real);
    EXPECT_NEAR(rescaleDouble(input, multiplier), input * real, 1.01);
    EXPECT_NEAR(rescaleSingle(input, multiplier), input * real, 0.51);
    EXPECT_NEAR(rescaleReduced(input, multiplier), input * real,
                0.51 + std::abs(input * real) / (1 << 15));
  }
}

} // namespace
