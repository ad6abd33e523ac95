//===- SelectStrategies.cpp - how each kernel runs on the target ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "JoinPooling.h"
#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Memory/InPlace.h"
#include "Schedule/Nest/LoopNest.h"
#include "Schedule/Nest/Strategy.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Schedule/StepInfo.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/MapVector.h"

#include <map>

namespace tflc {
#define GEN_PASS_DEF_SELECTSTRATEGIES
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

/// Memory of the intermediate buffers of a block, each of them alive from its first to its last use
/// and at a place of its own, but for results that can lie over what they are made of element by
/// element.
class LiveBytes {
public:
  explicit LiveBytes(Block &block);

  int64_t at(Operation *op) const { return bytes.lookup(op); }
  int64_t most() const { return largest; }

private:
  struct Life {
    Operation *first, *last; // ops of the block
    bool inWindow = false;   // the last one is a reduction over it
    int64_t size;
  };
  DenseMap<Operation *, int64_t> bytes; // by op of the block
  int64_t largest = 0;
};

} // namespace

LiveBytes::LiveBytes(Block &block) {
  llvm::MapVector<Value, Life> lives;
  for (Operation &top : block)
    top.walk([&](Operation *op) {
      for (Value operand : op->getOperands()) {
        if (!isa<MemRefType>(operand.getType()) || isa<ViewLikeOpInterface>(op))
          continue;
        Value buffer = findBaseBuffer(operand);
        auto alloc = buffer.getDefiningOp<memref::AllocOp>();
        if (!alloc || alloc->getBlock() != &block || !alloc.getType().hasStaticShape())
          continue;
        Life &life =
            lives.try_emplace(buffer, Life{&top, &top, false, sizeInBytes(alloc.getType())})
                .first->second;
        auto stage = dyn_cast<linalg::LinalgOp>(op);
        bool isWindow = stage && stage.getNumReductionLoops() > 0;
        life.inWindow = isWindow || (life.last == &top && life.inWindow);
        life.last = &top;
      }
    });
  DenseMap<Operation *, int64_t> begins, ends, overwritable;
  for (auto &[buffer, life] : lives) {
    begins[life.first] += life.size;
    ends[life.last] += life.size;
    if (!life.inWindow)
      overwritable[life.last] += life.size;
  }
  int64_t sum = 0;
  for (Operation &op : block) {
    int64_t begin = begins.lookup(&op);
    sum += begin;
    bytes[&op] = sum;
    if (isa<tflrt::KernelOp>(op))
      bytes[&op] -= std::min(begin, overwritable.lookup(&op));
    largest = std::max(largest, bytes[&op]);
    sum -= ends.lookup(&op);
  }
}

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
    live.clear();
    scratches.clear();
    poolings.clear();
  }

private:
  void select(tflrt::KernelOp kernel);
  ScratchLimits limitsOf(tflrt::KernelOp kernel);
  std::optional<Choice> choose(tflrt::KernelOp kernel, const ScratchLimits &limits, ChoiceLog &log);
  void explain(tflrt::KernelOp kernel, const Choice &choice, const ChoiceLog &log);
  void allocateScratch(tflrt::KernelOp kernel, int64_t elements);

  TargetInfo target;
  std::map<Block *, LiveBytes> live;
  DenseMap<Operation *, memref::AllocOp> scratches; // by the op of the function's body
  DenseSet<Operation *> poolings;                   // that are parts of other kernels now
};

} // namespace

/// The arena may become three eighths larger.
ScratchLimits SelectStrategiesPass::limitsOf(tflrt::KernelOp kernel) {
  Block *block = kernel->getBlock();
  const LiveBytes &bytes = live.try_emplace(block, *block).first->second;
  ScratchLimits limits;
  if (!forSize && !leastMemory) {
    limits.free = bytes.most() - bytes.at(kernel);
    limits.most = limits.free + bytes.most() * 3 / 8;
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
    explain(kernel, *choice, log);
    kernel.setStrategyAttr(choice->strategy.toAttr(&getContext()));
    if (int64_t elements = choice->strategy.scratch())
      allocateScratch(kernel, elements);
    return;
  }
  // Plain loops: the ops stand alone again, and the accumulator is memory.
  for (Operation &op : llvm::make_early_inc_range(kernel.getBody().front()))
    op.moveBefore(kernel);
  kernel.erase();
}

/// Planned like any buffer of the arena, and alive while the kernel runs. Kernels of one loop do so
/// in turn, and share one.
void SelectStrategiesPass::allocateScratch(tflrt::KernelOp kernel, int64_t elements) {
  Operation *top = kernel;
  while (!isa<FunctionOpInterface>(top->getParentOp()))
    top = top->getParentOp();
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
