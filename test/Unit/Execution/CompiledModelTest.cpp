//===- CompiledModelTest.cpp - objects loaded into this process -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Execution/CompiledModel.h"

#include "../Target/LowerForTest.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace tflc;

static TensorInfo makeTensor(llvm::StringRef name, ElementType type, int64_t size) {
  TensorInfo tensor;
  tensor.name = tensor.tensorName = name.str();
  tensor.type = type;
  tensor.shape = {size};
  return tensor;
}

static std::unique_ptr<CompiledModel> compile(llvm::StringRef source, const TargetInfo &target,
                                              const SignatureInfo &signature,
                                              OptLevel level = OptLevel::O2) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = lowerForTest(context, source, target, level);
  CompileOptions options;
  options.target = target;
  options.optLevel = level;
  CompileResult result;
  result.name = result.model.name = "test";
  result.model.signatures = {signature};
  if (failed(generateCode(*module, options, result))) {
    ADD_FAILURE() << "no code for " << target.name;
    return nullptr;
  }
  auto model = CompiledModel::create(result);
  if (!model) {
    ADD_FAILURE() << llvm::toString(model.takeError());
    return nullptr;
  }
  return std::move(*model);
}

static const char kRounding[] = R"(
  func.func @main(%in: memref<16xf32>, %half: memref<16xf16>, %out: memref<96xf32>, %arena: memref<64xi8>)
      attributes {tfl.signature = "serving_default"} {
    %c0 = arith.constant 0 : index
    %c16 = arith.constant 16 : index
    %c32 = arith.constant 32 : index
    %c48 = arith.constant 48 : index
    %c64 = arith.constant 64 : index
    %c80 = arith.constant 80 : index
    %x = vector.load %in[%c0] : memref<16xf32>, vector<16xf32>
    %h = vector.load %half[%c0] : memref<16xf16>, vector<16xf16>
    %floor = math.floor %x : vector<16xf32>
    %ceil = math.ceil %x : vector<16xf32>
    %even = math.roundeven %x : vector<16xf32>
    %away = math.round %x : vector<16xf32>
    %wide = arith.extf %h : vector<16xf16> to vector<16xf32>
    %narrow = arith.truncf %x : vector<16xf32> to vector<16xf16>
    %again = arith.extf %narrow : vector<16xf16> to vector<16xf32>
    vector.store %floor, %out[%c0] : memref<96xf32>, vector<16xf32>
    vector.store %ceil, %out[%c16] : memref<96xf32>, vector<16xf32>
    vector.store %even, %out[%c32] : memref<96xf32>, vector<16xf32>
    vector.store %away, %out[%c48] : memref<96xf32>, vector<16xf32>
    vector.store %wide, %out[%c64] : memref<96xf32>, vector<16xf32>
    vector.store %again, %out[%c80] : memref<96xf32>, vector<16xf32>
    return
  }
)";

/// Expansions for machines without the instructions compute what the instructions do.
TEST(CompiledModel, RoundingWithoutInstructions) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  float in[16] = {0.5f,    -0.5f, 1.5f,      2.5f, -2.5f, 0.0f,       -0.0f,       1e-8f,
                  65519.f, 3e9f,  -1234.56f, inf,  -inf,  8388607.5f, 0.49999997f, nan};
  const uint16_t half[16] = {0x0000, 0x8000, 0x0001, 0x83ff, 0x0400, 0x3c00, 0xbc00, 0x7bff,
                             0xfbff, 0x7c00, 0xfc00, 0x7e00, 0x3555, 0x0200, 0x1234, 0x8001};
  SignatureInfo signature;
  signature.key = "serving_default";
  signature.function = "main";
  signature.inputs = {makeTensor("x", ElementType::Float32, 16),
                      makeTensor("h", ElementType::Float16, 16)};
  signature.outputs = {makeTensor("y", ElementType::Float32, 96)};

  auto run = [&](llvm::StringRef name, float *out) {
    auto model = compile(kRounding, *lookupTarget(name), signature);
    ASSERT_TRUE(model);
    alignas(64) char arena[64];
    llvm::Expected<int32_t> status = model->invoke("serving_default", {in, half}, {out}, arena);
    ASSERT_TRUE(!!status);
    EXPECT_EQ(*status, 0);
  };
  float expanded[96];
  run("x86-64", expanded);
  for (int i = 0; i < 16; ++i) {
    if (std::isnan(in[i])) {
      for (int k = 0; k < 4; ++k)
        EXPECT_TRUE(std::isnan(expanded[16 * k + i]));
      continue;
    }
    EXPECT_EQ(expanded[i], std::floor(in[i])) << in[i];
    EXPECT_EQ(expanded[16 + i], std::ceil(in[i])) << in[i];
    EXPECT_EQ(expanded[32 + i], std::nearbyint(in[i])) << in[i];
    EXPECT_EQ(expanded[48 + i], std::round(in[i])) << in[i];
    EXPECT_EQ(std::signbit(expanded[32 + i]), std::signbit(in[i])) << in[i];
  }
  TargetInfo native = detectNativeTarget();
  if (!native.hasHalfConversion || !native.hasRounding)
    GTEST_SKIP() << "this machine has no conversions of f16 to compare with";
  float instructions[96];
  run("native", instructions);
  for (int i = 0; i < 96; ++i)
    EXPECT_TRUE(expanded[i] == instructions[i] ||
                (std::isnan(expanded[i]) && std::isnan(instructions[i])))
        << i << ": " << expanded[i] << " " << instructions[i];
}

TEST(CompiledModel, MisuseIsAnError) {
  const char source[] = R"(
    func.func @main(%in: memref<4xi32>, %out: memref<4xi32>, %arena: memref<1xi8>) {
      memref.copy %in, %out : memref<4xi32> to memref<4xi32>
      return
    }
  )";
  SignatureInfo signature;
  signature.key = "serving_default";
  signature.function = "main";
  signature.inputs = {makeTensor("x", ElementType::Int32, 4)};
  signature.outputs = {makeTensor("y", ElementType::Int32, 4)};
  auto model = compile(source, *lookupTarget("native"), signature, OptLevel::O0);
  ASSERT_TRUE(model);
  const int32_t in[4] = {1, -2, 3, -4};
  int32_t out[4] = {};
  EXPECT_EQ(llvm::cantFail(model->invoke("serving_default", {in}, {out}, nullptr)), 0);
  EXPECT_EQ(out[3], -4);
  EXPECT_EQ(llvm::toString(model->invoke("other", {in}, {out}, nullptr).takeError()),
            "the model has no signature 'other'");
  EXPECT_EQ(llvm::toString(model->invoke("serving_default", {}, {out}, nullptr).takeError()),
            "signature 'serving_default' has 1 inputs and 1 outputs, found 0 and 1");
  EXPECT_FALSE(model->getFunction("other"));
  model->reset(nullptr); // nothing to do without variables
}
