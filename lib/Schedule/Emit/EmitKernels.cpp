//===- EmitKernels.cpp - kernels to loops over vectors --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Forms.h"
#include "KernelFunction.h"
#include "OutlineTasks.h"
#include "Schedule/Memory/ArenaBuffers.h"
#include "TaskList.h"

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

class EmitKernelsPass : public tflc::impl::EmitKernelsBase<EmitKernelsPass> {
public:
  using EmitKernelsBase::EmitKernelsBase;

  void runOnOperation() override;

private:
  void emitList(ArrayRef<tflrt::KernelOp> kernels);
  bool emitWhole(tflrt::KernelOp kernel);
  bool emit(tflrt::KernelOp kernel, std::optional<TaskShare> share);

  TargetInfo target;
  std::optional<ConstantPool> pool;
};

} // namespace

/// Replaces the kernel by its loops, or by those of the task's share; false after an error.
bool EmitKernelsPass::emit(tflrt::KernelOp kernel, std::optional<TaskShare> share) {
  tflrt::StrategyAttr attr = kernel.getStrategyAttr();
  std::optional<LoopNest> nest = attr ? analyzeKernel(kernel) : std::nullopt;
  Strategy strategy = attr ? Strategy::fromAttr(attr) : Strategy();
  if (!nest || !strategy.prepare(*nest)) {
    kernel.emitError("kernel has no strategy that fits it");
    signalPassFailure();
    return false;
  }
  makeEmitter({kernel, *nest, strategy, *pool, target, share})->emit();
  kernel.erase();
  return true;
}

/// Whether the kernel is in a loop of the model, or in one over rows of images.
static bool isInLoop(tflrt::KernelOp kernel) {
  for (Operation *parent = kernel->getParentOp(); parent; parent = parent->getParentOp())
    if (isa<LoopLikeOpInterface>(parent) && !parent->hasAttr(kSharedLoopAttrName))
      return true;
  return false;
}

bool EmitKernelsPass::emitWhole(tflrt::KernelOp kernel) {
  if (functions && kernel.getStrategyAttr() && (inLoops || !isInLoop(kernel)))
    kernel = moveIntoFunction(kernel);
  return emit(kernel, std::nullopt);
}

/// A list ends at a kernel that cannot be a function, and begins anew behind it.
void EmitKernelsPass::emitList(ArrayRef<tflrt::KernelOp> kernels) {
  TaskList list;
  for (tflrt::KernelOp kernel : kernels) {
    Strategy strategy = Strategy::fromAttr(kernel.getStrategyAttr());
    std::optional<TaskCut> cut = getTaskCut(kernel);
    SmallVector<TaskFootprint> footprints = findFootprints(kernel, strategy, cut);
    auto outlined = outlineTasks(kernel, cut, cut ? scratchPerTask(strategy, cut->dim) : 0);
    if (!outlined) {
      list.finish();
      if (!emitWhole(kernel))
        return;
      continue;
    }
    list.add(outlined->call, std::move(footprints));
    if (!emit(outlined->kernel, outlined->share))
      return;
  }
  list.finish();
}

void EmitKernelsPass::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<TargetInfo> found = getTarget(module);
  if (failed(found))
    return signalPassFailure();
  target = *found;
  if (tasks)
    for (auto entry : module.getOps<func::FuncOp>())
      if (entry->hasAttr("tfl.signature") &&
          (failed(checkEntry(entry)) || failed(addParallelArgument(entry))))
        return signalPassFailure();
  pool.emplace(module);
  SmallVector<tflrt::KernelOp> kernels;
  module.walk([&](tflrt::KernelOp kernel) { kernels.push_back(kernel); });
  SmallVector<SmallVector<tflrt::KernelOp>> lists;
  if (tasks)
    lists = findTaskLists(kernels, hasAtomicWords(target));
  DenseSet<Operation *> listed;
  for (ArrayRef<tflrt::KernelOp> list : lists)
    listed.insert_range(list);
  ArrayRef<SmallVector<tflrt::KernelOp>> left = lists;
  for (tflrt::KernelOp kernel : kernels) {
    if (!left.empty() && left.front().front() == kernel) {
      emitList(left.front());
      left = left.drop_front();
    } else if (!listed.contains(kernel) && !emitWhole(kernel)) {
      return;
    }
  }
}
