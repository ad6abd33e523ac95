//===- ChooseRowBlocks.cpp - blocks of rows of a contraction --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Blocks of rows stay in a cache while all columns pass; where bytes are multiplied in 16 bits, a
// buffer holds the extended bytes of a block.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Nest/RegisterTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// Bytes of the whole buffer of an access.
static int64_t bufferBytes(const LinearAccess &access) {
  return sizeInBytes(cast<MemRefType>(access.buffer.getType()));
}

namespace {
class BlockChooser {
public:
  BlockChooser(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
               const ScratchLimits &limits)
      : strategy(strategy), nest(nest), target(target), limits(limits),
        packing(*strategy.columns()), rows(nest.reduction->inputs[1 - packing.weightsInput]),
        columns(nest.reduction->inputs[packing.weightsInput]),
        rowLoops(findRowLoops(nest, strategy)),
        widens(strategy.is<QuadRuns>() ||
               (strategy.is<Broadcast>() && strategy.as<Broadcast>()->widen &&
                rows.elementType.isInteger(8))) {}

  void choose();

private:
  bool chooseBlock(int64_t limit);
  void chooseForSingleRow();
  void chooseForExtendedRows(int64_t total);
  void chooseForScalarSums(int64_t total);
  int64_t spanOfWindowLine() const;
  int64_t rowBytesInCache() const;

  Strategy &strategy;
  const LoopNest &nest;
  const TargetInfo &target;
  const ScratchLimits &limits;
  const PackedColumns &packing;
  const LinearAccess &rows, &columns;
  SmallVector<unsigned> rowLoops; ///< innermost first
  bool widens;                    ///< the rows, to 16 bits
};
} // namespace

/// Cuts the loops of rows so that all that the rows of a block read has at most `limit` elements;
/// false where not even a tile does.
bool BlockChooser::chooseBlock(int64_t limit) {
  if (llvm::any_of(rows.coefficients, [](int64_t coefficient) { return coefficient < 0; }))
    return false;
  // From the first to the last element.
  int64_t span = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      span += rows.coefficients[dim] * (info.size - 1);
  if (span > limit)
    return false;
  SmallVector<int64_t> block(nest.dims.size(), 1);
  bool whole = true;
  for (unsigned dim : rowLoops) {
    int64_t size = nest.dims[dim].size, tile = strategy.tile[dim], stride = rows.coefficients[dim];
    if (!whole && tile > 1)
      return false;
    if (!whole)
      continue;
    int64_t count = stride == 0 ? size : std::min(size, 1 + (limit - span) / stride);
    if (count < std::min(tile, size))
      return false;
    if (count < size) {
      // As many blocks as necessary, of about the same size.
      int64_t tiles = size / tile, blocks = llvm::divideCeil(tiles, count / tile);
      count = llvm::divideCeil(tiles, blocks) * tile;
      whole = false;
    }
    block[dim] = count;
    span += stride * (count - 1);
  }
  if (auto *form = strategy.as<Broadcast>()) {
    form->block = std::move(block);
    if (widens)
      form->scratch = span;
  } else if (auto *form = strategy.as<QuadRuns>()) {
    form->block = std::move(block);
    // A run's rest is loaded with what lies behind it.
    form->scratch = span + packing.group - 1;
  } else {
    strategy.as<TileRegisters>()->block = std::move(block);
  }
  return true;
}

/// Bytes of extended rows that stay in the first cache together with what belongs to their results:
/// every tile of columns reads and writes a part of those lines.
int64_t BlockChooser::rowBytesInCache() const {
  int64_t weights = bufferBytes(columns);
  int64_t count = 1, inTile = 1;
  for (unsigned dim : rowLoops) {
    count *= nest.dims[dim].size;
    inTile *= strategy.tile[dim];
  }
  int64_t results = bufferBytes(nest.last().output);
  if (nest.epilogue)
    for (auto [input, isAccumulator] :
         llvm::zip_equal(nest.epilogue->inputs, nest.epilogue->readsAccumulator))
      if (!isAccumulator && !input.scalar && !input.constant)
        results += bufferBytes(input);
  double perRow = 2.0 * bufferBytes(rows) / count;
  double inCache = target.l1Bytes * 0.75;
  // Weights stay as well, or come from the second cache for each block: not for too few rows.
  bool weightsStay = weights <= target.l1Bytes / 2;
  if (weightsStay)
    inCache -= weights;
  double fit = inCache / (perRow + double(results) / count);
  if (!weightsStay)
    fit = std::max(fit, 2.0 * inTile);
  return fit * perRow;
}

/// Elements from the first to the last that the rows of a line of windows read.
int64_t BlockChooser::spanOfWindowLine() const {
  int64_t span = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      span += rows.coefficients[dim] * (info.size - 1);
  for (unsigned dim : rowLoops) {
    span += rows.coefficients[dim] * (nest.dims[dim].size - 1);
    if (!nest.dims[dim].isWindow)
      break;
  }
  return span;
}

/// One row serves all columns; few of them do not repay a pass of its own over the row.
void BlockChooser::chooseForSingleRow() {
  constexpr int64_t small = 1024;
  if (widens && nest.dims[strategy.vectorDim].size > strategy.lanes)
    chooseBlock(std::min(target.l1Bytes / 2, std::max(small, limits.most)) / 2);
}

/// Blocks whose bytes, extended, stay in a cache. `total` are those of rows and results.
void BlockChooser::chooseForExtendedRows(int64_t total) {
  int64_t most = target.l1Bytes / 2, fit = rowBytesInCache();
  // The scratch buffer is small against what else is alive, unless a tile takes more.
  int64_t small = std::max<int64_t>(1024, total / 16);
  // Weights that do not stay in the second cache should serve many rows.
  if (bufferBytes(columns) > target.l2Bytes / 2) {
    most = fit = std::max(most, target.l2Bytes / 4);
    small = std::max(small, limits.free);
  }
  int64_t limit = std::min({most, fit, small});
  // A part of the windows of a line reaches from its first line to its last one as all do.
  if (nest.pooling)
    limit = std::max(limit, std::min(most, 2 * spanOfWindowLine()));
  // Few rows, as those of a stripe, may be extended all at once.
  most = std::min(most, std::max(total, 2 * bufferBytes(rows)));
  while (!chooseBlock(limit / 2) && limit < most)
    limit += std::max<int64_t>(1, limit / 2);
}

/// Microcontrollers: memory is short. Blocks take what another step needs anyway, or a part of what
/// the kernel reads and writes.
void BlockChooser::chooseForScalarSums(int64_t total) {
  int64_t most = limits.free + (limits.most - limits.free) / 3;
  if (target.l1Bytes)
    most = std::min(most, target.l1Bytes / 2);
  // The first block is as large as all of the rows.
  most = std::min(most, 2 * bufferBytes(rows));
  int64_t limit = std::min(most, std::max(limits.free, total / 16));
  while (!chooseBlock(limit / 2) && limit < most)
    limit = std::min(most, limit + std::max<int64_t>(1, limit / 2));
}

void BlockChooser::choose() {
  if (strategy.is<QuadRuns>()) {
    if (!rowLoops.empty() && !nest.pooling)
      chooseForScalarSums(bufferBytes(rows) + bufferBytes(nest.last().output));
    return;
  }
  if (!target.l1Bytes)
    return;
  if (rowLoops.empty())
    return chooseForSingleRow();
  int64_t total = bufferBytes(rows) + bufferBytes(nest.last().output);
  if (widens)
    return chooseForExtendedRows(total);
  // Rows and results that do not fit the second cache pass through it once, not once for each tile
  // of columns. Half of it is for them, the other half for weights.
  if (target.l2Bytes && total > target.l2Bytes / 2)
    chooseBlock(target.l2Bytes / 2 * cast<MemRefType>(rows.buffer.getType()).getNumElements() /
                total);
}

void tflc::chooseRowBlocks(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                           const ScratchLimits &limits) {
  BlockChooser(strategy, nest, target, limits).choose();
}

int64_t tflc::countExtendedBytes(const LoopNest &nest, const Strategy &strategy) {
  const LinearAccess &rows = nest.reduction->inputs[1 - strategy.columns()->weightsInput];
  ArrayRef<int64_t> block = strategy.block();
  int64_t inBlock = 1, blocks = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    int64_t count = info.isReduction ? info.size : dim == strategy.vectorDim ? 1 : block[dim];
    inBlock += (count - 1) * rows.coefficients[dim];
    if (!info.isReduction && dim != strategy.vectorDim)
      blocks *= llvm::divideCeil(info.size, count);
  }
  return inBlock * blocks;
}
