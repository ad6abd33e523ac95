//===- HeaderTest.cpp - the text of the generated header ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// What C compilers think of headers, and whether the helpers round rightly, is tested where
// compilers are at hand (test/Execution); here is what must be in the text.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Header.h"

#include "gtest/gtest.h"

using namespace tflc;

static ModelInfo makeInfo() {
  ModelInfo info;
  info.name = "net";
  SignatureInfo &signature = info.signatures.emplace_back();
  signature.key = "serving_default";
  TensorInfo input;
  input.name = "image";
  input.type = ElementType::Int8;
  input.shape = {1, 28, 28};
  input.scales = {0.1f};
  input.zeroPoints = {-128};
  signature.inputs = {input};
  TensorInfo output;
  output.name = "scores";
  output.shape = {};
  signature.outputs = {output};
  return info;
}

static bool contains(const std::string &text, const char *part) {
  return text.find(part) != std::string::npos;
}

TEST(Header, StatesFunctionsAndConstants) {
  std::string text = writeHeader(makeInfo(), {1000, 64, 0});
  for (const char *line : {"#define NET_ARENA_SIZE 1000\n", "#define NET_ARENA_ALIGNMENT 64\n",
                           "int32_t net_invoke(const int8_t *image, float *scores, void *arena);\n",
                           "#define NET_IMAGE_SHAPE {1, 28, 28}\n", "#define NET_IMAGE_RANK 3\n",
                           "#define NET_IMAGE_SIZE 784\n", "#define NET_IMAGE_SCALE 0.100000001f\n",
                           "#define NET_IMAGE_ZERO_POINT (-128)\n", "#define NET_SCORES_SIZE 1\n",
                           "static inline int8_t net_quantize_image(float value)",
                           "static inline float net_dequantize_image(int8_t value)",
                           "extern const struct tflc_model net_model;\n"})
    EXPECT_TRUE(contains(text, line)) << line << "\nnot in\n" << text;
  EXPECT_FALSE(contains(text, "quantize_scores"));
  EXPECT_FALSE(contains(text, "NET_SCORES_SHAPE"));
  EXPECT_FALSE(contains(text, "reset"));
}

TEST(Header, ArenaIsNeverEmpty) {
  EXPECT_TRUE(contains(writeHeader(makeInfo(), {0, 1, 0}), "#define NET_ARENA_SIZE 1\n"));
}

TEST(Header, UnknownDimensions) {
  ModelInfo info = makeInfo();
  info.signatures[0].inputs[0].shape[0] = dynamicDim;
  std::string text = writeHeader(info, {0, 64, 0});
  EXPECT_FALSE(contains(text, "ARENA_SIZE"));
  EXPECT_FALSE(contains(text, "NET_IMAGE_SIZE"));
  EXPECT_TRUE(contains(text, "#define NET_NUM_DIMS 1\n"));
  EXPECT_TRUE(contains(text, "int64_t net_invoke_plan(int64_t *dims);\n"));
  EXPECT_TRUE(contains(text, "void *arena, const int64_t *dims);\n"));
}

TEST(Header, MeasuredDimensions) {
  ModelInfo info = makeInfo();
  SignatureInfo &signature = info.signatures[0];
  signature.outputs[0].shape = {measuredDim, 2};
  signature.outputs[0].limits = {6, 2};
  signature.hasLimits = true;
  std::string text = writeHeader(info, {64, 64, 0});
  EXPECT_TRUE(contains(text, "#define NET_ARENA_SIZE 64\n"));
  // The dimension, the bytes of the output and those of the arena.
  EXPECT_TRUE(contains(text, "#define NET_NUM_DIMS 3\n"));
  EXPECT_TRUE(contains(text, "#define NET_SCORES_MAX_SIZE 12\n"));
  EXPECT_TRUE(contains(text, "#define NET_SCORES_SHAPE {-1, 2}\n"));
  EXPECT_TRUE(contains(text, "void *arena, int64_t *dims);\n"));
}

TEST(Header, NamesCannotBreakOut) {
  ModelInfo info = makeInfo();
  info.signatures[0].inputs[0].name = "a*/\n\"b\\?"
                                      "?/\x01";
  std::string text = writeHeader(info, {1, 1, 0});
  EXPECT_TRUE(contains(text, "_NAME \"a*/\\012\\\"b\\\\\\?\\?/\\001\"\n")) << text;
  EXPECT_TRUE(contains(text, "/* Input \"a* /\\012")) << text;
}

TEST(Header, SenselessScalesGetNoHelpers) {
  ModelInfo info = makeInfo();
  info.signatures[0].inputs[0].scales = {0.0f};
  EXPECT_FALSE(contains(writeHeader(info, {1, 1, 0}), "quantize_image"));
}
