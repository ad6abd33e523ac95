//===- wrapper-test.cpp - the C++ interpreter on handmade models ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "handmade.h"
#include "tflc/tflc.hpp"

#include "gtest/gtest.h"
#include <numeric>
#include <string>

using tflc::Interpreter;

TEST(Interpreter, RunsLikeTensorFlowLites) {
  Interpreter interpreter(handmade_model);
  EXPECT_TRUE(interpreter.typedInputTensor<float>(0).empty());
  ASSERT_TRUE(interpreter.allocateTensors());
  ASSERT_EQ(interpreter.inputCount(), 2u);
  auto image = interpreter.typedInputTensor<float>(0);
  ASSERT_EQ(image.size(), 6u);
  std::iota(image.begin(), image.end(), 1.0f);
  for (int8_t &bias : interpreter.typedInputTensor<int8_t>(1))
    bias = 10;
  ASSERT_TRUE(interpreter.invoke());
  auto sum = interpreter.typedOutputTensor<float>(0);
  EXPECT_EQ(std::vector<float>(sum.begin(), sum.end()),
            (std::vector<float>{11, 12, 13, 14, 15, 16}));
}

TEST(Interpreter, TellsDetails) {
  Interpreter interpreter(handmade_model);
  ASSERT_TRUE(interpreter.allocateTensors());
  tflc::TensorDetails bias = interpreter.inputDetails(1);
  EXPECT_EQ(std::string(bias.name()), "bias");
  EXPECT_EQ(std::string(bias.tensorName()), "serving_bias:0");
  EXPECT_EQ(bias.type(), TFLC_INT8);
  EXPECT_EQ(bias.shape(), std::vector<int32_t>{3});
  EXPECT_EQ(bias.scale(), 0.5f);
  EXPECT_EQ(bias.zeroPoint(), -3);
  EXPECT_EQ(bias.quantize<int8_t>(1.24f), -1); // 2.48 steps
  EXPECT_EQ(bias.quantize<int8_t>(1.25f), 0);  // 2.5 steps: away from zero
  EXPECT_EQ(bias.quantize<int8_t>(-1.25f), -6);
  EXPECT_EQ(bias.quantize<int8_t>(1e20f), 127);
  EXPECT_EQ(bias.quantize<int8_t>(-1e20f), -128);
  EXPECT_EQ(bias.dequantize(-1), 1.0f);
  EXPECT_FALSE(interpreter.inputDetails(0).isQuantized());
}

TEST(Interpreter, RefusesOtherTypesAndNumbers) {
  Interpreter interpreter(handmade_model);
  ASSERT_TRUE(interpreter.allocateTensors());
  EXPECT_TRUE(interpreter.typedInputTensor<int8_t>(0).empty());
  EXPECT_TRUE(interpreter.typedInputTensor<float>(2).empty());
  EXPECT_TRUE(interpreter.typedOutputTensor<float>(1).empty());
  EXPECT_EQ(interpreter.signatureRunner("nothing"), nullptr);
}

TEST(Interpreter, SignaturesShareVariables) {
  Interpreter interpreter(handmade_model);
  tflc::SignatureRunner *add = interpreter.signatureRunner("add");
  tflc::SignatureRunner *count = interpreter.signatureRunner("count");
  ASSERT_TRUE(add && count);
  EXPECT_EQ(interpreter.signatureRunner("add"), add);
  ASSERT_TRUE(add->allocateTensors());
  ASSERT_TRUE(add->invoke());
  ASSERT_TRUE(count->allocateTensors());
  ASSERT_TRUE(count->invoke());
  EXPECT_EQ(count->typedOutputTensor<int32_t>("calls")[0], 102);
  ASSERT_TRUE(count->resetVariableTensors());
  ASSERT_TRUE(count->invoke());
  EXPECT_EQ(count->typedOutputTensor<int32_t>("calls")[0], 101);
}

TEST(Interpreter, Resizes) {
  Interpreter interpreter(handmade_dynamic);
  ASSERT_TRUE(interpreter.allocateTensors());
  EXPECT_EQ(interpreter.inputDetails(0).shapeSignature(), (std::vector<int32_t>{-1, 2}));
  EXPECT_EQ(interpreter.inputDetails(0).shape(), (std::vector<int32_t>{1, 2}));
  EXPECT_EQ(interpreter.resizeInputTensor(0, {4, 3}).code(), TFLC_WRONG_SHAPE);
  ASSERT_TRUE(interpreter.resizeInputTensor(0, {4, 2}));
  ASSERT_TRUE(interpreter.resizeInputTensor(1, {4}));
  EXPECT_EQ(interpreter.invoke().code(), TFLC_ARENA_TOO_SMALL);
  ASSERT_TRUE(interpreter.allocateTensors());
  EXPECT_EQ(interpreter.arenaSize(), 64u);
  auto rows = interpreter.typedInputTensor<float>(0);
  ASSERT_EQ(rows.size(), 8u);
  std::fill(rows.begin(), rows.end(), 2.0f);
  auto factors = interpreter.typedInputTensor<float>(1);
  std::iota(factors.begin(), factors.end(), 1.0f);
  ASSERT_TRUE(interpreter.invoke());
  EXPECT_EQ(interpreter.typedOutputTensor<float>(0)[7], 8.0f);
  ASSERT_EQ(interpreter.typedOutputTensor<float>(1).size(), 2u);
  EXPECT_EQ(interpreter.typedOutputTensor<float>(1)[1], 7.0f);
}

TEST(Interpreter, WorksInTheCallersMemory) {
  alignas(16) unsigned char memory[64];
  Interpreter interpreter(handmade_model, memory, sizeof memory);
  ASSERT_TRUE(interpreter.allocateTensors());
  ASSERT_TRUE(interpreter.invoke());
  EXPECT_EQ(*reinterpret_cast<int32_t *>(memory), 101);

  Interpreter tooSmall(handmade_model, memory, 32);
  EXPECT_EQ(tooSmall.allocateTensors().code(), TFLC_ARENA_TOO_SMALL);
}

TEST(Interpreter, RefusesAnotherVersion) {
  tflc_model other = handmade_model;
  other.abi_version = 0;
  Interpreter interpreter(other);
  EXPECT_EQ(interpreter.allocateTensors().code(), TFLC_ABI_MISMATCH);
  EXPECT_EQ(interpreter.invoke().code(), TFLC_ABI_MISMATCH);
  EXPECT_EQ(interpreter.inputCount(), 0u);
  EXPECT_TRUE(interpreter.typedInputTensor<float>(0).empty());
}
