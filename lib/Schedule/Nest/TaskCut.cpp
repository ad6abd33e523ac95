//===- TaskCut.cpp - a kernel in parts that may run at once ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TaskCut.h"

#include "TileOrder.h"
#include "Winograd.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

static constexpr char tasksAttrName[] = "tflc.tasks";

std::optional<TaskCut> tflc::getTaskCut(tflrt::KernelOp kernel) {
  auto attr = kernel->getAttrOfType<DenseI64ArrayAttr>(tasksAttrName);
  if (!attr || attr.size() != 2)
    return std::nullopt;
  return TaskCut{unsigned(attr[0]), attr[1]};
}

void tflc::setTaskCut(tflrt::KernelOp kernel, TaskCut cut) {
  kernel->setAttr(tasksAttrName,
                  DenseI64ArrayAttr::get(kernel.getContext(), {int64_t(cut.dim), cut.count}));
}

/// Winograd's loops go over blocks of patches or columns; a batch is a loop around them.
static int64_t countUnitsOfWinograd(const LoopNest &nest, const Strategy &strategy, unsigned dim) {
  const Winograd &form = *strategy.as<Winograd>();
  std::optional<WinogradLoops> loops = matchWinograd(nest, strategy);
  if (!loops)
    return 1;
  bool byChannels = form.channels < loops->channels;
  if (dim == strategy.vectorDim)
    return nest.dims[dim].size / (byChannels ? strategy.tile[dim] : form.columns);
  if (dim == loops->line)
    return byChannels ? 1 : llvm::divideCeil(loops->patches(form), form.patches);
  return llvm::is_contained(loops->outer, dim) ? nest.dims[dim].size : 1;
}

int64_t tflc::countSharedUnits(const LoopNest &nest, const Strategy &strategy, unsigned dim) {
  if (nest.dims[dim].isReduction || nest.dims[dim].isWindow)
    return 1;
  if (strategy.is<Winograd>())
    return countUnitsOfWinograd(nest, strategy, dim);
  TileOrder order(nest, strategy);
  // Columns that are data would be packed once more for each part of the rows.
  if (strategy.packsColumns() && dim != strategy.vectorDim &&
      !llvm::is_contained(order.aroundBlocks(), dim))
    return 1;
  TileRuns runs = order.runsOf(dim);
  if (order.blockLoop() == dim) {
    int64_t blocks = llvm::divideCeil(runs.full * strategy.tile[dim], strategy.block()[dim]);
    return blocks > 1 ? blocks + (runs.rest > 0) : 1;
  }
  return runs.full > 1 ? runs.full + (runs.rest > 0) : 1;
}

IterationRange tflc::iterationsOfTask(const LoopNest &nest, const Strategy &strategy,
                                      const TaskCut &cut, int64_t number) {
  int64_t size = nest.dims[cut.dim].size;
  if (strategy.is<Winograd>())
    return {0, size};
  TileOrder order(nest, strategy);
  int64_t tile = strategy.tile[cut.dim], units = countSharedUnits(nest, strategy, cut.dim);
  int64_t step = order.blockLoop() == cut.dim ? strategy.block()[cut.dim] : tile;
  // The rest that is no whole tile is a unit of its own, that of the last task.
  auto beginOf = [&](int64_t task) {
    return std::min(task * units / cut.count * step, size / tile * tile);
  };
  return {beginOf(number), number + 1 == cut.count ? size : beginOf(number + 1)};
}

int64_t tflc::scratchPerTask(const Strategy &strategy, unsigned dim) {
  if (strategy.packsColumns() && dim == strategy.vectorDim)
    return 0;
  constexpr int64_t elementsOfLine = 32;
  return llvm::alignTo(strategy.scratch(), elementsOfLine);
}
