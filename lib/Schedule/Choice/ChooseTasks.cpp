//===- ChooseTasks.cpp - which loop of a kernel is shared by tasks --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"

#include "Schedule/Nest/TileOrder.h"
#include "Schedule/Nest/Winograd.h"

#include "tflc/Target/TaskNames.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// A shorter task is not worth what it costs to take it, and more of them than
/// that are no gain: they serve up to four times fewer threads well.
static constexpr double leastCyclesOfTask = 1000;
static constexpr int64_t mostTasks = kMostTasks;
static constexpr int64_t enoughTasks = 8;
/// Bytes that scratch buffers of all tasks may take beside that of the whole
/// kernel.
static constexpr int64_t scratchForTasks = 192 << 10;
/// From a cache that the whole model shares, or that of another core.
static constexpr double bytesPerCycle = 8;
/// Part of the threads' time that is used; with less, two are hardly faster
/// than one.
static constexpr double leastUse = 0.6;

namespace {
/// What tasks of a loop share, all of the same length but for the last two.
struct Units {
  int64_t count = 1;
  double secondToLast = 1, last = 1;

  double lengthOf(int64_t unit) const {
    return unit + 1 == count ? last : unit + 2 == count ? secondToLast : 1;
  }
};
} // namespace

/// Which part of the time of all threads `tasks` keep busy, where each thread
/// takes the next task when it is done with one; for two threads and for four.
static double estimateUse(const Units &units, int64_t tasks) {
  double work = double(units.count) - 2 + units.secondToLast + units.last, use = 0;
  for (unsigned threads : {2, 4}) {
    SmallVector<double, 4> ends(threads, 0);
    for (int64_t task = 0; task < tasks; ++task) {
      int64_t first = task * units.count / tasks, end = (task + 1) * units.count / tasks;
      double &next = *llvm::min_element(ends);
      next += double(end - first);
      for (int64_t unit = std::max(first, units.count - 2); unit < end; ++unit)
        next += units.lengthOf(unit) - 1;
    }
    use += work / (threads * *llvm::max_element(ends)) / 2;
  }
  return use;
}

/// Bytes of what an access may touch.
static double bytesOf(const LinearAccess &access) {
  int64_t elements = access.constant ? access.constant.getNumElements() : 0;
  if (access.buffer)
    elements = cast<MemRefType>(access.buffer.getType()).getNumElements();
  return double(elements) * access.elementType.getIntOrFloatBitWidth() / 8;
}

/// Cycles of a thread for bytes that lie in the cache of another one, or that it reads although
/// another one reads them, too. Tasks of the outermost loop of the result have neighbouring bytes,
/// and those of the next step mostly read them at the same place; tasks of other loops read what
/// all tasks of the step before have written, and so do their readers.
static double cyclesOfExchange(const LoopNest &nest, unsigned dim) {
  const LinearAccess &output = nest.last().output;
  bool isOutermost = llvm::all_of(llvm::enumerate(nest.dims), [&](auto loop) {
    return loop.value().size == 1 ||
           std::abs(output.coefficients[loop.index()]) <= output.coefficients[dim];
  });
  double bytes = isOutermost ? 0 : bytesOf(output) / 2;
  for (const std::optional<Stage> *stage : {&nest.init, &nest.reduction, &nest.epilogue}) {
    if (!*stage)
      continue;
    for (auto [input, isAccumulator] :
         llvm::zip_equal((*stage)->inputs, (*stage)->readsAccumulator))
      if (!isAccumulator && !input.scalar &&
          (input.isInvariantIn(dim) || !(isOutermost || input.constant)))
        bytes += bytesOf(input) / 2;
  }
  return bytes / bytesPerCycle;
}

/// What is left of the use of a loop where each task repeats work of the
/// others.
static double repeatedWork(const LoopNest &nest, const Strategy &strategy, unsigned dim,
                           double cycles) {
  double kept = cycles / (cycles + cyclesOfExchange(nest, dim));
  // Bytes are extended once for each part of the columns.
  if (dim == strategy.vectorDim && strategy.scratch() > 0 && !strategy.packsColumns())
    return 0.85 * kept;
  return kept;
}

/// Blocks of Winograd's patches or columns are shared, and become smaller where
/// there are too few. Tasks with patches transform the weights again, and those
/// with columns the inputs; what is cheaper depends on the sizes. Each task has
/// a scratch buffer.
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
    double use = estimateUse({units}, tasks.count) * all / (all + repeated);
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

/// What reading the weights takes, which a single row has no time to hide: they
/// come from a cache that the whole model shares.
static double cyclesOfWeights(const LoopNest &nest, const Strategy &strategy) {
  if (!strategy.columns() || strategy.packsColumns())
    return 0;
  const LinearAccess &weights = nest.reduction->inputs[strategy.columns()->weightsInput];
  if (!weights.constant)
    return 0;
  double bits =
      double(weights.constant.getNumElements()) * weights.elementType.getIntOrFloatBitWidth();
  return bits / 8 / bytesPerCycle;
}

/// How many tasks may share loop `dim`, if each that needs columns of its own
/// packs them.
static int64_t mostByScratch(const LoopNest &nest, const Strategy &strategy, unsigned dim) {
  if (!strategy.packsColumns() || scratchPerTask(strategy, dim) == 0)
    return mostTasks;
  const LinearAccess &columns = nest.reduction->inputs[strategy.columns()->weightsInput];
  int64_t bytes = llvm::divideCeil(columns.elementType.getIntOrFloatBitWidth(), 8);
  return 1 + scratchForTasks / std::max<int64_t>(1, scratchPerTask(strategy, dim) * bytes);
}

namespace {
/// Tries loops and numbers of tasks, and keeps what uses threads best.
struct CutSearch {
  std::optional<TaskCut> best;
  double bestUse = leastUse;

  /// Whether one of up to `most` tasks of loop `dim` is better than what was
  /// found before; `kept` is the part of the work that is not repeated.
  bool consider(unsigned dim, const Units &units, int64_t most, double kept) {
    bool isBetter = false;
    for (int64_t tasks = 2; tasks <= std::min(units.count, most); ++tasks) {
      double use = estimateUse(units, tasks) * kept;
      // More tasks of the same use leave more to others when a thread is late.
      bool isFiner = isBetter && tasks <= enoughTasks && use > bestUse - 1e-6;
      if (use <= bestUse + 1e-6 && !isFiner)
        continue;
      isBetter = true;
      bestUse = use;
      best = TaskCut{dim, tasks};
    }
    return isBetter;
  }
};
} // namespace

/// Blocks of rows become smaller where that makes parts of equal length. Each
/// reads the weights once more.
static void cutBlocks(const LoopNest &nest, Strategy &strategy, int64_t most, double cycles,
                      CutSearch &search) {
  constexpr double costOfBlock = 0.004;
  auto *form = strategy.as<Broadcast>();
  std::optional<unsigned> dim = TileOrder(nest, strategy).blockLoop();
  if (!form || form->packs || !dim)
    return;
  int64_t tile = strategy.tile[*dim], tiles = nest.dims[*dim].size / tile;
  double rest = double(nest.dims[*dim].size % tile);
  int64_t whole = form->block[*dim], fewest = llvm::divideCeil(tiles * tile, whole);
  int64_t chosen = whole, last = 0;
  double exchanged = repeatedWork(nest, strategy, *dim, cycles);
  for (int64_t wanted = fewest; wanted <= std::min(tiles, fewest + mostTasks); ++wanted) {
    int64_t length = wanted == fewest ? whole : llvm::divideCeil(tiles, wanted) * tile;
    if (length == last)
      continue;
    last = length;
    int64_t blocks = llvm::divideCeil(tiles * tile, length);
    Units units{blocks + (rest > 0)};
    double lastBlock = double(tiles * tile - (blocks - 1) * length) / double(length);
    units.last = rest > 0 ? rest / double(length) : lastBlock;
    units.secondToLast = rest > 0 ? lastBlock : 1;
    double kept = exchanged * (1 - costOfBlock * double(blocks - fewest));
    if (blocks > 1 && search.consider(*dim, units, most, kept))
      chosen = length;
  }
  // Fewer rows take less of the buffer.
  const LinearAccess &rows = nest.reduction->inputs[1 - form->weightsInput];
  if (form->scratch > 0)
    form->scratch -= rows.coefficients[*dim] * (whole - chosen);
  form->block[*dim] = chosen;
}

std::optional<TaskCut> tflc::chooseTasks(const LoopNest &nest, Strategy &strategy, double cycles) {
  cycles = std::max(cycles, cyclesOfWeights(nest, strategy));
  int64_t most = std::min<int64_t>(mostTasks, int64_t(cycles / leastCyclesOfTask));
  if (strategy.is<Winograd>())
    return cutWinograd(nest, strategy, most);
  CutSearch search;
  std::optional<unsigned> blocks = TileOrder(nest, strategy).blockLoop();
  for (unsigned dim = 0; dim < nest.dims.size(); ++dim) {
    if (dim == blocks && strategy.is<Broadcast>())
      continue;
    Units units{countSharedUnits(nest, strategy, dim)};
    int64_t tile = strategy.tile[dim], rest = nest.dims[dim].size % tile;
    if (rest > 0 && dim != blocks)
      units.last = double(rest) / double(tile);
    search.consider(dim, units, std::min(most, mostByScratch(nest, strategy, dim)),
                    repeatedWork(nest, strategy, dim, cycles));
  }
  cutBlocks(nest, strategy, most, cycles, search);
  return search.best;
}
