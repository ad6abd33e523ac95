//===- EmitKernels.cpp - kernels to loops over vectors --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Forms.h"
#include "KernelFunction.h"
#include "OutlineTasks.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Target/KernelNames.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace tflc {
#define GEN_PASS_DEF_EMITKERNELS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

/// Whether a status can end invocations of `entry` early, as tasks ask for.
static LogicalResult checkEntry(func::FuncOp entry) {
  if (SymbolTable::symbolKnownUseEmpty(entry, entry->getParentOp()))
    return success();
  return entry.emitError("is called by the model itself, and cannot be shared by threads");
}

/// Moves a kernel into a function and returns the copy there; or leaves it where that cannot be.
static tflrt::KernelOp moveIntoFunction(tflrt::KernelOp kernel) {
  std::optional<KernelFunction> copied = copyIntoFunction(kernel, "kernel");
  if (!copied)
    return kernel;
  copied->function->setAttr(kKernelAttrName, UnitAttr::get(kernel.getContext()));
  OpBuilder b(kernel);
  func::CallOp::create(b, kernel.getLoc(), copied->function, copied->operands);
  kernel.erase();
  return copied->kernel;
}

namespace {

struct EmitKernelsPass : tflc::impl::EmitKernelsBase<EmitKernelsPass> {
  using EmitKernelsBase::EmitKernelsBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    FailureOr<TargetInfo> target = getTarget(module);
    if (failed(target))
      return signalPassFailure();
    if (tasks)
      for (auto entry : module.getOps<func::FuncOp>())
        if (entry->hasAttr("tfl.signature") &&
            (failed(checkEntry(entry)) || failed(addParallelArgument(entry))))
          return signalPassFailure();
    ConstantPool pool(module);
    SmallVector<tflrt::KernelOp> kernels;
    module.walk([&](tflrt::KernelOp kernel) { kernels.push_back(kernel); });
    for (tflrt::KernelOp kernel : kernels) {
      tflrt::StrategyAttr attr = kernel.getStrategyAttr();
      std::optional<TaskShare> share;
      if (std::optional<TaskCut> cut = tasks && attr ? getTaskCut(kernel) : std::nullopt)
        if (auto outlined =
                outlineTasks(kernel, *cut, scratchPerTask(Strategy::fromAttr(attr), cut->dim))) {
          kernel = outlined->kernel;
          share = outlined->share;
        }
      if (functions && attr && !share &&
          (inLoops || !kernel->getParentOfType<LoopLikeOpInterface>()))
        kernel = moveIntoFunction(kernel);
      std::optional<LoopNest> nest = attr ? analyzeKernel(kernel) : std::nullopt;
      Strategy strategy = attr ? Strategy::fromAttr(attr) : Strategy();
      if (!nest || !strategy.prepare(*nest)) {
        kernel.emitError("kernel has no strategy that fits it");
        return signalPassFailure();
      }
      makeEmitter({kernel, *nest, strategy, pool, *target, share})->emit();
      kernel.erase();
    }
  }
};

} // namespace
