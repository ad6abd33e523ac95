//===- ObjectTest.cpp - objects of hand-written modules -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LowerForTest.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "gtest/gtest.h"

using namespace tflc;

/// The integer operations that some 32 bit machine calls a function for.
static const char kIntegers[] = R"(
  memref.global "private" constant @table : memref<16xi8> = dense<[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3]>
  func.func @main(%in: memref<16xi32>, %wide: memref<16xi64>, %arena: memref<64xi8>)
      attributes {tfl.signature = "serving_default"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    %seven = arith.constant 7 : i64
    %mask = arith.constant 63 : i64
    %t = memref.get_global @table : memref<16xi8>
    scf.for %i = %c0 to %c16 step %c1 {
      %x = memref.load %in[%i] : memref<16xi32>
      %y = memref.load %wide[%i] : memref<16xi64>
      %w = memref.load %t[%i] : memref<16xi8>
      %x64 = arith.extsi %x : i32 to i64
      %product = arith.muli %x64, %y : i64
      %shift = arith.andi %y, %mask : i64
      %right = arith.shrsi %product, %shift : i64
      %left = arith.shli %y, %shift : i64
      %logical = arith.shrui %product, %shift : i64
      %quotient = arith.divsi %right, %seven : i64
      %divisor = arith.ori %x64, %seven : i64
      %rest = arith.remui %left, %divisor : i64
      %narrow = arith.trunci %divisor : i64 to i32
      %small = arith.divsi %x, %narrow : i32
      %w64 = arith.extsi %w : i8 to i64
      %small64 = arith.extsi %small : i32 to i64
      %a = arith.addi %quotient, %rest : i64
      %b = arith.addi %a, %logical : i64
      %c = arith.addi %b, %w64 : i64
      %d = arith.addi %c, %small64 : i64
      memref.store %d, %wide[%i] : memref<16xi64>
    }
    return
  }
)";

static const char kFloats[] = R"(
  func.func @main(%in: memref<16xf32>, %out: memref<16xf32>, %half: memref<16xf16>, %arena: memref<64xi8>)
      attributes {tfl.signature = "serving_default"} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c16 = arith.constant 16 : index
    scf.for %i = %c0 to %c16 step %c1 {
      %x = memref.load %in[%i] : memref<16xf32>
      %h = memref.load %half[%i] : memref<16xf16>
      %w = arith.extf %h : f16 to f32
      %f = math.floor %x : f32
      %e = math.roundeven %x : f32
      %m = math.fma %w, %f, %e : f32
      %s = arith.maximumf %m, %x : f32
      %t = arith.truncf %s : f32 to f16
      memref.store %t, %half[%i] : memref<16xf16>
      memref.store %s, %out[%i] : memref<16xf32>
    }
    return
  }
)";

TEST(Object, IntegerModelsNeedNoLibraryAnywhere) {
  for (const TargetInfo &target : getAllTargets())
    for (OptLevel level : {OptLevel::O0, OptLevel::O2, OptLevel::Os}) {
      MachineCode object = compileForTest(kIntegers, target, level);
      llvm::Expected<ObjectSummary> summary = summarizeObject(object.bytes);
      ASSERT_TRUE(!!summary) << target.name;
      EXPECT_GT(summary->codeBytes, 0) << target.name;
      EXPECT_GE(summary->constantBytes, 16) << target.name;
      llvm::Error error = checkObject(*summary);
      EXPECT_FALSE(!!error) << target.name << " -O" << toString(level).str() << ": "
                            << llvm::toString(std::move(error));
    }
}

TEST(Object, FloatModelsNeedAFloatUnit) {
  for (const TargetInfo &target : getAllTargets()) {
    MachineCode object = compileForTest(kFloats, target, OptLevel::O2);
    llvm::Expected<ObjectSummary> summary = summarizeObject(object.bytes);
    ASSERT_TRUE(!!summary) << target.name;
    std::string message = llvm::toString(checkObject(*summary));
    if (target.floatUnit != FloatUnit::None)
      EXPECT_EQ(message, "") << target.name;
    else
      EXPECT_NE(message.find("the object would need symbols of a library"), std::string::npos)
          << target.name << ": " << message;
  }
}

TEST(Object, IsReproducible) {
  TargetInfo target = *lookupTarget("x86-64-v3");
  EXPECT_EQ(compileForTest(kIntegers, target, OptLevel::O2).bytes,
            compileForTest(kIntegers, target, OptLevel::O2).bytes);
}

TEST(Object, ArchiveIsReproducible) {
  TargetInfo target = *lookupTarget("cortex-m4");
  MachineCode object = compileForTest(kIntegers, target, OptLevel::O2);
  llvm::Expected<std::string> first = makeArchive("m.o", object.bytes, target);
  llvm::Expected<std::string> second = makeArchive("m.o", object.bytes, target);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(first->substr(0, 8), "!<arch>\n");
}

TEST(Object, LibraryCallsAreListed) {
  const char source[] = R"(
    func.func @main(%in: memref<1xf64>, %out: memref<1xf64>, %arena: memref<1xi8>) {
      %c0 = arith.constant 0 : index
      %x = memref.load %in[%c0] : memref<1xf64>
      %y = math.cos %x : f64
      %z = math.sin %y : f64
      memref.store %z, %out[%c0] : memref<1xf64>
      return
    }
  )";
  TargetInfo target = *lookupTarget("cortex-m4");
  MachineCode object = compileForTest(source, target, OptLevel::O2);
  llvm::Expected<ObjectSummary> summary = summarizeObject(object.bytes);
  ASSERT_TRUE(!!summary);
  EXPECT_EQ(summary->undefinedSymbols, (std::vector<std::string>{"cos", "sin"}));
  EXPECT_EQ(llvm::toString(checkObject(*summary)),
            "the object would need symbols of a library: cos, sin");
}
