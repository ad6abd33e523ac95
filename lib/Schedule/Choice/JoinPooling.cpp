//===- JoinPooling.cpp - poolings in the kernel of what they read ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A register tile of a contraction holds all results of a window, so that only what is left of them
// is stored: a quarter of it, for windows of two by two. Where the rescaling behind the sums never
// decreases, the largest sum is found first, and only that is rescaled.
//
//===----------------------------------------------------------------------===//

#include "JoinPooling.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;
using tflc::tflrt::KernelOp;

/// The kernel that alone reads what `writer` allocates for its results, if nothing happens between
/// the two.
static KernelOp findReader(KernelOp writer, memref::AllocOp results) {
  KernelOp reader;
  for (Operation *user : results->getUsers()) {
    auto kernel = dyn_cast<KernelOp>(user->getParentOp());
    if (!kernel || (kernel != writer && reader && kernel != reader))
      return nullptr;
    if (kernel != writer)
      reader = kernel;
  }
  if (!reader || reader->getBlock() != writer->getBlock())
    return nullptr;
  for (Operation *op = writer->getNextNode(); op != reader; op = op->getNextNode())
    if (!op || !(isPure(op) || isa<memref::AllocOp>(op)))
      return nullptr;
  return reader;
}

/// Whether the ops of `kernel` are a pooling of `results` and read nothing else.
static bool isPoolingOf(KernelOp kernel, Value results) {
  for (auto op : kernel.getBody().front().getOps<linalg::LinalgOp>()) {
    if (isa<linalg::FillOp>(op))
      continue;
    bool isReduction = op.getNumReductionLoops() > 0;
    for (OpOperand *operand : op.getDpsInputOperands()) {
      Operation *source = operand->get().getDefiningOp();
      bool isRead = !op.getBlock()->getArgument(operand->getOperandNumber()).use_empty();
      bool isKnown = isReduction ? operand->get() == results : source && kernel->isAncestor(source);
      if (isRead && !isKnown)
        return false;
    }
  }
  return true;
}

/// Whether sums of the register tile are where any stage can read them together.
static bool keepsSumsInTile(const Strategy &strategy) {
  return strategy.is<Broadcast>() || strategy.is<RowLanes>() || strategy.is<AcrossLanes>() ||
         strategy.is<RowPairs>();
}

/// Cycles that joining the pooling saves: for a vector of results what is rescaled, and stored and
/// read again, floats without being packed.
static double savedCycles(const LoopNest &nest, const Strategy &strategy) {
  constexpr double rescaling = 1.2;
  double storing = isa<FloatType>(nest.last().output.elementType) ? 1 : 0.2;
  double vectors = llvm::divideCeil(nest.dims[strategy.vectorDim].size, strategy.lanes);
  double window = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction && dim != strategy.vectorDim)
      vectors *= info.size;
    if (info.isWindow)
      window *= info.size;
  }
  return vectors * (storing + (nest.pooling->ofAccumulators ? rescaling * (1 - 1 / window) : 0));
}

/// How a kernel with its pooling runs; none where it is not faster than both alone.
static std::optional<Choice> chooseJoined(tflrt::KernelOp kernel, const Choice &separate,
                                          const TargetInfo &target, const ScratchLimits &limits,
                                          ChoiceLog &log) {
  constexpr const char *form = "joined pooling";
  std::optional<LoopNest> nest = analyzeKernel(kernel);
  if (!nest || !nest->pooling)
    return log.decline(form, "windows overlap, or results are not linear");
  nest->mergeDims();
  // Bytes are packed, looked up and joined with as many lanes as they have by a kernel of their
  // own, not window by window.
  bool isFloat = isa<FloatType>(nest->last().output.elementType);
  if (!isFloat && !nest->pooling->ofAccumulators)
    return log.decline(form, "the largest result is not that of the largest sum");
  std::optional<Choice> choice = chooseContraction(*nest, target, limits, log);
  if (!choice || !keepsSumsInTile(choice->strategy) || choice->cycles == 0)
    return log.decline(form, "no register tile holds whole windows");
  // Tiles of windows broadcast more rows, which takes longer than estimated where the processor is
  // shared.
  constexpr double loss = 1.05;
  double most = separate.cycles + savedCycles(*nest, choice->strategy);
  if (choice->cycles * loss > most)
    return log.decline(form, ChoiceLog::cycles(choice->cycles * loss) + " instead of " +
                                 ChoiceLog::cycles(most));
  return choice;
}

std::optional<PooledKernel> tflc::joinPooling(KernelOp contraction, const Choice &separate,
                                              const TargetInfo &target, const ScratchLimits &limits,
                                              ChoiceLog &log) {
  if (!keepsSumsInTile(separate.strategy))
    return std::nullopt;
  Block &body = contraction.getBody().front();
  auto last = dyn_cast<linalg::GenericOp>(body.back());
  auto results = last ? last.getDpsInits()[0].getDefiningOp<memref::AllocOp>() : memref::AllocOp();
  KernelOp pooling =
      results && results->getParentOp() != contraction ? findReader(contraction, results) : nullptr;
  if (!pooling || !isPoolingOf(pooling, results))
    return std::nullopt;

  OpBuilder b(pooling);
  auto kernel = KernelOp::create(b, pooling.getLoc(), tflrt::StrategyAttr(), Value());
  b.createBlock(&kernel.getBody());
  IRMapping mapping;
  b.clone(*results, mapping);
  for (KernelOp part : {contraction, pooling})
    for (Operation &op : part.getBody().front())
      b.clone(op, mapping);

  if (auto choice = chooseJoined(kernel, separate, target, limits, log))
    return PooledKernel{kernel, *choice, pooling, results};
  kernel.erase();
  return std::nullopt;
}
