//===- ParametersTest.cpp - scales and zero points of ranges --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/Parameters.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace tflc;

TEST(ParametersTest, ZeroIsExact) {
  QuantizationParameters p = chooseAsymmetric({-1.0f, 2.0f}, -128, 127);
  EXPECT_FLOAT_EQ(p.scale, 3.0f / 255);
  EXPECT_EQ(p.zeroPoint, -43);
  EXPECT_EQ(quantizeValue(0, p, -128, 127), p.zeroPoint);
}

TEST(ParametersTest, RangeReachesZero) {
  QuantizationParameters p = chooseAsymmetric({5.0f, 10.0f}, -128, 127);
  EXPECT_FLOAT_EQ(p.scale, 10.0f / 255);
  EXPECT_EQ(p.zeroPoint, -128);
}

TEST(ParametersTest, NothingButZero) {
  QuantizationParameters p = chooseAsymmetric({0, 0}, -128, 127);
  EXPECT_LT(p.scale, 1);
  EXPECT_EQ(quantizeValue(0, p, -128, 127), -128);
  EXPECT_GT(chooseSymmetric({0, 0}, 127).scale, 0);
}

TEST(ParametersTest, Symmetric) {
  QuantizationParameters p = chooseSymmetric({-4.0f, 2.0f}, 127);
  EXPECT_FLOAT_EQ(p.scale, 4.0f / 127);
  EXPECT_EQ(p.zeroPoint, 0);
}

TEST(ParametersTest, RoundsHalvesAwayFromZeroAndClamps) {
  QuantizationParameters p{1, 0};
  EXPECT_EQ(quantizeValue(2.5, p, -128, 127), 3);
  EXPECT_EQ(quantizeValue(-2.5, p, -128, 127), -3);
  EXPECT_EQ(quantizeValue(1e30, p, -128, 127), 127);
  EXPECT_EQ(quantizeValue(-1e30, p, INT64_MIN, INT64_MAX), INT64_MIN);
  EXPECT_EQ(quantizeValue(std::nan(""), p, -128, 127), 0);
}

TEST(ParametersTest, Halves) {
  EXPECT_EQ(narrowToHalf(1.0f), 0x3c00);
  EXPECT_EQ(narrowToHalf(-2.0f), 0xc000);
  EXPECT_EQ(narrowToHalf(0x1p-24f), 0x0001);
  EXPECT_EQ(narrowToHalf(0x1p-25f), 0x0000); // a half: to even
  EXPECT_EQ(narrowToHalf(1.0f + 0x1p-11f), 0x3c00);
  EXPECT_EQ(narrowToHalf(1.0f + 0x1.8p-10f), 0x3c02);
  EXPECT_EQ(narrowToHalf(65504.0f), 0x7bff);
  EXPECT_EQ(narrowToHalf(1e9f), 0x7bff);
  EXPECT_EQ(narrowToHalf(-std::numeric_limits<float>::infinity()), 0xfbff);
  EXPECT_EQ(narrowToHalf(std::nanf("")) & 0x7e00, 0x7e00);
}

TEST(ParametersTest, RangesAlongAnAxis) {
  std::vector<float> values = {1, -2, 3, 4, 5, -6};
  std::vector<FloatRange> rows = getRangesAlong(values, {2, 3}, 0);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].min, -2);
  EXPECT_EQ(rows[1].max, 5);
  std::vector<FloatRange> columns = getRangesAlong(values, {2, 3}, 1);
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_EQ(columns[2].min, -6);
  EXPECT_EQ(columns[2].max, 3);
}
