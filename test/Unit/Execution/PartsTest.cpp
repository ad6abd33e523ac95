//===- PartsTest.cpp - large modules that threads compile in parts --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Execution/CompiledModel.h"

#include "../Target/LowerForTest.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/Object/ELFObjectFile.h"
#include "gtest/gtest.h"

#ifdef __linux__
#include <sched.h>
#endif

using namespace tflc;

static constexpr int numKernels = 24, numSteps = 400;

/// What a step of kernel `k` does to a number: nothing that LLVM can shorten.
static uint32_t step(uint32_t value, int k, int i) {
  value = value * uint32_t(2 * i + 3) + uint32_t(k);
  return value ^ (value >> 7);
}

/// Many kernels that stay apart. All read the same table, and call the same function.
static std::string makeSource() {
  std::string source = R"(
    memref.global "private" constant @table : memref<4xi32> = dense<[7, 1, 5, 3]>
    func.func private @next(%x: i32) -> i32 {
      %c7 = arith.constant 7 : i32
      %s = arith.shrui %x, %c7 : i32
      %r = arith.xori %x, %s : i32
      return %r : i32
    }
  )";
  std::string calls;
  for (int k = 0; k < numKernels; ++k) {
    std::string name = "@kernel" + std::to_string(k);
    source += "func.func private " + name + "(%x: memref<4xi32>) attributes {tflc.apart} {\n";
    source += "%c0 = arith.constant 0 : index\n%k = arith.constant " + std::to_string(k) +
              " : i32\n%t = memref.get_global @table : memref<4xi32>\n";
    source += "%i = arith.constant " + std::to_string(k % 4) + " : index\n";
    source += "%a = memref.load %x[%c0] : memref<4xi32>\n%b = memref.load %t[%i] : "
              "memref<4xi32>\n%v0 = arith.addi %a, %b : i32\n";
    for (int i = 0; i < numSteps; ++i) {
      std::string n = std::to_string(i), next = std::to_string(i + 1);
      source += "%c" + n + "f = arith.constant " + std::to_string(2 * i + 3) + " : i32\n%m" + n +
                " = arith.muli %v" + n + ", %c" + n + "f : i32\n%s" + n + " = arith.addi %m" + n +
                ", %k : i32\n%v" + next + " = call @next(%s" + n + ") : (i32) -> i32\n";
    }
    source +=
        "memref.store %v" + std::to_string(numSteps) + ", %x[%c0] : memref<4xi32>\nreturn\n}\n";
    calls += "call " + name + "(%x) : (memref<4xi32>) -> ()\n";
  }
  return source +
         "func.func @main(%x: memref<4xi32>, %arena: memref<64xi8>) attributes "
         "{tfl.signature = \"serving_default\"} {\n" +
         calls + "return\n}\n";
}

static CompileResult compile() {
  CompileResult result;
  auto target = lookupTarget("native");
  if (!target) {
    ADD_FAILURE() << "this machine is no target";
    return result;
  }
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto module = lowerForTest(context, makeSource(), *target);
  CompileOptions options;
  options.target = *target;
  TensorInfo tensor;
  tensor.name = tensor.tensorName = "x";
  tensor.type = ElementType::Int32;
  tensor.shape = {4};
  SignatureInfo signature;
  signature.key = "serving_default";
  signature.function = "main";
  signature.outputs = {tensor};
  result.name = result.model.name = "test";
  result.model.signatures = {signature};
  EXPECT_TRUE(succeeded(generateCode(*module, options, result)));
  return result;
}

/// What all threads of this machine make, once for all tests.
static const CompileResult &getCompiled() {
  static const CompileResult result = compile();
  return result;
}

TEST(Parts, ComputeWhatTheWholeDoes) {
  auto model = CompiledModel::create(getCompiled());
  ASSERT_TRUE(!!model) << llvm::toString(model.takeError());
  alignas(64) unsigned char arena[64];
  uint32_t values[4] = {123, 0, 0, 0}, expected = values[0];
  void *outputs[] = {values};
  auto status = (*model)->invoke("serving_default", {}, outputs, arena);
  ASSERT_TRUE(status && *status == 0);
  const uint32_t table[] = {7, 1, 5, 3};
  for (int k = 0; k < numKernels; ++k) {
    expected += table[k % 4];
    for (int i = 0; i < numSteps; ++i)
      expected = step(expected, k, i);
  }
  EXPECT_EQ(values[0], expected);
}

/// Kernels of all parts are in the object, under names that no other object can see.
TEST(Parts, ExportNothingOfTheirOwn) {
  if (!canJoinObjects(*lookupTarget("native")))
    GTEST_SKIP() << "objects of this machine are made whole";
  auto file = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(getCompiled().files.at(EmitKind::Object), "test.o"));
  ASSERT_TRUE(!!file) << llvm::toString(file.takeError());
  int kernels = 0;
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    llvm::StringRef name = llvm::cantFail(symbol.getName());
    uint32_t flags = llvm::cantFail(symbol.getFlags());
    EXPECT_FALSE(flags & llvm::object::SymbolRef::SF_Undefined && !name.empty()) << name.str();
    if (!name.starts_with("kernel"))
      continue;
    ++kernels;
    EXPECT_FALSE(flags & llvm::object::SymbolRef::SF_Global) << name.str();
  }
  EXPECT_EQ(kernels, numKernels);
}

#ifdef __linux__
TEST(Parts, DoNotDependOnTheNumberOfThreads) {
  getCompiled();
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu)
    if (CPU_ISSET(cpu, &before))
      CPU_SET(cpu, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  std::string withOne = compile().files[EmitKind::Object];
  sched_setaffinity(0, sizeof(before), &before);
  EXPECT_TRUE(getCompiled().files.at(EmitKind::Object) == withOne);
}
#endif
