//===- EmitKernels.cpp - kernels to loops over vectors --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

#include "tflc/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace tflc {
#define GEN_PASS_DEF_EMITKERNELS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

struct EmitKernelsPass : tflc::impl::EmitKernelsBase<EmitKernelsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetInfo> target = getTarget(module);
    if (failed(target))
      return signalPassFailure();
    ConstantPool pool(module);
    SmallVector<tflrt::KernelOp> kernels;
    module.walk([&](tflrt::KernelOp kernel) { kernels.push_back(kernel); });
    for (tflrt::KernelOp kernel : kernels) {
      tflrt::StrategyAttr attr = kernel.getStrategyAttr();
      std::optional<LoopNest> nest = attr ? analyzeKernel(kernel) : std::nullopt;
      Strategy strategy = attr ? Strategy::fromAttr(attr) : Strategy();
      if (!nest || !strategy.prepare(*nest)) {
        kernel.emitError("kernel has no strategy that fits it");
        return signalPassFailure();
      }
      makeEmitter({kernel, *nest, strategy, pool, *target})->emit();
      kernel.erase();
    }
  }
};

} // namespace
