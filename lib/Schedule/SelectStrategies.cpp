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
        if (strategy->scratch) {
          // Planned like any buffer of the arena, and alive while the kernel runs.
          OpBuilder b(kernel);
          auto type = MemRefType::get({strategy->scratch}, b.getI16Type());
          kernel.getScratchMutable().assign(memref::AllocOp::create(b, kernel.getLoc(), type));
        }
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
