//===- QuantizeFloat16.cpp - constants in half precision ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "QuantizedConstants.h"

#include "TFL/Transforms/Passes.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_QUANTIZEFLOAT16PASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

namespace {

class QuantizeFloat16 : public tflc::tfl::impl::QuantizeFloat16PassBase<QuantizeFloat16> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    QuantizedConstants constants;
    SmallVector<ConstOp> found;
    module.walk([&](ConstOp op) {
      if (getFloatConstant(op.getOutput()) && !op->hasAttr(keepFloatName))
        found.push_back(op);
    });
    for (ConstOp op : found) {
      Value widened = constants.getHalf(op);
      op.getOutput().replaceAllUsesWith(widened);
      constexpr int halfVersion = 3;
      raiseOperatorVersion(module, widened.getDefiningOp(), halfVersion);
    }
    eraseUnusedConstants(module);
  }
};

} // namespace
