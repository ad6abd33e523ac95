//===- ChooseTileRegisters.cpp - products in tile registers ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/RegisterTile.h"
#include "Schedule/Nest/TileRegisters.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {

/// One register tile: lines of rows by vectors of 16 columns.
struct Extent {
  int64_t lines = 1, rows = 1, vectors = 1;
};

/// What it takes to compute a nest with register tiles of a given size.
class Estimate {
public:
  Estimate(const RegisterLoops &loops, Extent all, int64_t steps, int64_t groups,
           const InstructionSet &instructions)
      : loops(loops), all(all), steps(steps), groups(groups), costs(*instructions.tileCosts),
        loadCycles(instructions.vectorCosts->load) {}

  double cycles(const Extent &tile) const;

private:
  double tileCycles(const Extent &tile) const;
  /// Whether a rest of rows has registers of other sizes than a whole tile.
  static bool isConfiguredInTurn(int64_t rows) { return rows % registerRows != 0; }

  const RegisterLoops &loops;
  Extent all;
  int64_t steps;  // along the reduction
  int64_t groups; // of four bytes in each
  const TileCosts &costs;
  double loadCycles;
};

} // namespace

double Estimate::tileCycles(const Extent &tile) const {
  int64_t rows = loops.rowsOf(tile.lines, tile.rows);
  double sums = llvm::divideCeil(rows, registerRows) * tile.vectors;
  // A load for each row of a tile; each sum waits for itself.
  double loads = loadCycles * (rows + groups * tile.vectors);
  double step = std::max({costs.product * sums, costs.productLatency, loads});
  // Sums are stored, loaded and added to what they begin with.
  return steps * step + costs.store * sums + tile.lines * tile.rows * tile.vectors + 20;
}

double Estimate::cycles(const Extent &tile) const {
  double otherRows = isConfiguredInTurn(all.rows % tile.rows) ? 2 * costs.configuration : 0;
  double otherLines = isConfiguredInTurn(loops.rowsOf(all.lines % tile.lines, tile.rows)) &&
                              all.lines % tile.lines != 0
                          ? 2 * costs.configuration
                          : 0;
  return costAlong(all.vectors, tile.vectors, [&](int64_t vectors) {
    return otherLines + costAlong(all.lines, tile.lines, [&](int64_t lines) {
             return otherRows + costAlong(all.rows, tile.rows, [&](int64_t rows) {
                      return tileCycles({lines, rows, vectors});
                    });
           });
  });
}

/// The tile that takes the least time, less than `most` cycles; none where there is no such one, or
/// the arena has no room for its sums.
static std::optional<Extent> findBest(const Estimate &estimate, const RegisterLoops &loops,
                                      const Extent &all, double most, int64_t scratchLimit) {
  // Sums, rows, and at least one register for weights.
  constexpr int64_t registers = 8, mostSums = 4, mostRowTiles = 3;
  double best = most;
  std::optional<Extent> choice;
  Extent tile;
  for (tile.vectors = 1; tile.vectors <= std::min(all.vectors, mostSums); ++tile.vectors)
    for (tile.lines = 1; tile.lines <= std::min(all.lines, mostRowTiles * registerRows);
         ++tile.lines)
      for (tile.rows = 1; tile.rows <= std::min(all.rows, mostRowTiles * registerRows);
           ++tile.rows) {
        int64_t rowCount = loops.rowsOf(tile.lines, tile.rows);
        int64_t rowTiles = llvm::divideCeil(rowCount, registerRows), sums = rowTiles * tile.vectors;
        if ((tile.lines > 1 && tile.rows < all.rows) || rowTiles > mostRowTiles ||
            sums > mostSums || sums + rowTiles >= registers ||
            rowCount * tile.vectors * registerColumns * 4 > scratchLimit)
          continue;
        double cycles = estimate.cycles(tile);
        if (cycles < best * 0.98) {
          best = cycles;
          choice = tile;
        }
      }
  return choice;
}

bool tflc::chooseTileRegisters(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                               double vectorCycles, int64_t scratchLimit, ChoiceLog &log) {
  constexpr const char *form = "tile_registers";
  const auto packing = *strategy.as<Broadcast>();
  if (!target.instructions.hasTileProducts || strategy.lanes != registerColumns)
    return log.decline(form, "no tile registers");
  int64_t run = nest.dims[packing.groupDim].size;
  RegisterLoops loops = findRegisterLoops(nest, strategy);
  if (run < 4 || !loops.row)
    return log.decline(form, run < 4 ? "runs of less than four bytes" : "a single row");
  int64_t bytes = choosePartBytes(run), steps = llvm::divideCeil(run, bytes), others = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (info.isReduction && dim != packing.groupDim)
      steps *= info.size;
    else if (!info.isReduction && dim != strategy.vectorDim && dim != loops.row &&
             dim != loops.line)
      others *= info.size;
  }
  Extent all;
  all.vectors = llvm::divideCeil(nest.dims[strategy.vectorDim].size, registerColumns);
  all.rows = nest.dims[*loops.row].size;
  if (loops.line)
    all.lines = nest.dims[*loops.line].size;
  Estimate estimate(loops, all, steps, bytes / 4, target.instructions);

  double most = (vectorCycles - target.instructions.tileCosts->configuration) / others;
  std::optional<Extent> choice = findBest(estimate, loops, all, most, scratchLimit);
  if (!choice)
    return log.decline(form, "vectors take no longer than " + ChoiceLog::cycles(vectorCycles) +
                                 ", or the arena has no room for sums");

  TileRegisters registers{{PackedColumns(packing), {}}, 0};
  registers.scratch =
      loops.rowsOf(choice->lines, choice->rows) * choice->vectors * registerColumns * 2;
  strategy.form = registers;
  strategy.tile.assign(nest.dims.size(), 1);
  strategy.tile[strategy.vectorDim] = choice->vectors * registerColumns;
  strategy.tile[*loops.row] = choice->rows;
  if (loops.line)
    strategy.tile[*loops.line] = choice->lines;
  strategy.tile[packing.groupDim] = bytes;
  return true;
}
