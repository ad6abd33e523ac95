//===- NarrowConstantsTest.cpp - constants in fewer bytes keep their values ===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Execution/CompiledModel.h"

#include "../Target/LowerForTest.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"
#include <cmath>
#include <cstring>
#include <vector>

using namespace tflc;

/// The value of a half, by definition.
static float widen(uint16_t bits) {
  int exponent = bits >> 10 & 31, fraction = bits & 1023;
  float magnitude = exponent == 31  ? (fraction ? NAN : INFINITY)
                    : exponent == 0 ? std::ldexp(float(fraction), -24)
                                    : std::ldexp(float(1024 + fraction), exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

/// A function that copies a constant, `lanes` elements at a time.
static std::string writeCopy(llvm::StringRef type, size_t size, llvm::StringRef bytes,
                             unsigned lanes) {
  std::string element = type.str(), count = std::to_string(size), step = std::to_string(lanes);
  std::string buffer = "memref<" + count + "x" + element + ">";
  std::string vector = ", vector<" + step + "x" + element + ">";
  bool isScalar = lanes == 1;
  return "memref.global \"private\" constant @c : " + buffer + " = dense<\"0x" +
         llvm::toHex(bytes) + "\">\nfunc.func @main(%out: " + buffer +
         ", %arena: memref<64xi8>) attributes {tfl.signature = \"serving_default\"} {\n" +
         "  %c = memref.get_global @c : " + buffer + "\n  %c0 = arith.constant 0 : index\n" +
         "  %end = arith.constant " + count + " : index\n  %step = arith.constant " + step +
         " : index\n  scf.for %i = %c0 to %end step %step {\n    %x = " +
         (isScalar ? "memref" : "vector") + ".load %c[%i] : " + buffer + (isScalar ? "" : vector) +
         "\n    " + (isScalar ? "memref" : "vector") + ".store %x, %out[%i] : " + buffer +
         (isScalar ? "" : vector) + "\n  }\n  return\n}\n";
}

/// Compiles such a function for size, and calls it.
template <typename T>
static std::vector<T> copyCompiled(const std::vector<T> &values, ElementType type,
                                   llvm::StringRef name, llvm::StringRef target, unsigned lanes) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  CompileOptions options;
  options.target = *lookupTarget(target);
  options.optLevel = OptLevel::Os;
  llvm::StringRef bytes(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  auto module = lowerForTest(context, writeCopy(name, values.size(), bytes, lanes), options.target,
                             OptLevel::Os);
  SignatureInfo signature;
  signature.key = "serving_default";
  signature.function = "main";
  TensorInfo &output = signature.outputs.emplace_back();
  output.name = output.tensorName = "copy";
  output.type = type;
  output.shape = {static_cast<int64_t>(values.size())};
  CompileResult result;
  result.name = result.model.name = "test";
  result.model.signatures = {signature};
  EXPECT_TRUE(succeeded(generateCode(*module, options, result)));
  std::unique_ptr<CompiledModel> model = llvm::cantFail(CompiledModel::create(result));
  std::vector<T> copy(values.size());
  alignas(64) char arena[64];
  EXPECT_EQ(llvm::cantFail(model->invoke("serving_default", {}, {copy.data()}, arena)), 0);
  return copy;
}

static void expectSame(const std::vector<float> &values, llvm::StringRef target, unsigned lanes) {
  std::vector<float> copy = copyCompiled(values, ElementType::Float32, "f32", target, lanes);
  for (size_t i = 0; i < values.size(); ++i) {
    uint32_t wanted, got;
    std::memcpy(&wanted, &values[i], sizeof(wanted));
    std::memcpy(&got, &copy[i], sizeof(got));
    EXPECT_TRUE(wanted == got || (std::isnan(values[i]) && std::isnan(copy[i])))
        << target.str() << " element " << i << ": " << values[i] << " became " << copy[i];
  }
}

/// Every half but infinities and NaN, without an instruction that converts.
TEST(NarrowConstants, FiniteHalves) {
  std::vector<float> values;
  for (unsigned bits = 0; bits < 0x10000; ++bits)
    if ((bits & 0x7c00) != 0x7c00)
      values.push_back(widen(bits));
  expectSame(values, "x86-64", 4);
}

TEST(NarrowConstants, AllHalves) {
  std::vector<float> values;
  for (unsigned bits = 0; bits < 0x10000; ++bits)
    values.push_back(widen(bits));
  expectSame(values, "x86-64", 8);
  if (detectNativeTarget().hasHalfConversion)
    expectSame(values, "native", 8);
}

/// Blocks of every length, single elements, and vectors that begin within a block.
TEST(NarrowConstants, Nibbles) {
  std::vector<int8_t> bytes;
  std::vector<int16_t> words;
  for (int i = 0; i < 960; ++i)
    bytes.push_back((i * 7 + i / 16 * 3) % 16 - 8);
  words.assign(bytes.begin(), bytes.end());
  for (llvm::StringRef target : {"x86-64", "native"})
    for (unsigned lanes : {1, 2, 3, 4, 5, 16, 32, 64}) {
      EXPECT_EQ(copyCompiled(bytes, ElementType::Int8, "i8", target, lanes), bytes) << lanes;
      EXPECT_EQ(copyCompiled(words, ElementType::Int16, "i16", target, lanes), words) << lanes;
    }
}
