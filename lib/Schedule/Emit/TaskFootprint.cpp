//===- TaskFootprint.cpp - the bytes that a task touches ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Arguments of an entry function never overlap, so each gets a range of numbers of its own, far
// from the others. A linear access in a box of iterations is a few runs of bytes at equal
// distances; whatever is not linear counts as all of its buffer.
//
//===----------------------------------------------------------------------===//

#include "TaskFootprint.h"

#include "Schedule/Memory/ArenaBuffers.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Sets of bytes
//===----------------------------------------------------------------------===//

ByteSet::ByteSet(SmallVector<ByteRange> all) {
  llvm::sort(all, [](ByteRange lhs, ByteRange rhs) { return lhs.begin < rhs.begin; });
  for (ByteRange range : all) {
    if (!ranges.empty() && range.begin <= ranges.back().end)
      ranges.back().end = std::max(ranges.back().end, range.end);
    else
      ranges.push_back(range);
  }
}

bool ByteSet::intersects(const ByteSet &other) const {
  for (auto *lhs = ranges.begin(), *rhs = other.ranges.begin();
       lhs != ranges.end() && rhs != other.ranges.end();) {
    if (lhs->end <= rhs->begin)
      ++lhs;
    else if (rhs->end <= lhs->begin)
      ++rhs;
    else
      return true;
  }
  return false;
}

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// Numbers between the first bytes of two arguments.
static constexpr int64_t bytesOfArgument = int64_t(1) << 44;
/// What is not known to be a part of some argument.
static constexpr ByteRange everything = {0, std::numeric_limits<int64_t>::max()};

int64_t tflc::getByteNumber(unsigned argument) { return bytesOfArgument * argument; }

namespace {
/// Where a buffer lies: the byte that accesses count from, and all bytes that can be reached.
struct Place {
  std::optional<int64_t> start;
  ByteRange all;
};
} // namespace

/// None for constants, and for what a kernel holds in registers.
static std::optional<Place> findPlace(Value buffer, tflrt::KernelOp kernel) {
  std::optional<int64_t> shift = 0, size;
  while (Operation *op = buffer.getDefiningOp()) {
    if (kernel->isAncestor(op) || getConstantValues(buffer))
      return std::nullopt;
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    if (!view)
      return Place{std::nullopt, everything};
    if (auto part = dyn_cast<memref::ViewOp>(op)) {
      std::optional<int64_t> bytes = getConstantIntValue(part.getByteShift());
      if (bytes && shift) {
        *shift += *bytes;
        if (!size && part.getType().hasStaticShape())
          size = sizeInBytes(part.getType());
      } else {
        shift = std::nullopt;
      }
    }
    buffer = view.getViewSource();
  }
  auto argument = cast<BlockArgument>(buffer);
  if (!isa<FunctionOpInterface>(argument.getOwner()->getParentOp()))
    return Place{std::nullopt, everything};
  int64_t base = getByteNumber(argument.getArgNumber());
  if (!shift)
    return Place{std::nullopt, {base, base + bytesOfArgument}};
  int64_t start = base + *shift;
  return Place{start, {start, size ? start + *size : base + bytesOfArgument}};
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

/// Adds what `access` touches in the iterations `box` to `ranges`.
static void addAccess(const LinearAccess &access, ArrayRef<IterationRange> box, const Place &place,
                      SmallVectorImpl<ByteRange> &ranges) {
  if (!place.start || access.startsAtRunTime || !access.elementType.isIntOrFloat()) {
    ranges.push_back(place.all);
    return;
  }
  int64_t width = llvm::divideCeil(access.elementType.getIntOrFloatBitWidth(), 8);
  int64_t first = *place.start + access.offset * width;
  std::map<int64_t, int64_t> steps; // bytes of a step, and how many steps the loops of it take
  for (auto [coefficient, iterations] : llvm::zip_equal(access.coefficients, box)) {
    int64_t more = iterations.end - iterations.begin - 1, bytes = coefficient * width;
    if (more < 0)
      return;
    first += bytes * (bytes < 0 ? iterations.end - 1 : iterations.begin);
    if (bytes != 0)
      steps[std::abs(bytes)] += more;
  }
  // Runs, and then more of them, until they are too many.
  constexpr size_t mostRuns = 1024;
  int64_t run = width;
  SmallVector<int64_t> starts{first};
  for (auto [step, count] : steps) {
    if (step <= run || starts.size() * (count + 1) > mostRuns) {
      // The first and the last run, and all between them.
      run += starts.back() - starts.front() + step * count;
      starts = {first};
      continue;
    }
    size_t numStarts = starts.size();
    for (int64_t i = 1; i <= count; ++i)
      for (size_t k = 0; k < numStarts; ++k)
        starts.push_back(starts[k] + step * i);
  }
  for (int64_t start : starts)
    ranges.push_back({start, start + run});
}

namespace {
/// The footprints of one kernel's tasks.
class FootprintFinder {
public:
  FootprintFinder(tflrt::KernelOp kernel, const Strategy &strategy,
                  const std::optional<TaskCut> &cut)
      : kernel(kernel), strategy(strategy), cut(cut), nest(analyzeKernel(kernel)) {
    if (nest && !strategy.prepare(*nest))
      nest = std::nullopt;
  }

  SmallVector<TaskFootprint> find();

private:
  void addAccesses(int64_t task, SmallVectorImpl<ByteRange> &reads,
                   SmallVectorImpl<ByteRange> &writes);
  void addOthers(SmallVectorImpl<ByteRange> &reads, SmallVectorImpl<ByteRange> &writes);
  void addScratch(int64_t task, SmallVectorImpl<ByteRange> &writes);

  tflrt::KernelOp kernel;
  const Strategy &strategy;
  const std::optional<TaskCut> &cut;
  std::optional<LoopNest> nest;
  llvm::DenseSet<Value> known; ///< buffers of which accesses say what is touched
};
} // namespace

void FootprintFinder::addAccesses(int64_t task, SmallVectorImpl<ByteRange> &reads,
                                  SmallVectorImpl<ByteRange> &writes) {
  SmallVector<IterationRange> box;
  for (const LoopDim &loop : nest->dims)
    box.push_back({0, loop.size});
  if (cut)
    box[cut->dim] = iterationsOfTask(*nest, strategy, *cut, task);
  auto add = [&](const LinearAccess &access, SmallVectorImpl<ByteRange> &ranges) {
    if (!access.buffer)
      return;
    known.insert(access.buffer);
    if (std::optional<Place> place = findPlace(access.buffer, kernel))
      addAccess(access, box, *place, ranges);
  };
  for (const std::optional<Stage> *stage : {&nest->init, &nest->reduction, &nest->epilogue}) {
    if (!*stage)
      continue;
    for (const LinearAccess &input : (*stage)->inputs)
      add(input, reads);
    add((*stage)->output, writes);
  }
}

/// What bodies load by themselves, and all buffers of a kernel that is not linear.
void FootprintFinder::addOthers(SmallVectorImpl<ByteRange> &reads,
                                SmallVectorImpl<ByteRange> &writes) {
  kernel.getBody().walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      if (isa<BaseMemRefType>(operand.getType()) && !known.contains(operand))
        if (std::optional<Place> place = findPlace(operand, kernel))
          (isa<memref::LoadOp>(op) ? reads : writes).push_back(place->all);
  });
}

void FootprintFinder::addScratch(int64_t task, SmallVectorImpl<ByteRange> &writes) {
  Value scratch = kernel.getScratch();
  std::optional<Place> place = scratch ? findPlace(scratch, kernel) : std::nullopt;
  if (!place)
    return;
  int64_t elements = cut ? scratchPerTask(strategy, cut->dim) : 0;
  if (elements > 0 && place->start) {
    int64_t bits = cast<MemRefType>(scratch.getType()).getElementTypeBitWidth();
    int64_t bytes = elements * bits / 8, start = *place->start + task * bytes;
    writes.push_back({start, start + bytes});
    return;
  }
  writes.push_back(place->all);
}

SmallVector<TaskFootprint> FootprintFinder::find() {
  SmallVector<TaskFootprint> footprints;
  for (int64_t task = 0, count = cut ? cut->count : 1; task < count; ++task) {
    SmallVector<ByteRange> reads, writes;
    if (nest)
      addAccesses(task, reads, writes);
    addOthers(reads, writes);
    addScratch(task, writes);
    footprints.push_back({ByteSet(std::move(reads)), ByteSet(std::move(writes))});
  }
  return footprints;
}

SmallVector<TaskFootprint> tflc::findFootprints(tflrt::KernelOp kernel, const Strategy &strategy,
                                                const std::optional<TaskCut> &cut) {
  return FootprintFinder(kernel, strategy, cut).find();
}
