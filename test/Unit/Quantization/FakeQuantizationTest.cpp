//===- FakeQuantizationTest.cpp -------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/FakeQuantization.h"

#include "gtest/gtest.h"

using namespace tflc;

TEST(FakeQuantizationTest, ZeroIsAStep) {
  FakeQuantization q = getFakeQuantization(-0.1f, 5.7f, 8);
  EXPECT_FLOAT_EQ(q.scale, 5.8f / 255);
  EXPECT_FLOAT_EQ(q.min, -4 * q.scale);
  EXPECT_FLOAT_EQ(q.max, 251 * q.scale);
}

TEST(FakeQuantizationTest, RangeWithoutZeroMoves) {
  FakeQuantization above = getFakeQuantization(0.5f, 4.0f, 4);
  EXPECT_EQ(above.min, 0.0f);
  EXPECT_FLOAT_EQ(above.max, 3.5f);
  FakeQuantization below = getFakeQuantization(-4.0f, -0.5f, 4);
  EXPECT_FLOAT_EQ(below.min, -3.5f);
  EXPECT_EQ(below.max, 0.0f);
}
