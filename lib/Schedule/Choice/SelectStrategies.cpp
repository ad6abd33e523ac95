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

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/MapVector.h"

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
    const TargetInfo &target = *found;
    SmallVector<tflrt::KernelOp> kernels;
    DenseMap<Operation *, memref::AllocOp> scratches; // by the op of the function's body
    getOperation().walk([&](tflrt::KernelOp kernel) { kernels.push_back(kernel); });
    DenseMap<Block *, std::unique_ptr<LiveBytes>> live;
    DenseSet<Operation *> joined;
    for (tflrt::KernelOp kernel : kernels) {
      if (joined.contains(kernel) || kernel.getStrategyAttr())
        continue;
      // The arena may become three eighths larger.
      std::unique_ptr<LiveBytes> &bytes = live[kernel->getBlock()];
      if (!bytes)
        bytes = std::make_unique<LiveBytes>(*kernel->getBlock());
      ScratchLimits limits;
      if (!forSize && !leastMemory) {
        limits.free = bytes->most() - bytes->at(kernel);
        limits.most = limits.free + bytes->most() * 3 / 8;
      }
      std::optional<Strategy> strategy;
      if (auto nest = analyzeKernel(kernel)) {
        nest->mergeDims();
        strategy = chooseStrategy(*nest, target, limits);
        if (strategy && forSize) {
          strategy->prepare(*nest);
          shrinkForSize(*strategy, *nest);
        }
      }
      // Rows that are streamed meet their pooling in the loop over rows.
      if (strategy && !forSize && !leastMemory)
        if (auto pooled = joinPooling(kernel, *strategy, target, limits)) {
          joined.insert(pooled->pooling);
          pooled->pooling.erase();
          kernel.erase();
          pooled->results.erase();
          kernel = pooled->kernel;
          strategy = pooled->strategy;
        }
      if (strategy) {
        kernel.setStrategyAttr(strategy->toAttr(&getContext()));
        if (strategy->scratch) {
          // Planned like any buffer of the arena, and alive while the kernel runs. Kernels of one
          // loop do so in turn, and share one.
          Operation *top = kernel;
          while (!isa<FunctionOpInterface>(top->getParentOp()))
            top = top->getParentOp();
          memref::AllocOp &scratch = scratches[top];
          if (!scratch || scratch.getType().getNumElements() < strategy->scratch) {
            OpBuilder b(top);
            auto type = MemRefType::get({strategy->scratch}, b.getI16Type());
            auto larger = memref::AllocOp::create(b, kernel.getLoc(), type);
            if (scratch) {
              scratch.replaceAllUsesWith(larger.getResult());
              scratch.erase();
            }
            scratch = larger;
          }
          kernel.getScratchMutable().assign(scratch);
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
