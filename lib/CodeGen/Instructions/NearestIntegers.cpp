//===- NearestIntegers.cpp - rounding by conversion -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TargetTriple.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"

namespace tflc {
#define GEN_PASS_DEF_NEARESTINTEGERS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;

/// Whether every lane of `value` is an integer, as far as the ops that made it tell.
static bool isIntegral(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (isa<math::FloorOp, math::CeilOp, math::TruncOp, math::RoundEvenOp>(op))
    return true;
  if (isa<arith::MinimumFOp, arith::MaximumFOp, arith::MinNumFOp, arith::MaxNumFOp>(op))
    return isIntegral(op->getOperand(0)) && isIntegral(op->getOperand(1));
  if (auto select = dyn_cast<arith::SelectOp>(op))
    return isIntegral(select.getTrueValue()) && isIntegral(select.getFalseValue());
  if (auto broadcast = dyn_cast<vector::BroadcastOp>(op))
    return isIntegral(broadcast.getSource());
  auto isInteger = [](const APFloat &number) { return number.isInteger(); };
  DenseFPElementsAttr elements;
  if (matchPattern(value, m_Constant(&elements)))
    return llvm::all_of(elements, isInteger);
  APFloat scalar(0.0f);
  return matchPattern(value, m_ConstantFloat(&scalar)) && isInteger(scalar);
}

namespace {

struct NearestIntegersPass : tflc::impl::NearestIntegersBase<NearestIntegersPass> {
  void runOnOperation() override {
    StringRef triple = tflc::getTargetTriple(getOperation());
    bool isX86 = triple.starts_with("x86_64"), isRISCV = triple.starts_with("riscv");
    if (!isX86 && !isRISCV)
      return;
    getOperation()->walk([&](arith::FPToSIOp op) {
      Value input = op.getIn();
      Type real = getElementTypeOrSelf(input.getType());
      bool isWide = getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth() > 32;
      if (!real.isF32() && !(isRISCV && real.isF64()))
        return;
      auto rounding = input.getDefiningOp<math::RoundEvenOp>();
      ImplicitLocOpBuilder b(op.getLoc(), op);
      auto vector = dyn_cast<VectorType>(op.getType());
      if (isX86 && rounding && !isWide)
        input = rounding.getOperand();
      else if (isX86 || !vector)
        return;
      else if (!isIntegral(input))
        input = math::TruncOp::create(b, input);
      if (isWide && real.isF32())
        input = arith::ExtFOp::create(b, vector.clone(b.getF64Type()), input);
      Type word = isWide ? b.getI64Type() : b.getI32Type();
      if (vector)
        word = vector.clone(word);
      Value nearest =
          LLVM::CallIntrinsicOp::create(b, word, b.getStringAttr("llvm.lrint"), ValueRange{input})
              .getResult(0);
      if (word != op.getType())
        nearest = arith::TruncIOp::create(b, op.getType(), nearest);
      op.replaceAllUsesWith(nearest);
      op.erase();
      if (rounding && rounding->use_empty())
        rounding.erase();
    });
  }
};

} // namespace
