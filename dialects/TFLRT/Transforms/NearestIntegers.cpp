//===- NearestIntegers.cpp - rounding by conversion -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc::tflrt {
#define GEN_PASS_DEF_NEARESTINTEGERS
#include "TFLRT/Transforms/Passes.h.inc"
} // namespace tflc::tflrt

using namespace mlir;

namespace {

struct NearestIntegersPass : tflc::tflrt::impl::NearestIntegersBase<NearestIntegersPass> {
  void runOnOperation() override {
    auto module = dyn_cast<ModuleOp>(getOperation());
    if (!module)
      module = getOperation()->getParentOfType<ModuleOp>();
    auto target = module ? module->getAttrOfType<DictionaryAttr>("tflc.target") : DictionaryAttr();
    auto triple = target ? target.getAs<StringAttr>("triple") : StringAttr();
    if (!triple || !triple.getValue().starts_with("x86_64"))
      return;
    getOperation()->walk([](arith::FPToSIOp op) {
      auto rounding = op.getIn().getDefiningOp<math::RoundEvenOp>();
      if (!rounding || !getElementTypeOrSelf(op.getIn().getType()).isF32() ||
          !getElementTypeOrSelf(op.getType()).isInteger(32))
        return;
      ImplicitLocOpBuilder b(op.getLoc(), op);
      auto nearest = LLVM::CallIntrinsicOp::create(b, op.getType(), b.getStringAttr("llvm.lrint"),
                                                   ValueRange{rounding.getOperand()});
      op.replaceAllUsesWith(nearest.getResult(0));
      op.erase();
      if (rounding->use_empty())
        rounding.erase();
    });
  }
};

} // namespace
