//===- SelectStrategies.cpp - how each kernel runs on the target ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "LoopNest.h"
#include "Strategy.h"

#include "tflc/Schedule/Passes.h"

namespace tflc {
#define GEN_PASS_DEF_TFLCSELECTSTRATEGIESPASS
#include "SchedulePasses.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

struct SelectStrategiesPass : tflc::impl::TFLCSelectStrategiesPassBase<SelectStrategiesPass> {
  using TFLCSelectStrategiesPassBase::TFLCSelectStrategiesPassBase;

  void runOnOperation() override {
    TargetInfo target = getTarget(getOperation());
    SmallVector<tflrt::KernelOp> kernels;
    getOperation().walk([&](tflrt::KernelOp kernel) { kernels.push_back(kernel); });
    for (tflrt::KernelOp kernel : kernels) {
      std::optional<Strategy> strategy;
      if (auto nest = analyzeKernel(kernel)) {
        nest->mergeDims();
        strategy = chooseStrategy(*nest, target);
        if (strategy && forSize)
          shrinkForSize(*strategy, *nest);
      }
      if (strategy) {
        kernel.setStrategyAttr(strategy->toAttr(&getContext()));
        continue;
      }
      // Plain loops: the ops stand alone again, and the accumulator is memory.
      for (Operation &op : llvm::make_early_inc_range(kernel.getBody().front()))
        op.moveBefore(kernel);
      kernel.erase();
    }
  }
};

} // namespace
