//===- ExportedNamesTest.cpp - the C names of a compiled model ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/ExportedNames.h"

#include "gtest/gtest.h"

using namespace tflc;

static TensorInfo makeTensor(std::string name) {
  TensorInfo tensor;
  tensor.name = std::move(name);
  return tensor;
}

static SignatureInfo makeSignature(std::string key, std::vector<std::string> inputs,
                                   std::vector<std::string> outputs) {
  SignatureInfo signature;
  signature.key = std::move(key);
  for (std::string &name : inputs)
    signature.inputs.push_back(makeTensor(name));
  for (std::string &name : outputs)
    signature.outputs.push_back(makeTensor(name));
  return signature;
}

using Names = std::vector<std::string>;

TEST(ExportedNames, OneSignatureIsInvoke) {
  ModelInfo info;
  info.name = "mnist";
  info.signatures = {makeSignature("serving_default", {"image"}, {"scores"})};
  ExportedNames names = getExportedNames(info);
  EXPECT_EQ(names.model, "mnist_model");
  EXPECT_EQ(names.reset, "");
  EXPECT_EQ(names.signatures[0].typed, "mnist_invoke");
  EXPECT_EQ(names.signatures[0].packed, "mnist_invoke_packed");
  EXPECT_EQ(names.signatures[0].plan, "");
  EXPECT_EQ(names.signatures[0].prefix, "mnist");
}

TEST(ExportedNames, SeveralSignaturesGoByTheirKeys) {
  ModelInfo info;
  info.name = "net";
  info.signatures = {makeSignature("encode", {"image"}, {"code"}),
                     makeSignature("de code", {"code"}, {"image"}),
                     makeSignature("de-code", {"code"}, {"image"}), makeSignature("model", {}, {})};
  info.variables.emplace_back();
  ExportedNames names = getExportedNames(info);
  EXPECT_EQ(names.reset, "net_reset");
  EXPECT_EQ(names.signatures[0].typed, "net_encode");
  EXPECT_EQ(names.signatures[0].prefix, "net_encode");
  EXPECT_EQ(names.signatures[1].typed, "net_de_code");
  EXPECT_EQ(names.signatures[2].typed, "net_de_code_1");
  EXPECT_EQ(names.signatures[3].typed, "net_model_");
}

TEST(ExportedNames, TensorsAreUsableAndUnique) {
  ModelInfo info;
  info.name = "net";
  info.signatures = {
      makeSignature("s", {"a/b:0", "a.b.0", "A_B_0", "int", "0", "arena", ""}, {"a/b:0"})};
  ExportedNames names = getExportedNames(info);
  EXPECT_EQ(names.signatures[0].inputs,
            (Names{"a_b_0", "a_b_0_1", "A_B_0_2", "int_", "_0", "arena_", "_"}));
  EXPECT_EQ(names.signatures[0].outputs, (Names{"a_b_0_3"}));
}

TEST(ExportedNames, UnknownDimensionsNeedAPlan) {
  ModelInfo info;
  info.name = "net";
  info.signatures = {makeSignature("s", {"x"}, {"y"})};
  info.signatures[0].inputs[0].shape = {dynamicDim, 2};
  EXPECT_EQ(getExportedNames(info).signatures[0].plan, "net_invoke_plan");
}
