//===- ExpandRescaleTest.cpp - expanded rescales are bit-exact ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Expands `tflrt.rescale` and lets constant folding compute the result, which must be that of the
// reference in lib/Quantization. Once multiplier and shift are known to the expansion, once they
// become known only afterwards.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/TFLRTDialect.h"
#include "tflc/CodeGen/Passes.h"
#include "tflc/Quantization/Multiplier.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "gtest/gtest.h"

#include <limits>
#include <random>

using namespace mlir;
using namespace tflc;

namespace {

struct Case {
  tflrt::Rounding rounding;
  int64_t input;
  FixedPointMultiplier multiplier;

  int32_t getExpected() const {
    switch (rounding) {
    case tflrt::Rounding::Double:
      return rescaleDouble(int32_t(input), multiplier);
    case tflrt::Rounding::Single:
      return rescaleSingle(input, multiplier);
    case tflrt::Rounding::Reduced:
      return rescaleReduced(input, multiplier);
    }
    return 0;
  }
};

std::vector<Case> getCases(tflrt::Rounding rounding, unsigned width) {
  std::vector<Case> cases;
  std::mt19937 random(7);
  std::uniform_int_distribution<int32_t> multipliers(1 << 30, std::numeric_limits<int32_t>::max());
  auto add = [&](int64_t input, int32_t multiplier, int32_t shift) {
    cases.push_back({rounding, input, {multiplier, shift}});
  };
  for (int32_t shift = -31; shift <= 7; ++shift) {
    // Results stay within 32 bits, as those of models do.
    int bits = std::min(width == 64 ? 46 : 30, 30 - shift);
    std::uniform_int_distribution<int64_t> inputs(-(int64_t(1) << bits), int64_t(1) << bits);
    for (int i = 0; i < 20; ++i)
      add(inputs(random), multipliers(random), shift);
    // What lies at and beside a half.
    for (int64_t input : {-3, -2, -1, 0, 1, 2, 3})
      add(input, 1 << 30, shift);
    if (shift < 0 && shift > -30)
      for (int64_t offset : {-1, 0, 1}) {
        add((int64_t(1) << -shift) + offset, 1 << 30, shift);
        add(-(int64_t(1) << -shift) + offset, 1 << 30, shift);
        add(-(int64_t(3) << -shift) / 2 + offset, 1 << 30, shift);
      }
  }
  add(1000, 0, 0);
  add(1 << 20, std::numeric_limits<int32_t>::max(), 0);
  return cases;
}

/// Roundings by the width of their input, in scalars or vectors.
struct Form {
  tflrt::Rounding rounding;
  unsigned width;
  bool isVector = false;

  Type operator()(Type element) const {
    return isVector ? Type(VectorType::get({1}, element)) : element;
  }
};

TypedAttr getConstant(OpBuilder &builder, Type type, int64_t value) {
  TypedAttr number = builder.getIntegerAttr(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    return DenseElementsAttr::get(vector, number);
  return number;
}

enum class Known { Before, Afterwards, BoundBefore };

class ExpandRescaleTest : public testing::TestWithParam<std::tuple<Form, Known>> {};

TEST_P(ExpandRescaleTest, AsReference) {
  auto [form, known] = GetParam();
  std::vector<Case> cases = getCases(form.rounding, form.width);

  DialectRegistry registry;
  registry.insert<arith::ArithDialect, func::FuncDialect, tflrt::TFLRTDialect>();
  MLIRContext context(registry);
  context.loadAllAvailableDialects();
  context.disableMultithreading();
  OpBuilder builder(&context);
  Location loc = builder.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, loc);
  Type i32 = form(builder.getI32Type()), i8 = form(builder.getI8Type());
  Type inputType = form(builder.getIntegerType(form.width));

  SmallVector<Type> inputs, results(cases.size(), i32);
  for (size_t i = 0; i < cases.size(); ++i)
    inputs.append({inputType, i32, i8});
  builder.setInsertionPointToStart(module->getBody());
  auto function = func::FuncOp::create(builder, loc, "f", builder.getFunctionType(inputs, results));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  auto substitute = [&](bool all) {
    builder.setInsertionPointToStart(body);
    for (auto [i, each] : llvm::enumerate(cases)) {
      auto replace = [&](unsigned argument, int64_t value) {
        BlockArgument old = body->getArgument(argument);
        old.replaceAllUsesWith(
            arith::ConstantOp::create(builder, loc, getConstant(builder, old.getType(), value)));
      };
      if (all)
        replace(3 * i, each.input);
      replace(3 * i + 1, each.multiplier.value);
      replace(3 * i + 2, each.multiplier.shift);
    }
  };
  SmallVector<Value> values;
  for (size_t i = 0; i < cases.size(); ++i) {
    auto op = tflrt::RescaleOp::create(builder, loc, i32, body->getArgument(3 * i),
                                       body->getArgument(3 * i + 1), body->getArgument(3 * i + 2),
                                       form.rounding);
    if (known == Known::BoundBefore)
      op.setMaxShiftAttr(builder.getI32IntegerAttr(cases[i].multiplier.shift));
    values.push_back(op);
  }
  func::ReturnOp::create(builder, loc, values);
  if (known == Known::Before)
    substitute(/*all=*/false);

  PassManager expand(&context);
  expand.addPass(createExpandRescale());
  ASSERT_TRUE(succeeded(expand.run(*module)));
  substitute(/*all=*/true);
  PassManager fold(&context);
  fold.addPass(createCanonicalizerPass());
  ASSERT_TRUE(succeeded(fold.run(*module)));

  auto terminator = cast<func::ReturnOp>(body->getTerminator());
  for (auto [i, each] : llvm::enumerate(cases)) {
    APInt result;
    ASSERT_TRUE(matchPattern(terminator.getOperand(i), m_ConstantInt(&result)));
    EXPECT_EQ(result.getSExtValue(), each.getExpected())
        << each.input << " * " << each.multiplier.value << " * 2^" << each.multiplier.shift - 31;
  }
}

INSTANTIATE_TEST_SUITE_P(Roundings, ExpandRescaleTest,
                         testing::Combine(testing::Values(Form{tflrt::Rounding::Double, 32},
                                                          Form{tflrt::Rounding::Single, 32},
                                                          Form{tflrt::Rounding::Single, 64},
                                                          Form{tflrt::Rounding::Reduced, 64},
                                                          Form{tflrt::Rounding::Reduced, 32},
                                                          Form{tflrt::Rounding::Reduced, 32, true}),
                                          testing::Values(Known::Before, Known::Afterwards,
                                                          Known::BoundBefore)));

} // namespace
