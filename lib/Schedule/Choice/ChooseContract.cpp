//===- ChooseContract.cpp - packed products ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Nest/BytePairs.h"
#include "Schedule/Nest/Contraction.h"
#include "Schedule/Nest/RegisterTile.h"
#include "Schedule/Nest/Winograd.h"

#include "tflc/Target/Registers.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// Bytes of the whole buffer of an access.
static int64_t bufferBytes(const LinearAccess &access) {
  return sizeInBytes(cast<MemRefType>(access.buffer.getType()));
}

namespace {

class ContractChooser {
public:
  ContractChooser(const LoopNest &nest, const TargetInfo &target, const ScratchLimits &limits)
      : nest(nest), target(target), limits(limits),
        registers(target.vectorBits ? target.vectorRegisters : scalarRegisters(target)) {}

  /// With the constant factor as input number `weightsInput` of the reduction.
  std::optional<Strategy> choose(unsigned weightsInput) const;

private:
  SmallVector<unsigned> rowLoops(const Strategy &strategy) const {
    return findRowLoops(nest, strategy);
  }
  double stepCycles(const Strategy &strategy, int64_t rows, int64_t vectors) const;
  double chooseTile(Strategy &strategy) const;
  bool chooseBlock(Strategy &strategy, int64_t limit) const;
  int64_t rowBytesInCache(const Strategy &strategy) const;
  void chooseScratch(Strategy &strategy) const;
  void writeOutShortRuns(Strategy &strategy) const;
  bool isSingleRow(const Strategy &strategy) const;
  /// Bytes are extended, and words multiplied in pairs, as there is nothing better.
  bool multipliesBytesAsWords() const {
    const DotProduct &dot = *target.instructions.dot;
    return dot.addsWordPairs() && !dot.hasBytes();
  }
  bool chooseBytePairs(Strategy &strategy) const;
  bool chooseFewColumns(Strategy &strategy) const;
  /// What addresses, bounds and a row's element leave. Larger tiles than that limit are spilled:
  /// LLVM moves the loads of many steps up.
  static unsigned scalarRegisters(const TargetInfo &target) {
    return std::min(getGeneralRegisters(target) - 5, 13u);
  }

  const LoopNest &nest;
  const TargetInfo &target;
  const ScratchLimits &limits;
  unsigned registers;
};

} // namespace

std::optional<Strategy> ContractChooser::choose(unsigned weightsInput) const {
  const Stage &stage = *nest.reduction;
  auto product = matchContraction(stage.body());
  if (!product || nest.usesIndices)
    return std::nullopt;
  const LinearAccess &columns = stage.inputs[weightsInput];
  const LinearAccess &rows = stage.inputs[1 - weightsInput];
  if (!columns.constant || !columns.elementType.isIntOrFloat() ||
      columns.elementType.getIntOrFloatBitWidth() < 8 || rows.scalar)
    return std::nullopt;
  bool columnsUnsigned = product->isUnsigned(weightsInput);
  bool rowsUnsigned = product->isUnsigned(1 - weightsInput);

  // The loop of the columns: neighbours in the output, not in the rows.
  std::optional<unsigned> column;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && nest.last().output.coefficients[dim] == 1 &&
        rows.coefficients[dim] == 0 && columns.coefficients[dim] != 0)
      column = dim;
  if (!column)
    return std::nullopt;
  // All other parallel loops must leave the weights alone.
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && dim != *column && columns.coefficients[dim] != 0)
      return std::nullopt;

  Strategy strategy;
  strategy.form = Form::Contract;
  strategy.weightsInput = weightsInput;
  strategy.vectorDim = *column;
  unsigned accumulatorBits = stage.output.elementType.getIntOrFloatBitWidth();
  strategy.lanes = lanesFor(target, accumulatorBits);
  // Where vectors of any length take the same instructions, long registers need no zero weights
  // beside few columns.
  constexpr unsigned leastScalableBits = 128;
  if (target.scalableVectors)
    strategy.lanes = std::min<int64_t>(
        strategy.lanes, std::max<int64_t>(llvm::PowerOf2Ceil(nest.dims[*column].size),
                                          leastScalableBits / accumulatorBits));
  strategy.tile = SmallVector<int64_t>(nest.dims.size(), 1);
  std::optional<unsigned> run;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction)
      continue;
    strategy.groupDim = dim;
    if (rows.coefficients[dim] == 1)
      run = dim;
  }
  bool bytes = product->isExtended() && accumulatorBits == 32 && rows.elementType.isInteger(8) &&
               columns.elementType.isInteger(8) && !columnsUnsigned;
  if (run) {
    strategy.groupDim = *run;
    if (chooseLaneContract(nest, target, strategy)) {
      writeOutShortRuns(strategy);
      return strategy;
    }
    if (bytes && chooseWords(strategy, nest, rows, rowsUnsigned, target))
      return strategy;
    if (bytes && (chooseBytePairs(strategy) || chooseFewColumns(strategy)))
      return strategy;
    if (bytes && strategy.lanes > 1) {
      const DotProduct &dot = *target.instructions.dot;
      if (unsigned group = dot.bytesInLane(rowsUnsigned))
        strategy.group = group;
      else if (dot.addsWordPairs())
        strategy.group = 2;
      strategy.widen = strategy.group == 2;
    }
  }
  double cycles = strategy.cycles = chooseTile(strategy);
  bool tiles = strategy.group == 4 && !nest.pooling &&
               chooseTiles(strategy, nest, target, cycles, limits.most);
  chooseScratch(strategy); // where tiles have theirs: blocks for the second cache
  if (tiles)
    return strategy;
  if (!nest.pooling)
    chooseWinograd(strategy, nest, target, cycles, limits.most);
  writeOutShortRuns(strategy);
  return strategy;
}

/// Writes out the loops around runs that are shorter than a group: each of their iterations then
/// knows on which side of its run the buffer has elements that a load may take along.
void ContractChooser::writeOutShortRuns(Strategy &strategy) const {
  constexpr int64_t mostIterations = 7;
  if (strategy.lanes == 1 || nest.dims[strategy.groupDim].size >= strategy.group)
    return;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction && dim != strategy.groupDim && info.size <= mostIterations)
      strategy.tile[dim] = info.size;
}

/// A single row whose sum is one loop.
bool ContractChooser::isSingleRow(const Strategy &strategy) const {
  return rowLoops(strategy).empty() &&
         llvm::count_if(nest.dims, [](LoopDim dim) { return dim.isReduction; }) == 1;
}

/// A long row and few columns, which fill vectors badly: these lie along the row instead.
bool ContractChooser::chooseFewColumns(Strategy &strategy) const {
  constexpr int64_t mostSums = 12, leastSteps = 8;
  int64_t columns = nest.dims[strategy.vectorDim].size, group = 2 * strategy.lanes;
  if (!multipliesBytesAsWords() || strategy.lanes < 4 || !isSingleRow(strategy) ||
      columns % strategy.lanes == 0 || columns > mostSums ||
      nest.dims[strategy.groupDim].size < leastSteps * group)
    return false;
  strategy.acrossLanes = strategy.widen = true;
  strategy.group = group;
  strategy.tile[strategy.groupDim] = group;
  strategy.tile[strategy.vectorDim] = llvm::alignTo(columns, strategy.lanes);
  return true;
}

/// A single row of bytes in pairs, where few groups have pairs that do not fit 16 bits. Counted in
/// instructions, those take six times as long as others, and words twice. Not for several rows,
/// which extend weights once for all of them.
bool ContractChooser::chooseBytePairs(Strategy &strategy) const {
  constexpr int64_t group = 4, mostVectors = 8;
  if (!multipliesBytesAsWords() || !target.instructions.hasBytePairs || strategy.lanes < 4 ||
      !isSingleRow(strategy) || nest.dims[strategy.groupDim].size < group)
    return false;
  Strategy candidate = strategy;
  candidate.bytePairs = true;
  candidate.group = group;
  candidate.tile[strategy.groupDim] = group;
  int64_t vectors = llvm::divideCeil(nest.dims[strategy.vectorDim].size, strategy.lanes);
  candidate.tile[strategy.vectorDim] = strategy.lanes * std::min(vectors, mostVectors);
  int64_t large = 0, tiles = 0;
  for (ArrayRef<int32_t> tile : findLargePairs(nest, candidate)) {
    large += tile.size();
    ++tiles;
  }
  if (large * 8 > tiles * (nest.dims[strategy.groupDim].size / group))
    return false;
  strategy = std::move(candidate);
  return true;
}

/// Estimated cycles of one step of the reduction: `rows` broadcast groups by `vectors` of columns.
double ContractChooser::stepCycles(const Strategy &strategy, int64_t rows, int64_t vectors) const {
  // Without vectors one instruction follows the other.
  if (!target.vectorBits)
    return double(rows + vectors + 2 * rows * vectors + 1);
  const VectorCosts &costs = *target.instructions.vectorCosts;
  double products = costs.product * rows * vectors, reads = costs.load * (rows + vectors);
  // Products of words need an addition each, and weights are extended.
  double operations = strategy.widen ? costs.operation * (2 * rows * vectors + vectors) +
                                           costs.extension * (rows + vectors)
                                     : 0;
  return std::max({products, reads, operations, 1.0}) + costs.iteration;
}

/// Picks vectors of columns and rows of the register tile by estimated cycles of all tiles, which
/// it returns.
double ContractChooser::chooseTile(Strategy &strategy) const {
  SmallVector<unsigned> rowDims = rowLoops(strategy);
  // Sums, columns, a row, and where products are added by an instruction of their own, a product.
  int64_t others = strategy.widen ? 2 : 1;
  // A run of one group and a rest is one body. Rows of its second step that are rows of the first
  // one, too, are loaded once and stay in registers in between.
  int64_t run = nest.dims[strategy.groupDim].size;
  std::optional<int64_t> notShared;
  int64_t pixels = 1; // of a line of a window
  if (run > strategy.group && run < 2 * strategy.group && !rowDims.empty()) {
    const LinearAccess &rows = nest.reduction->inputs[1 - strategy.weightsInput];
    int64_t step = rows.coefficients[strategy.groupDim] * strategy.group;
    int64_t stride = rows.coefficients[rowDims[0]];
    if (stride > 0 && step % stride == 0)
      notShared = step / stride;
    if (nest.dims[rowDims[0]].isWindow)
      pixels = nest.dims[rowDims[0]].size;
  }
  auto fits = [&](const RegisterTile &tile) {
    int64_t rows = tile.rows * pixels;
    int64_t shared =
        notShared ? std::max<int64_t>(0, rows - *notShared) * (tile.allRows() / rows) : 0;
    return tile.sums() + tile.vectors + others + shared <= registers;
  };
  auto cost = [&](int64_t rows, int64_t vectors) { return stepCycles(strategy, rows, vectors); };
  double best = 0;
  RegisterTile tile = chooseRegisterTile(nest, strategy, {24, 6, 4, 0.98, fits, cost}, &best);

  // Few sums in flight: split each into several.
  int64_t inFlight = tile.sums();
  int64_t groups = llvm::divideCeil(nest.dims[strategy.groupDim].size, strategy.group);
  while (target.vectorBits && inFlight * strategy.split < 8 && strategy.split * 2 <= groups &&
         inFlight * strategy.split * 2 + 4 <= registers)
    strategy.split *= 2;
  // Small bodies are written out several times, so that the loop's own instructions do not count.
  // In large ones the rows of neighbouring steps would be held in registers that are not there.
  int64_t unroll = strategy.split;
  while (target.vectorBits && inFlight * unroll < 8 && unroll * 2 <= groups)
    unroll *= 2;
  bool single = llvm::count_if(nest.dims, [](LoopDim dim) { return dim.isReduction; }) == 1;
  // Where there are many tiles, more code pays for loops that end mispredicted.
  constexpr int64_t manyRows = 1024;
  int64_t rowCount = 1;
  for (unsigned dim : rowDims)
    rowCount *= nest.dims[dim].size;
  if ((single && groups <= (rowCount >= manyRows ? 8 : 4)) || groups * inFlight <= 24)
    unroll = groups;
  strategy.tile[strategy.groupDim] = unroll * strategy.group;

  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      best *= dim == strategy.groupDim ? groups : info.size;
  return best;
}

/// Cuts the loops of rows so that all that the rows of a block read has at most `limit` elements;
/// false where not even a tile does.
bool ContractChooser::chooseBlock(Strategy &strategy, int64_t limit) const {
  const LinearAccess &rows = nest.reduction->inputs[1 - strategy.weightsInput];
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
  for (unsigned dim : rowLoops(strategy)) {
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
  strategy.block = std::move(block);
  if (strategy.widen)
    strategy.scratch = span;
  return true;
}

/// Bytes of extended rows that stay in the first cache together with what belongs to their results:
/// every tile of columns reads and writes a part of those lines.
int64_t ContractChooser::rowBytesInCache(const Strategy &strategy) const {
  const LinearAccess &rows = nest.reduction->inputs[1 - strategy.weightsInput];
  int64_t weights = bufferBytes(nest.reduction->inputs[strategy.weightsInput]);
  int64_t count = 1, inTile = 1;
  for (unsigned dim : rowLoops(strategy)) {
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

/// Blocks of rows that stay in a cache while all columns pass, and where bytes are multiplied in 16
/// bits, a buffer for the extended bytes of a block.
void ContractChooser::chooseScratch(Strategy &strategy) const {
  const LinearAccess &rows = nest.reduction->inputs[1 - strategy.weightsInput];
  const LinearAccess &columns = nest.reduction->inputs[strategy.weightsInput];
  if (!target.l1Bytes)
    return;
  if (rowLoops(strategy).empty()) {
    // One row serves all columns; few of them do not repay a pass of its own over the row.
    constexpr int64_t small = 1024;
    if (strategy.widen && rows.elementType.isInteger(8) &&
        nest.dims[strategy.vectorDim].size > strategy.lanes)
      chooseBlock(strategy, std::min(target.l1Bytes / 2, std::max(small, limits.most)) / 2);
    return;
  }
  int64_t total = bufferBytes(rows) + bufferBytes(nest.last().output);
  if (strategy.widen && rows.elementType.isInteger(8)) {
    int64_t most = target.l1Bytes / 2, fit = rowBytesInCache(strategy);
    // The scratch buffer is small against what else is alive, unless a tile takes more.
    int64_t small = std::max<int64_t>(1024, total / 16);
    // Weights that do not stay in the second cache should serve many rows.
    if (bufferBytes(columns) > target.l2Bytes / 2) {
      most = fit = std::max(most, target.l2Bytes / 4);
      small = std::max(small, limits.free);
    }
    int64_t limit = std::min({most, fit, small});
    // A part of the windows of a line reaches from its first line to its last one as all do.
    if (nest.pooling) {
      int64_t span = 1;
      for (auto [dim, info] : llvm::enumerate(nest.dims))
        if (info.isReduction)
          span += rows.coefficients[dim] * (info.size - 1);
      for (unsigned dim : rowLoops(strategy)) { // innermost first
        span += rows.coefficients[dim] * (nest.dims[dim].size - 1);
        if (!nest.dims[dim].isWindow)
          break;
      }
      limit = std::max(limit, std::min(most, 2 * span));
    }
    // Few rows, as those of a stripe, may be extended all at once.
    most = std::min(most, std::max(total, 2 * bufferBytes(rows)));
    while (!chooseBlock(strategy, limit / 2) && limit < most)
      limit += std::max<int64_t>(1, limit / 2);
    return;
  }
  // Rows and results that do not fit the second cache pass through it once, not once for each tile
  // of columns. Half of it is for them, the other half for weights.
  if (target.l2Bytes && total > target.l2Bytes / 2 && !strategy.widen)
    chooseBlock(strategy, target.l2Bytes / 2 *
                              cast<MemRefType>(rows.buffer.getType()).getNumElements() / total);
}

std::optional<Strategy> tflc::chooseContract(const LoopNest &nest, const TargetInfo &target,
                                             const ScratchLimits &limits) {
  if (!nest.reduction)
    return std::nullopt;
  for (unsigned weights : {1u, 0u})
    if (auto strategy = ContractChooser(nest, target, limits).choose(weights))
      return strategy;
  return std::nullopt;
}
