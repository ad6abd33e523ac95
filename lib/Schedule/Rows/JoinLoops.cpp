//===- JoinLoops.cpp - heads and rows that stay in the cache --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RowKernel.h"
#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Memory/LiveBytes.h"
#include "SharedLoop.h"

#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace tflc {
#define GEN_PASS_DEF_JOINLOOPS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

/// Replaces kernels by a loop around them.
class LoopRewriter {
public:
  LoopRewriter(const SharedLoop &shared, int64_t step)
      : shared(shared), step(step), b(lastOf(shared)->getLoc(), lastOf(shared)) {
    intermediates.insert_range(shared.findIntermediates());
  }
  /// Returns the loop.
  scf::ForOp rewrite();

private:
  static Operation *lastOf(const SharedLoop &shared) {
    tflrt::KernelOp kernel = shared.kernels().back().kernel;
    return kernel;
  }
  void emitIteration(OpFoldResult start, int64_t count);
  Value slice(const SharedAccess &access, OpFoldResult start, int64_t count);
  void cloneKernel(const SharedKernel &member, OpFoldResult start, int64_t count);

  const SharedLoop &shared;
  int64_t step;
  ImplicitLocOpBuilder b;
  DenseSet<Value> intermediates;
  DenseMap<Value, Value> parts; ///< of an iteration, by the intermediate buffer
};

} // namespace

/// What an iteration of `count` steps from `start` on sees of a view.
Value LoopRewriter::slice(const SharedAccess &access, OpFoldResult start, int64_t count) {
  if (!access.dim)
    return access.view;
  auto type = cast<MemRefType>(access.view.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape[*access.dim] = count;
  if (intermediates.contains(access.base)) {
    Value &part = parts[access.base];
    if (!part) {
      int64_t elements = count * shared.strideOf(access.base);
      part = memref::AllocOp::create(b, MemRefType::get({elements}, type.getElementType()));
    }
    SmallVector<int64_t> strides;
    int64_t offset = 0;
    (void)type.getStridesAndOffset(strides, offset);
    auto layout = StridedLayoutAttr::get(b.getContext(), 0, strides);
    return memref::ReinterpretCastOp::create(b,
                                             MemRefType::get(shape, type.getElementType(), layout),
                                             part, /*offset=*/0, shape, strides);
  }
  SmallVector<OpFoldResult> offsets(shape.size(), b.getIndexAttr(0)), sizes;
  for (int64_t size : shape)
    sizes.push_back(b.getIndexAttr(size));
  offsets[*access.dim] = start;
  return memref::SubViewOp::create(b, access.view, offsets, sizes,
                                   SmallVector<OpFoldResult>(shape.size(), b.getIndexAttr(1)));
}

void LoopRewriter::cloneKernel(const SharedKernel &member, OpFoldResult start, int64_t count) {
  tflrt::KernelOp original = member.kernel;
  b.setLoc(original.getLoc());
  IRMapping mapping;
  for (const SharedAccess &access : member.accesses)
    mapping.map(access.view, slice(access, start, count));
  auto kernel = tflrt::KernelOp::create(b, tflrt::StrategyAttr(), Value());
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&kernel.getBody());
  for (Operation &op : original.getBody().front()) {
    auto alloc = dyn_cast<memref::AllocOp>(op);
    if (!alloc) {
      b.clone(op, mapping);
      continue;
    }
    SmallVector<int64_t> shape(alloc.getType().getShape());
    shape[member.locals.lookup(alloc)] = count;
    auto type = MemRefType::get(shape, alloc.getType().getElementType());
    mapping.map(alloc.getResult(), memref::AllocOp::create(b, type).getResult());
  }
}

void LoopRewriter::emitIteration(OpFoldResult start, int64_t count) {
  parts.clear();
  for (const SharedKernel &member : shared.kernels())
    cloneKernel(member, start, count);
}

scf::ForOp LoopRewriter::rewrite() {
  int64_t rest = shared.size() % step;
  auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(b, value).getResult(); };
  auto loop = scf::ForOp::create(b, index(0), index(shared.size() - rest), index(step));
  loop->setAttr(kSharedLoopAttrName, b.getUnitAttr());
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    emitIteration(loop.getInductionVar(), step);
  }
  if (rest > 0)
    emitIteration(b.getIndexAttr(shared.size() - rest), rest);
  for (const SharedKernel &member : shared.kernels()) {
    tflrt::KernelOp kernel = member.kernel;
    Value scratch = kernel.getScratch();
    kernel.erase();
    if (scratch)
      eraseUnused(scratch.getDefiningOp());
  }
  return loop;
}

namespace {

struct JoinLoopsPass : tflc::impl::JoinLoopsBase<JoinLoopsPass> {
  void runOnOperation() override {
    FailureOr<TargetInfo> target = getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    // Of the first cache, half is for what is between the kernels.
    budget = target->l1Bytes / 2;
    if (budget == 0)
      return;
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      ArenaBuffers arena = collectArenaBuffers(func.front());
      arenaBytes = planArena(arena.buffers, arena.overlaps).size;
      SmallVector<Block *> blocks(StepTree(func.front()).blocks());
      for (Block *block : blocks)
        joinBlock(*block);
    }
  }

private:
  /// Kernels with the step of the loop around them.
  struct Choice {
    SharedLoop loop;
    int64_t step, bytes;
    size_t count; ///< of kernels
  };

  void joinBlock(Block &block);
  size_t joinFirst(ArrayRef<tflrt::KernelOp> kernels);
  std::vector<Choice> findChoices(ArrayRef<tflrt::KernelOp> kernels) const;
  bool growsArena(ArrayRef<tflrt::KernelOp> kernels, const Choice &choice);
  scf::ForOp rewrite(const Choice &choice);

  int64_t budget = 0;
  int64_t arenaBytes = 0; ///< of the function as it came
};

} // namespace

/// Runs of kernels that begin with the first one, those with most between them first; of several
/// with the same, the shortest.
std::vector<JoinLoopsPass::Choice>
JoinLoopsPass::findChoices(ArrayRef<tflrt::KernelOp> kernels) const {
  constexpr size_t mostKernels = 24;
  std::optional<SharedLoop> loop = SharedLoop::begin(kernels.front());
  std::vector<Choice> choices;
  int64_t most = budget;
  for (size_t count = 2; loop && count <= std::min(kernels.size(), mostKernels); ++count) {
    if (!loop->add(kernels[count - 1]))
      break;
    if (!loop->isComplete())
      continue;
    int64_t slice = 0;
    for (Value buffer : loop->findIntermediates())
      slice += loop->sliceBytes(buffer);
    int64_t bytes = slice * loop->size();
    if (bytes <= most)
      continue;
    most = bytes;
    int64_t step = std::max<int64_t>(budget / slice, 1);
    // A rest would be a copy of all the code.
    for (int64_t less = step; less > step / 2; --less)
      if (loop->size() % less == 0) {
        step = less;
        break;
      }
    choices.push_back({*loop, step, bytes, count});
  }
  std::reverse(choices.begin(), choices.end());
  return choices;
}

scf::ForOp JoinLoopsPass::rewrite(const Choice &choice) {
  SmallVector<Value> intermediates = choice.loop.findIntermediates();
  scf::ForOp loop = LoopRewriter(choice.loop, choice.step).rewrite();
  for (Value buffer : intermediates)
    eraseUnused(buffer.getDefiningOp());
  // One step of a large loop may still be too much for the cache.
  joinBlock(*loop.getBody());
  return loop;
}

/// Whether more memory is in use within the loop than the function needs without any: what the
/// first kernels read would be free for what the last ones write, but not within a loop. Tried on a
/// copy.
bool JoinLoopsPass::growsArena(ArrayRef<tflrt::KernelOp> kernels, const Choice &choice) {
  auto function = kernels.front()->getParentOfType<func::FuncOp>();
  IRMapping mapping;
  auto copy = cast<func::FuncOp>(function->clone(mapping));
  function->getBlock()->getOperations().insertAfter(function->getIterator(), copy);
  SmallVector<tflrt::KernelOp> copies;
  int64_t scratch = 0; // the kernels will have some again, one after the other
  for (tflrt::KernelOp kernel : kernels.take_front(choice.count)) {
    copies.push_back(cast<tflrt::KernelOp>(mapping.lookup(kernel.getOperation())));
    if (Value buffer = kernel.getScratch())
      scratch = std::max(scratch, sizeInBytes(cast<MemRefType>(buffer.getType())));
  }
  scf::ForOp loop = rewrite(findChoices(copies).front());
  LiveBytes live(copy);
  int64_t most = 0;
  loop.walk([&](tflrt::KernelOp kernel) { most = std::max(most, live.at(kernel)); });
  copy->erase();
  return most + scratch > arenaBytes;
}

/// Joins kernels that begin with the first one, if that is of use; returns how many are dealt with.
size_t JoinLoopsPass::joinFirst(ArrayRef<tflrt::KernelOp> kernels) {
  bool isNested = kernels.front()->getParentOp()->hasAttr(kSharedLoopAttrName);
  for (const Choice &choice : findChoices(kernels))
    if (isNested || !growsArena(kernels, choice)) {
      rewrite(choice);
      return choice.count;
    }
  return 1;
}

void JoinLoopsPass::joinBlock(Block &block) {
  SmallVector<SmallVector<tflrt::KernelOp>> runs(1);
  for (Operation &op : block) {
    if (auto kernel = dyn_cast<tflrt::KernelOp>(op))
      runs.back().push_back(kernel);
    else if (!isa<memref::AllocOp, ViewLikeOpInterface>(op) && !isPure(&op))
      runs.emplace_back();
  }
  for (ArrayRef<tflrt::KernelOp> run : runs)
    while (run.size() > 1)
      run = run.drop_front(joinFirst(run));
}
