//===- FloatSumTest.cpp - sums of bytes in float are exact ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/FloatSum.h"
#include "tflc/Quantization/Multiplier.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace tflc;

namespace {

/// The ADD operator's integers: bytes by 2^20, rescaled to a common scale, added, rescaled.
struct Sum {
  std::vector<int64_t> lhs, rhs;
  FixedPointMultiplier output;
  double scale = 0;

  Sum(double lhsScale, int32_t lhsZero, double rhsScale, int32_t rhsZero, double outputScale) {
    double twice = 2 * std::max(lhsScale, rhsScale);
    auto tabulate = [&](double real, int32_t zero) {
      FixedPointMultiplier multiplier = quantizeMultiplier(real / twice);
      std::vector<int64_t> table;
      for (int32_t x = -128; x < 128; ++x)
        table.push_back(rescaleDouble((x - zero) * (1 << 20), multiplier));
      return table;
    };
    lhs = tabulate(lhsScale, lhsZero);
    rhs = tabulate(rhsScale, rhsZero);
    scale = twice / ((1 << 20) * outputScale);
    output = quantizeMultiplier(scale);
  }

  int32_t rescale(int32_t x) const { return rescaleDouble(x, output); }
};

std::optional<FloatSum> find(const Sum &sum, IntegerRange range) {
  auto rescale = [&](int32_t x) { return sum.rescale(x); };
  return findFloatSum({sum.lhs, sum.rhs, -128, -128, rescale, sum.scale}, range);
}

TEST(FloatSum, MatchesTheIntegers) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> scale(0.01, 0.2);
  std::uniform_int_distribution<int32_t> zero(-128, 127);
  unsigned found = 0;
  constexpr unsigned tried = 60;
  for (unsigned i = 0; i < tried; ++i) {
    Sum sum(scale(random), zero(random), scale(random), zero(random), scale(random));
    int32_t outputZero = zero(random);
    IntegerRange range{-128 - outputZero, 127 - outputZero};
    std::optional<FloatSum> result = find(sum, range);
    if (!result)
      continue;
    ++found;
    for (int32_t a = -128; a < 128; ++a)
      for (int32_t b = -128; b < 128; ++b)
        ASSERT_EQ(std::clamp(result->apply(a, b), range.min, range.max),
                  std::clamp(sum.rescale(static_cast<int32_t>(sum.lhs[a + 128] + sum.rhs[b + 128])),
                             range.min, range.max))
            << a << " + " << b;
  }
  EXPECT_GT(found, tried / 2);
}

TEST(FloatSum, DeclinesWhatIsNoLine) {
  Sum sum(0.1, 0, 0.1, 0, 0.1);
  sum.lhs[200] += 1 << 18;
  EXPECT_FALSE(find(sum, {-128, 127}));
}

TEST(FloatSum, DeclinesSumsThatWrapAround) {
  Sum sum(0.1, 0, 0.1, 0, 0.1);
  for (int64_t &value : sum.lhs)
    value += int64_t(1) << 31;
  EXPECT_FALSE(find(sum, {-128, 127}));
}

} // namespace
