//===- DescriptorTest.cpp - the descriptor as the runtime sees it ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The module goes through the JIT, and what it holds is read with the structures of the runtime's
// header: a difference of layout cannot hide.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Descriptor.h"

#include "tflc/tflc.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"
#include "gtest/gtest.h"

using namespace tflc;

/// Two signatures and a variable, as the translation from MLIR leaves them.
static const char *statefulIR = R"(
@weights = global [2 x i32] [i32 3, i32 4]
define void @main(ptr %x, ptr %y, ptr %arena) {
  %v = load i32, ptr %x
  %old = load i32, ptr %arena
  %new = add i32 %v, %old
  store i32 %new, ptr %arena
  %w = load i32, ptr @weights
  %r = mul i32 %w, %new
  store i32 %r, ptr %y
  ret void
}
define i32 @other(ptr %arena) {
  call void @main(ptr %arena, ptr %arena, ptr %arena)
  ret i32 3
}
define void @tflc.reset(ptr %arena) {
  store i32 7, ptr %arena
  ret void
}
)";

static const char *dynamicIR = R"(
define void @main(ptr %x, ptr %y, ptr %arena, i64 %n) {
  %v = trunc i64 %n to i32
  store i32 %v, ptr %y
  ret void
}
define { i64, i64 } @main.plan(i64 %n) {
  %size = mul i64 %n, 16
  %half = udiv i64 %n, 2
  %a = insertvalue { i64, i64 } poison, i64 %size, 0
  %b = insertvalue { i64, i64 } %a, i64 %half, 1
  ret { i64, i64 } %b
}
)";

static TensorInfo makeTensor(std::string name, std::vector<int64_t> shape) {
  TensorInfo tensor;
  tensor.name = name;
  tensor.tensorName = "graph/" + name + ":0";
  tensor.type = ElementType::Int32;
  tensor.shape = std::move(shape);
  return tensor;
}

static ModelInfo makeStatefulInfo() {
  ModelInfo info;
  info.name = "net";
  SignatureInfo &first = info.signatures.emplace_back();
  first.key = "step";
  first.function = "main";
  first.inputs = {makeTensor("x", {1})};
  first.inputs[0].scales = {0.25f};
  first.inputs[0].zeroPoints = {-5};
  first.outputs = {makeTensor("y", {})};
  SignatureInfo &second = info.signatures.emplace_back();
  second.key = "o-ther";
  second.function = "other";
  info.variables.push_back({"total", ElementType::Int32, {1}});
  return info;
}

namespace {
class Descriptor : public testing::Test {
protected:
  static void SetUpTestSuite() {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  }

  std::unique_ptr<llvm::Module> parse(const char *text) {
    llvm::SMDiagnostic diagnostic;
    auto module = llvm::parseAssemblyString(text, diagnostic, *context);
    EXPECT_TRUE(module) << diagnostic.getMessage().str();
    return module;
  }

  /// Adds the descriptor and looks up `net_model` in the compiled module.
  const tflc_model *compile(const char *text, const ModelInfo &info, const ArenaInfo &arena) {
    auto created = llvm::orc::LLJITBuilder().create();
    if (!created)
      return nullptr;
    jit = std::move(*created);
    auto module = parse(text);
    module->setDataLayout(jit->getDataLayout());
    module->setTargetTriple(jit->getTargetTriple());
    if (llvm::Error error = addDescriptor(*module, info, arena)) {
      ADD_FAILURE() << llvm::toString(std::move(error));
      return nullptr;
    }
    EXPECT_FALSE(llvm::verifyModule(*module, &llvm::errs()));
    for (llvm::GlobalObject &object : module->global_objects())
      if (!object.hasLocalLinkage())
        exported.push_back(object.getName().str());
    llvm::cantFail(
        jit->addIRModule(llvm::orc::ThreadSafeModule(std::move(module), std::move(context))));
    auto symbol = jit->lookup("net_model");
    if (!symbol)
      return nullptr;
    return symbol->toPtr<const tflc_model *>();
  }

  std::unique_ptr<llvm::LLVMContext> context = std::make_unique<llvm::LLVMContext>();
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<std::string> exported;
};
} // namespace

TEST_F(Descriptor, TellsTheRuntimeEverything) {
  const tflc_model *model = compile(statefulIR, makeStatefulInfo(), {256, 32, 64});
  ASSERT_TRUE(model);
  EXPECT_EQ(model->abi_version, TFLC_ABI_VERSION_PLAIN);
  EXPECT_STREQ(model->name, "net");
  EXPECT_EQ(model->num_signatures, 2u);
  EXPECT_EQ(model->arena_size, 256u);
  EXPECT_EQ(model->arena_alignment, 32u);
  EXPECT_EQ(model->state_size, 64u);
  const tflc_signature &step = model->signatures[0];
  EXPECT_STREQ(step.key, "step");
  EXPECT_EQ(step.num_inputs, 1);
  EXPECT_EQ(step.num_outputs, 1);
  EXPECT_EQ(step.num_dims, 0);
  EXPECT_EQ(step.plan, nullptr);
  const tflc_tensor &x = step.inputs[0];
  EXPECT_STREQ(x.name, "x");
  EXPECT_STREQ(x.tensor_name, "graph/x:0");
  EXPECT_EQ(x.type, TFLC_INT32);
  EXPECT_EQ(x.rank, 1);
  EXPECT_EQ(x.shape[0], 1);
  EXPECT_EQ(x.num_scales, 1u);
  EXPECT_EQ(x.scales[0], 0.25f);
  EXPECT_EQ(x.zero_points[0], -5);
  EXPECT_EQ(x.axis, -1);
  EXPECT_EQ(step.outputs[0].rank, 0);
  EXPECT_EQ(step.outputs[0].scales, nullptr);
  EXPECT_STREQ(model->signatures[1].key, "o-ther");
  EXPECT_EQ(model->signatures[1].inputs, nullptr);
}

TEST_F(Descriptor, ExportsNothingElse) {
  ASSERT_TRUE(compile(statefulIR, makeStatefulInfo(), {256, 32, 64}));
  std::sort(exported.begin(), exported.end());
  EXPECT_EQ(exported, (std::vector<std::string>{"net_model", "net_o_ther", "net_o_ther_packed",
                                                "net_reset", "net_step", "net_step_packed"}));
}

TEST_F(Descriptor, RunsThroughTheRuntime) {
  const tflc_model *model = compile(statefulIR, makeStatefulInfo(), {256, 32, 64});
  ASSERT_TRUE(model);
  alignas(32) unsigned char arena[256];
  void *buffers[2];
  tflc_runner runner;
  int32_t x = 5, y = 0;
  ASSERT_EQ(tflc_init(&runner, model, "step", buffers, 2), TFLC_OK);
  ASSERT_EQ(tflc_set_arena(&runner, arena, sizeof arena), TFLC_OK);
  ASSERT_EQ(tflc_set_input(&runner, 0, &x, sizeof x), TFLC_OK);
  ASSERT_EQ(tflc_set_output(&runner, 0, &y, sizeof y), TFLC_OK);
  EXPECT_EQ(tflc_invoke(&runner), TFLC_OK);
  EXPECT_EQ(y, 36); // 3 * (7 + 5)
  EXPECT_EQ(tflc_invoke(&runner), TFLC_OK);
  EXPECT_EQ(y, 51);

  auto typed = jit->lookup("net_step");
  ASSERT_TRUE(bool(typed));
  EXPECT_EQ(typed->toPtr<int32_t(const int32_t *, int32_t *, void *)>()(&x, &y, arena), 0);
  EXPECT_EQ(y, 66);
  // A function that returns a status hands it on.
  EXPECT_EQ(model->signatures[1].invoke(nullptr, nullptr, arena, nullptr), 3);
}

TEST_F(Descriptor, PlansUnknownDimensions) {
  ModelInfo info;
  info.name = "net";
  SignatureInfo &signature = info.signatures.emplace_back();
  signature.key = "serving_default";
  signature.function = "main";
  signature.inputs = {makeTensor("x", {dynamicDim, 4})};
  signature.outputs = {makeTensor("y", {2, dynamicDim})};
  const tflc_model *model = compile(dynamicIR, info, {0, 16, 0});
  ASSERT_TRUE(model);
  const tflc_signature &step = model->signatures[0];
  EXPECT_EQ(step.num_dims, 1);
  EXPECT_EQ(step.num_derived, 1);
  EXPECT_EQ(step.inputs[0].shape[0], -1);
  EXPECT_EQ(step.inputs[0].shape[1], 4);
  EXPECT_EQ(step.outputs[0].shape[1], -2);
  int64_t dims[2] = {6, 0};
  ASSERT_TRUE(step.plan);
  EXPECT_EQ(step.plan(dims), 96);
  EXPECT_EQ(dims[1], 3);
  int32_t x = 0, y = 0;
  void *inputs[] = {&x}, *outputs[] = {&y};
  EXPECT_EQ(step.invoke(inputs, outputs, nullptr, dims), 0);
  EXPECT_EQ(y, 6);
}

TEST_F(Descriptor, ReportsAModuleThatDoesNotFit) {
  auto expectError = [&](ModelInfo info, const char *text) {
    auto module = parse(statefulIR);
    EXPECT_EQ(llvm::toString(addDescriptor(*module, info, {256, 32, 64})), text);
  };
  ModelInfo info = makeStatefulInfo();
  info.signatures[0].function = "absent";
  expectError(info, "no function 'absent' in the compiled module");
  info = makeStatefulInfo();
  info.signatures[0].inputs.push_back(makeTensor("z", {1}));
  expectError(info, "function 'main' has 3 parameters, expected 4");
  info = makeStatefulInfo();
  info.signatures[0].inputs[0].type = ElementType::Resource;
  expectError(info, "tensor \"x\" of type resource cannot be an input or output");
  info.signatures.clear();
  expectError(info, "the model has no signature");
}
