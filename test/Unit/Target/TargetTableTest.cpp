//===- TargetTableTest.cpp - names, facts and overrides of targets --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/TargetInfo.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace tflc;

static TargetInfo get(llvm::StringRef name) {
  std::optional<TargetInfo> target = lookupTarget(name);
  EXPECT_TRUE(target) << name.str();
  return target.value_or(TargetInfo());
}

TEST(TargetTable, EveryRowIsKnownToLLVM) {
  std::vector<TargetInfo> targets = getAllTargets();
  EXPECT_EQ(targets.front().name, "native");
  EXPECT_EQ(targets.size(), 24u);
  for (const TargetInfo &target : targets) {
    EXPECT_FALSE(target.description.empty()) << target.name;
    EXPECT_TRUE(target.pointerBits == 32 || target.pointerBits == 64) << target.name;
    EXPECT_EQ(target.isBareMetal(), target.flashBytes != 0) << target.name;
  }
}

TEST(TargetTable, Facts) {
  EXPECT_EQ(get("x86-64").vectorBits, 128u);
  EXPECT_FALSE(get("x86-64").hasRounding);
  EXPECT_FALSE(get("x86-64-v2").hasFMA);
  EXPECT_TRUE(get("x86-64-v2").hasRounding);
  EXPECT_EQ(get("x86-64-v3").vectorBits, 256u);
  EXPECT_TRUE(get("x86-64-v3").hasHalfConversion);
  EXPECT_EQ(get("x86-64-v4").vectorRegisters, 32u);
  EXPECT_EQ(get("x86-64-v4").instructions.dot->name, "maddwd");
  EXPECT_EQ(get("sapphirerapids").instructions.dot->name, "vnni512");
  EXPECT_FALSE(get("x86-64").instructions.hasBytePairs);
  EXPECT_TRUE(get("x86-64-v2").instructions.hasBytePairs);
  EXPECT_TRUE(get("sapphirerapids").instructions.hasTileProducts);
  EXPECT_FALSE(get("x86-64-v4").instructions.hasTileProducts);
  EXPECT_EQ(get("cortex-a72").instructions.dot->name, "none");
  EXPECT_EQ(get("cortex-a76").instructions.dot->name, "sdot");
  EXPECT_EQ(get("neoverse-v1").instructions.dot->name, "smmla");
  EXPECT_EQ(get("x86-64").instructions.lookup->name, "none");
  EXPECT_EQ(get("x86-64-v2").instructions.lookup->name, "pshufb");
  EXPECT_EQ(get("x86-64-v4").instructions.lookup->name, "pshufb");
  EXPECT_EQ(get("sapphirerapids").instructions.lookup->name, "vpermi2b");
  EXPECT_EQ(get("cortex-a72").instructions.lookup->name, "tbl");
  EXPECT_EQ(get("armv7-a").pointerBits, 32u);
  EXPECT_FALSE(get("armv7-a").hasDivide);
  EXPECT_EQ(get("cortex-m0plus").floatUnit, FloatUnit::None);
  EXPECT_FALSE(get("cortex-m0plus").hasWideMultiply);
  EXPECT_EQ(get("cortex-m3").instructions.dot->name, "none");
  EXPECT_EQ(get("cortex-m4").instructions.dot->name, "smlad");
  EXPECT_EQ(get("cortex-m4").floatUnit, FloatUnit::Single);
  EXPECT_EQ(get("cortex-m7").floatUnit, FloatUnit::Double);
  EXPECT_EQ(get("cortex-m55").instructions.dot->name, "mve");
  EXPECT_TRUE(get("cortex-m55").instructions.dot->sumsVectors());
  EXPECT_TRUE(get("cortex-m55").instructions.extendsAlternateLanes);
  EXPECT_FALSE(get("cortex-m4").instructions.dot->sumsVectors());
  EXPECT_FALSE(get("cortex-a72").instructions.extendsAlternateLanes);
  EXPECT_EQ(get("cortex-m55").vectorRegisters, 8u);
  EXPECT_TRUE(get("riscv64-gcv").scalableVectors);
  EXPECT_EQ(get("riscv32-imc").floatUnit, FloatUnit::None);
  EXPECT_EQ(get("riscv32-imafc").floatUnit, FloatUnit::Single);
}

static TargetInfo resolve(const TargetSelection &selection) {
  llvm::Expected<TargetInfo> target = resolveTarget(selection);
  EXPECT_TRUE(!!target);
  return target ? *target : TargetInfo();
}

TEST(TargetTable, OverridesChangeFacts) {
  // Signed bytes by signed bytes; what has AVX-512 keeps its longer registers.
  for (const char *cpu : {"sierraforest", "arrowlake-s", "lunarlake", "pantherlake"})
    EXPECT_EQ(resolve({"x86-64-v3", "", cpu, ""}).instructions.dot->name, "avxvnniint8") << cpu;
  EXPECT_EQ(resolve({"x86-64-v3", "", "alderlake", ""}).instructions.dot->name, "avxvnni");
  EXPECT_EQ(resolve({"x86-64-v4", "", "", "+avx512vnni"}).instructions.dot->name, "vnni512");

  TargetInfo noTiles = resolve({"sapphirerapids", "", "", "-amx-int8"});
  EXPECT_FALSE(noTiles.instructions.hasTileProducts);
  EXPECT_EQ(noTiles.instructions.dot->name, "vnni512");
  // Only Linux is asked for tile registers.
  EXPECT_FALSE(
      resolve({"sapphirerapids", "x86_64-unknown-freebsd", "", ""}).instructions.hasTileProducts);

  TargetInfo custom = resolve({"", "aarch64-linux-gnu", "cortex-a76", ""});
  EXPECT_EQ(custom.instructions.dot->name, "sdot");
  EXPECT_EQ(custom.name, "custom");
}

TEST(TargetTable, LengthOfVectors) {
  auto bits = [](llvm::StringRef features) {
    return resolve({"riscv64-gcv", "", "", features.str()}).vectorBits;
  };
  EXPECT_EQ(get("riscv64-gcv").vectorBits, 128u);
  EXPECT_EQ(bits("+zba"), 128u);
  EXPECT_EQ(bits("+zvl256b"), 256u);
  EXPECT_EQ(bits("+zvl256b,+zvl512b"), 512u);
  EXPECT_EQ(bits("+zvl1024b"), 1024u);
  EXPECT_EQ(bits("+zvl4096b"), 1024u); // more than is used
  EXPECT_EQ(bits("+zvl256b,-v"), 0u);
  EXPECT_EQ(resolve({"riscv64-gcv", "", "sifive-x280", ""}).vectorBits, 512u);
  EXPECT_EQ(resolve({"riscv64-gc", "", "", "+zvl256b"}).vectorBits, 0u);
}

TEST(TargetTable, EmulatorHasTheVectors) {
  auto processor = [](const TargetInfo &target) {
    auto option = llvm::find(target.runCommand, "-cpu");
    return option == target.runCommand.end() ? "" : *std::next(option);
  };
  EXPECT_EQ(processor(get("riscv64-gc")), "");
  EXPECT_EQ(processor(get("riscv64-gcv")), "rv64,v=true,vlen=128,vext_spec=v1.0");
  EXPECT_EQ(processor(resolve({"riscv64-gcv", "", "", "+zvl512b"})),
            "rv64,v=true,vlen=512,vext_spec=v1.0");
  EXPECT_EQ(processor(resolve({"riscv64-gc", "", "", "+v"})),
            "rv64,v=true,vlen=128,vext_spec=v1.0");
  EXPECT_EQ(processor(resolve({"riscv64-gcv", "", "", "-v"})), "");
}

static std::string errorOf(const TargetSelection &selection) {
  llvm::Expected<TargetInfo> target = resolveTarget(selection);
  return target ? "" : llvm::toString(target.takeError());
}

TEST(TargetTable, Errors) {
  EXPECT_EQ(errorOf({"cortex-m44", "", "", ""}),
            "unknown target 'cortex-m44'; did you mean 'cortex-m4'?");
  EXPECT_EQ(errorOf({"", "quantum-none-elf", "", ""}), "unknown triple 'quantum-none-unknown-elf'");
  EXPECT_NE(errorOf({"aarch64", "", "i486", ""}).find("unknown processor 'i486'"),
            std::string::npos);
  EXPECT_NE(errorOf({"aarch64", "", "", "+avx2"}).find("unknown feature '+avx2'"),
            std::string::npos);
  EXPECT_NE(errorOf({"aarch64", "", "", "dotprod"}).find("write '+name' or '-name'"),
            std::string::npos);
}

TEST(TargetTable, AttributeRoundTrip) {
  mlir::MLIRContext context;
  for (const TargetInfo &target : getAllTargets()) {
    llvm::Expected<TargetInfo> read = TargetInfo::fromAttr(target.toAttr(&context));
    ASSERT_TRUE(bool(read)) << target.name << ": " << llvm::toString(read.takeError());
    EXPECT_EQ(read->toAttr(&context), target.toAttr(&context)) << target.name;
  }
}
