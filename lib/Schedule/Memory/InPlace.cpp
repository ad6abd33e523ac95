//===- InPlace.cpp - may a kernel write over what it reads? ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "InPlace.h"

#include "Schedule/Nest/TaskCut.h"
#include "Schedule/Nest/TileOrder.h"

#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {

/// An access in bytes.
struct ByteAccess {
  SmallVector<int64_t> coefficients;
  int64_t offset = 0;
  int64_t width = 1; // of an element
  bool inEpilogue = false;
};

/// All loads of the input's elements and the store over them, in the order of their execution.
class OrderAnalysis {
public:
  OrderAnalysis(const LoopNest &nest, const Strategy &strategy)
      : nest(nest), strategy(strategy), order(nest, strategy) {}

  ByteAccess inBytes(const LinearAccess &access, bool inEpilogue) const;
  std::optional<OverwriteRule> analyze(ArrayRef<ByteAccess> reads, const ByteAccess &write);
  /// What is left of `rule` where tasks share loop `dim`.
  std::optional<OverwriteRule> restrictToTasks(OverwriteRule rule, unsigned dim,
                                               ArrayRef<ByteAccess> reads,
                                               const ByteAccess &write) const;

private:
  std::optional<unsigned> findLanes(ArrayRef<ByteAccess> reads, const ByteAccess &write) const;
  bool isInOrderByTiles(ArrayRef<ByteAccess> reads) const;
  SmallVector<LoopBox> vectorsOf(const LoopBox &tile) const;
  /// The first byte, or the last, that the access touches in the box.
  int64_t lowest(const ByteAccess &access, const LoopBox &box) const;
  int64_t highest(const ByteAccess &access, const LoopBox &box) const;

  const LoopNest &nest;
  const Strategy &strategy;
  TileOrder order;
  std::optional<unsigned> lanes; // a loop that plays no role, see findLanes
  int64_t unit = 1;              // bytes that are one address
};

} // namespace

ByteAccess OrderAnalysis::inBytes(const LinearAccess &access, bool inEpilogue) const {
  ByteAccess result;
  result.width = llvm::divideCeil(access.elementType.getIntOrFloatBitWidth(), 8);
  result.offset = access.offset * result.width;
  for (int64_t coefficient : access.coefficients)
    result.coefficients.push_back(coefficient * result.width);
  result.inEpilogue = inEpilogue;
  return result;
}

/// A loop along which reads and the write go side by side, so that what one of its iterations reads
/// no other one writes: the channels of a depthwise convolution or of a residual. Its order then
/// does not matter. All other strides are multiples of the bytes of this loop.
std::optional<unsigned> OrderAnalysis::findLanes(ArrayRef<ByteAccess> reads,
                                                 const ByteAccess &write) const {
  for (unsigned dim = 0; dim < nest.dims.size(); ++dim) {
    if (nest.dims[dim].isReduction || write.coefficients[dim] != write.width)
      continue;
    int64_t bytes = write.width * nest.dims[dim].size;
    auto beside = [&](const ByteAccess &access) {
      if (access.width != write.width || access.coefficients[dim] != write.width ||
          (access.offset - write.offset) % bytes != 0)
        return false;
      for (auto [other, coefficient] : llvm::enumerate(access.coefficients))
        if (other != dim && coefficient % bytes != 0)
          return false;
      return true;
    };
    if (beside(write) && llvm::all_of(reads, beside))
      return dim;
  }
  return std::nullopt;
}

/// Whether Winograd's products read and write tile by tile: the windows are read for many tiles at
/// once, and where tiles overlap, some results are written twice.
bool OrderAnalysis::isInOrderByTiles(ArrayRef<ByteAccess> reads) const {
  if (lanes != strategy.vectorDim ||
      llvm::any_of(reads, [](const ByteAccess &read) { return !read.inEpilogue; }))
    return false;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && dim != lanes && info.size % strategy.tile[dim] != 0)
      return false;
  return true;
}

/// The vectors of a tile in the order in which an epilogue may read and store them one by one.
SmallVector<LoopBox> OrderAnalysis::vectorsOf(const LoopBox &tile) const {
  SmallVector<LoopBox> vectors;
  order.forEachVector(
      tile.extent,
      [&](ArrayRef<int64_t> place, int64_t elements) {
        LoopBox vector = tile;
        for (auto [dim, info] : llvm::enumerate(nest.dims)) {
          if (info.isReduction || dim == lanes)
            continue;
          vector.origin[dim] += place[dim];
          vector.extent[dim] = dim == strategy.vectorDim ? elements : 1;
        }
        vectors.push_back(std::move(vector));
      },
      lanes);
  return vectors;
}

int64_t OrderAnalysis::lowest(const ByteAccess &access, const LoopBox &box) const {
  int64_t address = access.offset;
  for (auto [dim, coefficient] : llvm::enumerate(access.coefficients))
    if (dim != lanes)
      address += coefficient *
                 (coefficient >= 0 ? box.origin[dim] : box.origin[dim] + box.extent[dim] - 1);
  return llvm::divideFloorSigned(address, unit);
}

int64_t OrderAnalysis::highest(const ByteAccess &access, const LoopBox &box) const {
  int64_t address = access.offset + (lanes ? 0 : access.width - 1);
  for (auto [dim, coefficient] : llvm::enumerate(access.coefficients))
    if (dim != lanes)
      address +=
          coefficient * (coefficient < 0 ? box.origin[dim] : box.origin[dim] + box.extent[dim] - 1);
  return llvm::divideFloorSigned(address, unit);
}

std::optional<OverwriteRule> OrderAnalysis::analyze(ArrayRef<ByteAccess> reads,
                                                    const ByteAccess &write) {
  lanes = findLanes(reads, write);
  // Blocks of rows leave the order of rows, not that of rows and columns.
  if (!strategy.block().empty() && lanes != strategy.vectorDim)
    return std::nullopt;
  if (strategy.is<Winograd>() && !isInOrderByTiles(reads))
    return std::nullopt;
  if (lanes)
    unit = write.width * nest.dims[*lanes].size;
  constexpr int64_t mostTiles = 1 << 18; // more take too long
  if (order.countTiles(lanes) > mostTiles)
    return std::nullopt;
  struct Range {
    int64_t firstRead, lastWrite;
  };
  SmallVector<Range> tiles;
  std::optional<LoopBox> firstTile;
  order.forEachTile(
      [&](const LoopBox &tile) {
        if (!firstTile)
          firstTile = tile;
        int64_t firstRead = std::numeric_limits<int64_t>::max();
        for (const ByteAccess &read : reads)
          firstRead = std::min(firstRead, lowest(read, tile));
        tiles.push_back({firstRead, highest(write, tile)});
      },
      lanes);
  if (tiles.empty())
    return std::nullopt;

  // What a tile writes must lie in front of all that later ones read.
  constexpr int64_t unbounded = std::numeric_limits<int64_t>::max();
  int64_t distance = unbounded, laterRead = unbounded;
  for (const Range &tile : llvm::reverse(tiles)) {
    if (laterRead != unbounded)
      distance = std::min(distance, laterRead - tile.lastWrite - 1);
    laterRead = std::min(laterRead, tile.firstRead);
  }
  // An epilogue stores a vector before it reads the next one's operands.
  laterRead = unbounded;
  if (nest.reduction && llvm::any_of(reads, [](const ByteAccess &r) { return r.inEpilogue; })) {
    // What holds in the first tile holds in all others where no read falls behind the write.
    for (const ByteAccess &read : reads)
      for (auto [dim, info] : llvm::enumerate(nest.dims))
        if (read.inEpilogue && !info.isReduction && dim != lanes &&
            read.coefficients[dim] < write.coefficients[dim])
          return std::nullopt;
    SmallVector<LoopBox> vectors = vectorsOf(*firstTile);
    for (const LoopBox &vector : llvm::reverse(vectors)) {
      if (laterRead != unbounded)
        distance = std::min(distance, laterRead - highest(write, vector) - 1);
      for (const ByteAccess &read : reads)
        if (read.inEpilogue)
          laterRead = std::min(laterRead, lowest(read, vector));
    }
  }
  if (distance == unbounded)
    distance = 0; // one tile, or one lane loop: everything is read first
  return OverwriteRule{distance * unit, unit};
}

/// Of a loop along which reads and the write go side by side, no task reads what another one
/// writes. Of others each iteration needs memory of its own: reads and the write move on equally,
/// and what one iteration touches is no longer than that.
std::optional<OverwriteRule> OrderAnalysis::restrictToTasks(OverwriteRule rule, unsigned dim,
                                                            ArrayRef<ByteAccess> reads,
                                                            const ByteAccess &write) const {
  if (dim == lanes)
    return rule;
  // Blocks of patches do not end with a line.
  if (strategy.is<Winograd>())
    return std::nullopt;
  int64_t bytes = write.coefficients[dim];
  LoopBox iteration;
  for (const LoopDim &info : nest.dims) {
    iteration.origin.push_back(0);
    iteration.extent.push_back(info.size);
  }
  iteration.extent[dim] = 1;
  int64_t firstRead = std::numeric_limits<int64_t>::max(), lastRead = 0;
  for (const ByteAccess &read : reads) {
    if (read.coefficients[dim] != bytes)
      return std::nullopt;
    firstRead = std::min(firstRead, lowest(read, iteration));
    lastRead = std::max(lastRead, highest(read, iteration));
  }
  int64_t firstWrite = lowest(write, iteration), lastWrite = highest(write, iteration);
  int64_t length = bytes / unit; // a whole number, as other loops move by whole units
  if (bytes <= 0 || lastRead - firstRead >= length || lastWrite - firstWrite >= length)
    return std::nullopt;
  rule.distance = std::min(rule.distance, (firstRead + length - 1 - lastWrite) * unit);
  rule.least = (lastRead - length + 1 - firstWrite) * unit;
  if (rule.least > rule.distance)
    return std::nullopt;
  return rule;
}

Value tflc::findBaseBuffer(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>())
    buffer = view.getViewSource();
  return buffer;
}

std::optional<OverwriteRule> tflc::findOverwriteRule(tflrt::KernelOp kernel, const LoopNest &nest,
                                                     const Strategy &strategy, Value input,
                                                     Value output) {
  if (strategy.tile.size() != nest.dims.size() || nest.dims.empty())
    return std::nullopt;
  OrderAnalysis analysis(nest, strategy);
  SmallVector<ByteAccess> reads;
  for (const std::optional<Stage> *stage : {&nest.init, &nest.reduction, &nest.epilogue}) {
    if (!*stage)
      continue;
    for (const LinearAccess &access : (*stage)->inputs)
      if (access.buffer && findBaseBuffer(access.buffer) == input) {
        if (!access.elementType.isIntOrFloat() || access.startsAtRunTime)
          return std::nullopt;
        // Sums of tile registers are joined with what they begin with row by row, when they are
        // stored.
        bool besideStores =
            stage == &nest.epilogue || (strategy.is<TileRegisters>() && stage == &nest.init);
        reads.push_back(analysis.inBytes(access, besideStores));
      }
  }
  // Bodies may look at memory by themselves, and then no access tells where.
  unsigned uses = 0;
  kernel.walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      uses += isa<MemRefType>(operand.getType()) && findBaseBuffer(operand) == input;
  });
  const LinearAccess &store = nest.last().output;
  if (reads.empty() || uses != reads.size() || findBaseBuffer(store.buffer) != output ||
      !store.elementType.isIntOrFloat() || store.startsAtRunTime)
    return std::nullopt;
  ByteAccess write = analysis.inBytes(store, false);
  std::optional<OverwriteRule> rule = analysis.analyze(reads, write);
  if (std::optional<TaskCut> cut = getTaskCut(kernel); cut && rule)
    return analysis.restrictToTasks(*rule, cut->dim, reads, write);
  return rule;
}
