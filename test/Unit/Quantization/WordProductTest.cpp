//===- WordProductTest.cpp - products of bytes in 16 bits are exact -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/WordProduct.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <random>

using namespace tflc;

TEST(WordProduct, MatchesTheIntegers) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> scale(0.001, 0.03);
  std::uniform_int_distribution<int32_t> zero(-128, 127);
  unsigned found = 0;
  constexpr unsigned tried = 60;
  for (unsigned i = 0; i < tried; ++i) {
    FixedPointMultiplier multiplier = quantizeMultiplier(scale(random));
    int32_t inputZero = i % 2 ? zero(random) : -128, outputZero = zero(random);
    IntegerRange values{-128 - inputZero, 127 - inputZero};
    IntegerRange range{-128 - outputZero, 127 - outputZero};
    std::optional<WordProduct> result = findWordProduct(multiplier, values, range);
    if (!result)
      continue;
    ++found;
    auto clamp = [&](int32_t x) { return std::clamp(x, range.min, range.max); };
    for (int32_t value = values.min; value <= values.max; ++value)
      for (int32_t gate = 0; gate < 256; ++gate)
        ASSERT_EQ(clamp(result->apply(value, gate)), clamp(rescaleDouble(value * gate, multiplier)))
            << value << " * " << gate << " by " << multiplier.value << " >> " << -multiplier.shift;
  }
  EXPECT_GE(found, tried * 9 / 10);
}

TEST(WordProduct, RefusesWhatHasNoRoom) {
  IntegerRange bytes{-128, 127};
  // Results that exceed 16 bits with a zero point, multipliers of zero, and what is no byte.
  EXPECT_FALSE(findWordProduct(quantizeMultiplier(0.4), bytes, bytes));
  EXPECT_FALSE(findWordProduct(quantizeMultiplier(1.5), bytes, bytes));
  EXPECT_FALSE(findWordProduct({0, 0}, bytes, bytes));
  EXPECT_FALSE(findWordProduct(quantizeMultiplier(0.01), {-300, 255}, bytes));
}
