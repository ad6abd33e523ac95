//===- ChooseTasks.cpp - which loop of a kernel is shared by tasks --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"

#include "Schedule/Nest/TileOrder.h"
#include "Schedule/Nest/Winograd.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// A task that is shorter is not worth its start, and more of them than that are no gain: they
/// serve up to four times fewer threads well.
static constexpr double leastCyclesOfTask = 3000;
static constexpr int64_t mostTasks = 16;
static constexpr int64_t enoughTasks = 8;
/// Bytes that scratch buffers of all tasks may take beside that of the whole kernel.
static constexpr int64_t scratchForTasks = 192 << 10;
/// Part of the threads' time that is used; with less, two are hardly faster than one.
static constexpr double leastUse = 0.6;

/// Which part of the time of all threads `units` of work in `tasks` keep busy, where each thread
/// takes the next task when it is done with one; for two threads and for four. The last unit is
/// `lastUnit` as long as the others.
static double estimateUse(int64_t units, int64_t tasks, double lastUnit = 1) {
  double work = double(units) - 1 + lastUnit, use = 0;
  for (unsigned threads : {2, 4}) {
    SmallVector<double, 4> ends(threads, 0);
    for (int64_t task = 0; task < tasks; ++task) {
      double &first = *llvm::min_element(ends);
      first += double((task + 1) * units / tasks - task * units / tasks);
      if (task + 1 == tasks)
        first += lastUnit - 1;
    }
    use += work / (threads * *llvm::max_element(ends)) / 2;
  }
  return use;
}

/// What is left of the use of a loop where each task repeats work of the others.
static double repeatedWork(const LoopNest &nest, const Strategy &strategy, unsigned dim) {
  bool isColumn = dim == strategy.vectorDim;
  // Bytes are extended once for each part of the columns.
  if (isColumn && strategy.scratch() > 0 && !strategy.packsColumns())
    return 0.85;
  // Rows of a tile are read again for each part of the columns, or columns for each of the rows.
  return isColumn && strategy.columns() ? 0.97 : 1;
}

/// Blocks of Winograd's patches or columns are shared, and become smaller where there are too few.
/// Tasks with patches transform the weights again, and those with columns the inputs; what is
/// cheaper depends on the sizes. Each task has a scratch buffer.
static std::optional<TaskCut> cutWinograd(const LoopNest &nest, Strategy &strategy, int64_t most) {
  const Winograd whole = *strategy.as<Winograd>();
  WinogradLoops loops = *matchWinograd(nest, strategy);
  int64_t patches = loops.patches(whole), columns = nest.dims[strategy.vectorDim].size;
  int64_t columnTile = strategy.tile[strategy.vectorDim];
  bool byChannels = whole.channels < loops.channels;
  int64_t mostScratch = std::max(2 * whole.scratch, whole.scratch + scratchForTasks / 2);
  // In products of one channel; a transform is about two of these.
  double weights = 2.0 * columns, inputs = 2.0 * patches;
  double all = weights + inputs + double(patches) * columns;
  std::optional<TaskCut> best;
  Winograd bestForm = whole;
  double bestUse = leastUse;
  auto consider = [&](Winograd cut, TaskCut tasks, int64_t units, double repeated) {
    cut.scratch = WinogradScratch(strategy, cut, loops.channels).size;
    double use = estimateUse(units, tasks.count) * all / (all + repeated);
    if (units < tasks.count || cut.scratch * tasks.count > mostScratch || use <= bestUse + 1e-6)
      return;
    bestUse = use;
    best = tasks;
    bestForm = cut;
  };
  for (int64_t tasks = 2; tasks <= most; ++tasks) {
    Winograd byPatches = whole, byColumns = whole;
    byPatches.patches = std::min<int64_t>(
        whole.patches, llvm::alignTo(llvm::divideCeil(patches, tasks), whole.rows));
    int64_t blocks = llvm::divideCeil(patches, byPatches.patches);
    if (!byChannels)
      consider(byPatches, {loops.line, tasks}, blocks,
               ((whole.weightsFirst ? tasks : blocks) - 1) * weights);
    byColumns.columns = std::min<int64_t>(
        whole.columns, llvm::alignTo(llvm::divideCeil(columns, tasks), columnTile));
    int64_t step = byChannels ? columnTile : byColumns.columns;
    if (columns % step == 0)
      consider(byColumns, {strategy.vectorDim, tasks}, columns / step, (tasks - 1) * inputs);
  }
  *strategy.as<Winograd>() = bestForm;
  return best;
}

/// What reading the weights takes, which a single row has no time to hide: they come from a cache
/// that the whole model shares.
static double cyclesOfWeights(const LoopNest &nest, const Strategy &strategy) {
  constexpr double bytesPerCycle = 8;
  if (!strategy.columns() || strategy.packsColumns())
    return 0;
  const LinearAccess &weights = nest.reduction->inputs[strategy.columns()->weightsInput];
  if (!weights.constant)
    return 0;
  double bits =
      double(weights.constant.getNumElements()) * weights.elementType.getIntOrFloatBitWidth();
  return bits / 8 / bytesPerCycle;
}

/// How many tasks may share loop `dim`, if each that needs columns of its own packs them.
static int64_t mostByScratch(const LoopNest &nest, const Strategy &strategy, unsigned dim) {
  if (!strategy.packsColumns() || scratchPerTask(strategy, dim) == 0)
    return mostTasks;
  const LinearAccess &columns = nest.reduction->inputs[strategy.columns()->weightsInput];
  int64_t bytes = llvm::divideCeil(columns.elementType.getIntOrFloatBitWidth(), 8);
  return 1 + scratchForTasks / std::max<int64_t>(1, scratchPerTask(strategy, dim) * bytes);
}

std::optional<TaskCut> tflc::chooseTasks(const LoopNest &nest, Strategy &strategy, double cycles) {
  cycles = std::max(cycles, cyclesOfWeights(nest, strategy));
  int64_t most = std::min<int64_t>(mostTasks, int64_t(cycles / leastCyclesOfTask));
  if (strategy.is<Winograd>())
    return cutWinograd(nest, strategy, most);
  std::optional<TaskCut> best;
  double bestUse = leastUse;
  for (unsigned dim = 0; dim < nest.dims.size(); ++dim) {
    int64_t units = countSharedUnits(nest, strategy, dim);
    double kept = repeatedWork(nest, strategy, dim);
    int64_t tile = strategy.tile[dim], rest = nest.dims[dim].size % tile;
    bool isLastShort = rest > 0 && TileOrder(nest, strategy).blockLoop() != dim;
    double lastUnit = isLastShort ? double(rest) / double(tile) : 1;
    int64_t mostOfLoop = std::min({units, most, mostByScratch(nest, strategy, dim)});
    for (int64_t tasks = 2; tasks <= mostOfLoop; ++tasks) {
      double use = estimateUse(units, tasks, lastUnit) * kept;
      // More tasks of the same use leave more to others when a thread is late.
      bool isFiner = tasks <= enoughTasks && best && best->dim == dim && use > bestUse - 1e-6;
      if (use <= bestUse + 1e-6 && !isFiner)
        continue;
      bestUse = use;
      best = TaskCut{dim, tasks};
    }
  }
  return best;
}
