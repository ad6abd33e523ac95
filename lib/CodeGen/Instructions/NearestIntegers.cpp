//===- NearestIntegers.cpp - rounding by conversion -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
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
    std::unique_ptr<tflc::Instructions> instructions =
        tflc::Instructions::createFor(getOperation());
    if (!instructions)
      return signalPassFailure();
    getOperation()->walk([&](arith::FPToSIOp op) {
      ImplicitLocOpBuilder b(op.getLoc(), op);
      auto rounding = op.getIn().getDefiningOp<math::RoundEvenOp>();
      Value nearest = instructions->nearestInteger(b, op, isIntegral(op.getIn()));
      if (!nearest)
        return;
      op.replaceAllUsesWith(nearest);
      op.erase();
      if (rounding && rounding->use_empty())
        rounding.erase();
    });
  }
};

} // namespace
