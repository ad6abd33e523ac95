//===- SelectStrategies.cpp - how each kernel runs on the target ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "JoinPooling.h"
#include "KernelCosts.h"
#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Memory/LiveBytes.h"
#include "Schedule/Nest/LoopNest.h"
#include "Schedule/Nest/Strategy.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Schedule/StepInfo.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

#include <map>

namespace tflc {
#define GEN_PASS_DEF_SELECTSTRATEGIES
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

/// A shorter kernel in a loop of the model is not worth a call of the parallel-for.
static constexpr double leastCyclesInLoop = 6000;

namespace {

struct SelectStrategiesPass : tflc::impl::SelectStrategiesBase<SelectStrategiesPass> {
  using SelectStrategiesBase::SelectStrategiesBase;

  void runOnOperation() override {
    FailureOr<TargetInfo> found = getTarget(getOperation());
    if (failed(found))
      return signalPassFailure();
    target = *found;
    SmallVector<tflrt::KernelOp> kernels;
    getOperation().walk([&](tflrt::KernelOp kernel) { kernels.push_back(kernel); });
    for (tflrt::KernelOp kernel : kernels)
      if (!poolings.contains(kernel) && !kernel.getStrategyAttr())
        select(kernel);
    costs.warn();
    costs = {};
    live.clear();
    scratches.clear();
    poolings.clear();
  }

private:
  void select(tflrt::KernelOp kernel);
  ScratchLimits limitsOf(tflrt::KernelOp kernel);
  std::optional<Choice> choose(tflrt::KernelOp kernel, const ScratchLimits &limits, ChoiceLog &log);
  bool takeApart(tflrt::KernelOp kernel);
  std::optional<TaskCut> cutIntoTasks(tflrt::KernelOp kernel, Choice &choice);
  void explain(tflrt::KernelOp kernel, const Choice &choice, const ChoiceLog &log);
  void allocateScratch(tflrt::KernelOp kernel, int64_t elements, const Strategy &strategy);

  TargetInfo target;
  std::map<Operation *, LiveBytes> live;            // by the function
  DenseMap<Operation *, memref::AllocOp> scratches; // by the step
  DenseSet<Operation *> poolings;                   // that are parts of other kernels now
  KernelCosts costs;
};

} // namespace

/// The arena may become three eighths larger.
ScratchLimits SelectStrategiesPass::limitsOf(tflrt::KernelOp kernel) {
  auto function = kernel->getParentOfType<FunctionOpInterface>();
  const LiveBytes &bytes = live.try_emplace(function, function).first->second;
  ScratchLimits limits;
  if (!forSize && !leastMemory) {
    limits.free = bytes.most() - bytes.at(kernel);
    limits.most = limits.free + bytes.most() * 3 / 8;
    limits.mostForPacking = std::max(limits.most, target.l2Bytes / 8);
  }
  return limits;
}

std::optional<Choice> SelectStrategiesPass::choose(tflrt::KernelOp kernel,
                                                   const ScratchLimits &limits, ChoiceLog &log) {
  std::optional<LoopNest> nest = analyzeKernel(kernel);
  if (!nest)
    return log.decline("all forms", "a shape is unknown, or an access is not linear");
  nest->mergeDims();
  std::optional<Choice> choice = chooseStrategy(*nest, target, limits, log);
  if (choice && forSize) {
    choice->strategy.prepare(*nest);
    shrinkForSize(choice->strategy, *nest);
  }
  return choice;
}

void SelectStrategiesPass::select(tflrt::KernelOp kernel) {
  ChoiceLog log(explainChoices);
  ScratchLimits limits = limitsOf(kernel);
  std::optional<Choice> choice = choose(kernel, limits, log);
  // Rows that are streamed meet their pooling in the loop over rows.
  if (choice && !forSize && !leastMemory)
    if (auto pooled = joinPooling(kernel, *choice, target, limits, log)) {
      poolings.insert(pooled->pooling);
      pooled->pooling.erase();
      kernel.erase();
      pooled->results.erase();
      kernel = pooled->kernel;
      choice = pooled->choice;
    }
  if (choice) {
    costs.add(kernel, *choice);
    explain(kernel, *choice, log);
    std::optional<TaskCut> cut = cutIntoTasks(kernel, *choice);
    kernel.setStrategyAttr(choice->strategy.toAttr(&getContext()));
    if (int64_t elements = choice->strategy.scratch())
      allocateScratch(
          kernel,
          std::max(elements, cut ? cut->count * scratchPerTask(choice->strategy, cut->dim) : 0),
          choice->strategy);
    return;
  }
  if (takeApart(kernel))
    return;
  costs.addPlain(kernel);
  for (Operation &op : llvm::make_early_inc_range(kernel.getBody().front()))
    op.moveBefore(kernel);
  kernel.erase();
}

/// A kernel of several ops for which there is no form becomes two: one op that has none must not
/// take it away from a contraction. What they share, the accumulator, is memory then. False for a
/// kernel of a single op.
bool SelectStrategiesPass::takeApart(tflrt::KernelOp kernel) {
  Block &body = kernel.getBody().front();
  SmallVector<linalg::LinalgOp> ops(body.getOps<linalg::LinalgOp>());
  if (ops.size() < 2)
    return false;
  live.erase(kernel->getParentOfType<FunctionOpInterface>());
  for (auto alloc : llvm::make_early_inc_range(body.getOps<memref::AllocOp>()))
    alloc->moveBefore(kernel);
  Operation *last = ops.pop_back_val();
  OpBuilder b(&getContext());
  b.setInsertionPointAfter(kernel);
  auto behind = tflrt::KernelOp::create(b, last->getLoc(), tflrt::StrategyAttr(), Value());
  Block *block = b.createBlock(&behind.getBody());
  last->moveBefore(block, block->end());
  kernel->setLoc(ops.back()->getLoc());
  select(kernel);
  select(behind);
  return true;
}

/// Whether the kernel is a step of an entry function, or of a loop or branch of the model there.
static bool mayHaveTasks(tflrt::KernelOp kernel) {
  Operation *parent = kernel->getParentOp();
  while (isa<scf::SCFDialect>(parent->getDialect()) && !parent->hasAttr(kRowChainAttrName))
    parent = parent->getParentOp();
  return isa<FunctionOpInterface>(parent) && parent->hasAttr("tfl.signature");
}

std::optional<TaskCut> SelectStrategiesPass::cutIntoTasks(tflrt::KernelOp kernel, Choice &choice) {
  std::optional<LoopNest> nest = tasks ? analyzeKernel(kernel) : std::nullopt;
  if (!nest || !mayHaveTasks(kernel) || !choice.strategy.prepare(*nest))
    return std::nullopt;
  double cycles = estimateCycles(kernel, choice);
  // A loop of the model calls the parallel-for in each iteration.
  if (cycles < leastCyclesInLoop && kernel->getParentOfType<LoopLikeOpInterface>())
    return std::nullopt;
  std::optional<TaskCut> cut = chooseTasks(*nest, choice.strategy, cycles);
  if (cut)
    setTaskCut(kernel, *cut);
  return cut;
}

/// Planned like any buffer of the arena, and alive while the kernel runs. Kernels of one chain of
/// rows do so in turn, and share one.
void SelectStrategiesPass::allocateScratch(tflrt::KernelOp kernel, int64_t elements,
                                           const Strategy &strategy) {
  if (strategy.packsColumns()) {
    LinearAccess columns =
        analyzeKernel(kernel)->reduction->inputs[strategy.columns()->weightsInput];
    OpBuilder b(kernel);
    auto type = MemRefType::get({elements}, columns.elementType);
    kernel.getScratchMutable().assign(memref::AllocOp::create(b, kernel.getLoc(), type));
    return;
  }
  Operation *top = kernel;
  for (Operation *parent = kernel->getParentOp(); parent; parent = parent->getParentOp())
    if (parent->hasAttr(kRowChainAttrName))
      top = parent;
  memref::AllocOp &scratch = scratches[top];
  if (!scratch || scratch.getType().getNumElements() < elements) {
    OpBuilder b(top);
    auto type = MemRefType::get({elements}, b.getI16Type());
    auto larger = memref::AllocOp::create(b, kernel.getLoc(), type);
    if (scratch) {
      scratch.replaceAllUsesWith(larger.getResult());
      scratch.erase();
    }
    scratch = larger;
  }
  kernel.getScratchMutable().assign(scratch);
}

/// Notes the estimate, and the forms that were not taken.
void SelectStrategiesPass::explain(tflrt::KernelOp kernel, const Choice &choice,
                                   const ChoiceLog &log) {
  if (!explainChoices)
    return;
  Builder b(&getContext());
  SmallVector<Attribute> lines;
  for (const std::string &line : log.lines())
    lines.push_back(b.getStringAttr(line));
  kernel->setAttr(kRejectedAttrName, b.getArrayAttr(lines));
  if (choice.cycles > 0)
    kernel->setAttr(kCyclesAttrName, b.getI64IntegerAttr(choice.cycles));
}
