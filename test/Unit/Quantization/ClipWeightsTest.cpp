//===- ClipWeightsTest.cpp - weights clipped for the least error ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/ClipWeights.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tflc;

/// Many values between -1 and 1, and one far away.
static std::vector<float> makeWeights(float outlier) {
  std::vector<float> weights;
  for (int i = 0; i < 4000; ++i)
    weights.push_back(std::sin(float(i) * 0.7f));
  weights.push_back(outlier);
  return weights;
}

TEST(ClipWeightsTest, GainsOnAnOutlier) {
  std::vector<float> weights = makeWeights(20);
  float magnitude = chooseMagnitude(weights, 4);
  EXPECT_LT(magnitude, 20);
  EXPECT_LT(getClippingError(weights, magnitude, 7), 0.5 * getClippingError(weights, 20, 7));
}

TEST(ClipWeightsTest, OffWhereItGainsNothing) {
  EXPECT_EQ(chooseMagnitude({1, -1, 1, -1}, 8), 1);
  EXPECT_EQ(chooseMagnitude({0, 0}, 8), 0);
}
