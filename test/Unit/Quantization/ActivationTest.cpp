//===- ActivationTest.cpp - ranges of fused activations -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/Activation.h"

#include "gtest/gtest.h"

using namespace tflc;

namespace {

constexpr IntegerRange int8 = {-128, 127};

TEST(Activation, Names) {
  EXPECT_EQ(parseActivation("RELU6"), Activation::Relu6);
  EXPECT_EQ(parseActivation("NONE"), Activation::None);
  EXPECT_FALSE(parseActivation("GELU"));
}

TEST(Activation, QuantizedRanges) {
  auto none = getQuantizedActivationRange(Activation::None, 0.5f, 3, int8);
  EXPECT_EQ(none->min, -128);
  EXPECT_EQ(none->max, 127);
  auto relu = getQuantizedActivationRange(Activation::Relu, 0.5f, 3, int8);
  EXPECT_EQ(relu->min, 3);
  EXPECT_EQ(relu->max, 127);
  auto relu6 = getQuantizedActivationRange(Activation::Relu6, 0.5f, 3, int8);
  EXPECT_EQ(relu6->min, 3);
  EXPECT_EQ(relu6->max, 15);
  auto unit = getQuantizedActivationRange(Activation::ReluN1To1, 0.4f, 3, int8);
  // 1 / 0.4 lies half way and goes away from zero.
  EXPECT_EQ(unit->min, 0);
  EXPECT_EQ(unit->max, 6);
}

TEST(Activation, StaysInTheType) {
  auto relu6 = getQuantizedActivationRange(Activation::Relu6, 0.01f, -100, int8);
  EXPECT_EQ(relu6->min, -100);
  EXPECT_EQ(relu6->max, 127);
  auto unit = getQuantizedActivationRange(Activation::ReluN1To1, 0.001f, 128, {0, 255});
  EXPECT_EQ(unit->min, 0);
  EXPECT_EQ(unit->max, 255);
}

TEST(Activation, ScaleTooSmall) {
  EXPECT_FALSE(getQuantizedActivationRange(Activation::Relu6, 1e-12f, 0, int8));
}

} // namespace
