//===- RoundWeightsTest.cpp - weights rounded by what they do -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/RoundWeights.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace tflc;

static constexpr size_t size = 16;

/// Vectors whose elements go together: each is a sum of three waves.
static std::vector<float> makeVectors(int number) {
  std::vector<float> vectors;
  for (int n = 0; n < number; ++n)
    for (size_t i = 0; i < size; ++i)
      vectors.push_back(std::sin(0.3f * n + 0.2f * i) + std::sin(1.7f * n + 0.5f * i) +
                        0.1f * std::sin(float(n) * float(i + 1)));
  return vectors;
}

static std::vector<float> makeRow() {
  std::vector<float> row;
  for (size_t i = 0; i < size; ++i)
    row.push_back(std::sin(3.1f * i));
  return row;
}

static double getError(llvm::ArrayRef<float> vectors, llvm::ArrayRef<float> wanted,
                       llvm::ArrayRef<float> found) {
  double total = 0;
  for (; !vectors.empty(); vectors = vectors.drop_front(size)) {
    double error = 0;
    for (size_t i = 0; i < size; ++i)
      error += vectors[i] * (double(found[i]) - wanted[i]);
    total += error * error;
  }
  return total;
}

TEST(RoundWeightsTest, MomentsAreMeans) {
  SecondMoments moments(2);
  moments.add({1, 2});
  moments.add({3, -4});
  EXPECT_EQ(moments.getCount(), 2);
  EXPECT_EQ(moments.getMeans(), (std::vector<float>{2, -1}));
  EXPECT_EQ(moments.getProducts(), (std::vector<float>{5, -5, -5, 10}));
}

TEST(RoundWeightsTest, GainsWhereInputsGoTogether) {
  std::vector<float> vectors = makeVectors(200), row = makeRow();
  SecondMoments moments(size);
  moments.add(vectors);
  std::vector<float> plain = row, chosen = row;
  WeightRounder(size, {}).round(plain, 1.0f / 7, 7);
  WeightRounder(size, moments.getProducts()).round(chosen, 1.0f / 7, 7);
  EXPECT_LT(getError(vectors, row, chosen), 0.3 * getError(vectors, row, plain));
  for (float value : chosen)
    EXPECT_NEAR(value * 7, std::round(value * 7), 1e-5);
}

TEST(RoundWeightsTest, PlainWithoutData) {
  std::vector<float> row = {0.4f, -0.6f, 9, -9};
  WeightRounder(4, std::vector<float>(16, 0.0f)).round(row, 1, 7);
  EXPECT_EQ(row, (std::vector<float>{0, -1, 7, -7}));
}

TEST(RoundWeightsTest, ChoosesScalesOfBlocks) {
  std::vector<float> row = {7, 1.4f, 14, 4};
  auto chooseScale = [](llvm::ArrayRef<float> block) { return std::abs(block[0]) / 7; };
  std::vector<float> plain = row;
  EXPECT_EQ(WeightRounder(4, {}).roundBlocks(plain, 2, 7, chooseScale), (std::vector<float>{1, 2}));
  EXPECT_EQ(plain, (std::vector<float>{7, 1, 14, 4}));
  // The second and the third input are nearly always the same.
  std::vector<float> products = {1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1};
  std::vector<float> scales = WeightRounder(4, products).roundBlocks(row, 2, 7, chooseScale);
  EXPECT_EQ(scales[0], 1);
  EXPECT_GT(scales[1], 2.05f);
  EXPECT_NEAR(row[1] + row[2], 15.4f, 0.05f);
}
