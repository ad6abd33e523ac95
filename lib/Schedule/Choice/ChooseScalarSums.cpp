//===- ChooseScalarSums.cpp - products whose sums are scalars -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Microcontrollers sum along the reduction: SMLAD adds two products to a general register, VMLADAVA
// sixteen. A group of neighbours is four bytes or one vector, a sum one register.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/RegisterTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
/// Rows and columns of a register tile.
struct TileShape {
  int64_t rows, columns;
};

class ScalarTile {
public:
  /// `isExtended`: rows are read in 16 bits, as they are or from a buffer.
  ScalarTile(Strategy &strategy, const LoopNest &nest, bool isExtended)
      : strategy(strategy), packing(*strategy.columns()), nest(nest),
        isVector(!strategy.is<QuadRuns>()), isExtended(isExtended) {}
  /// Writes the tile to the strategy, and returns the instructions that all products take.
  double choose();

private:
  bool fits(TileShape shape) const;
  /// Whether four columns of a row are rescaled in one vector.
  static bool isRescaledTogether(TileShape shape) { return shape.columns == scalarSumColumns; }
  double instructions(TileShape shape) const;
  double stepInstructions(TileShape shape) const;

  Strategy &strategy;
  const PackedColumns &packing;
  const LoopNest &nest;
  bool isVector, isExtended;
};
} // namespace

/// General registers that a tile of QuadRuns needs.
static unsigned countQuadRegisters(int64_t rows, int64_t columns) {
  // The sums, both halves of the groups of one side, one group of the other, two pointers.
  return rows * columns + 2 * std::min(rows, columns) + 2 + 2;
}

bool ScalarTile::fits(TileShape shape) const {
  // VMLADAVA sums in even registers; a column's vector is read while those of the rows stay, and
  // the sums of a row's first two columns wait.
  if (isVector && isRescaledTogether(shape))
    return 2 * shape.rows <= 6 && 2 * shape.rows + 2 <= 8;
  if (isVector)
    return shape.rows * shape.columns <= 6 && shape.rows + 1 <= 8;
  return countQuadRegisters(shape.rows, shape.columns) <= 14;
}

/// Executed instructions of one group.
double ScalarTile::stepInstructions(TileShape shape) const {
  int64_t r = shape.rows, c = shape.columns;
  if (isVector && isRescaledTogether(shape) && r > 1)
    return 2 * (r + 2 + 2 * r); // two columns at a time
  if (isVector)
    return r + c + r * c;
  // Groups are loaded, taken apart and multiplied twice; columns in pairs where they stay. Rows
  // that have been extended are loaded as pairs of words, and not taken apart.
  return r + (c <= r ? llvm::divideCeil(c, 2) : c) + 2 * (isExtended ? c : r + c) + 2 * r * c;
}

/// Executed instructions of one tile, near enough to compare shapes.
double ScalarTile::instructions(TileShape shape) const {
  int64_t r = shape.rows, c = shape.columns;
  int64_t runs = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction && dim != packing.groupDim)
      runs *= info.size;
  double groups = double(nest.dims[packing.groupDim].size) / packing.group;
  double iteration = 3.0 * packing.group / strategy.tile[packing.groupDim];
  double perResult = isVector && isRescaledTogether(shape) ? 4 : 8;
  return runs * (groups * (stepInstructions(shape) + iteration) + 6) + 10 + 3 * c +
         perResult * r * c;
}

double ScalarTile::choose() {
  std::optional<unsigned> rowDim;
  int64_t others = 1; // iterations of the loops around that of rows
  for (unsigned dim = nest.dims.size(); dim-- > 0;) {
    if (nest.dims[dim].isReduction || dim == strategy.vectorDim)
      continue;
    if (rowDim)
      others *= nest.dims[dim].size;
    else if (nest.dims[dim].size > 1)
      rowDim = dim;
  }
  int64_t rowCount = rowDim ? nest.dims[*rowDim].size : 1;
  int64_t columnCount = nest.dims[strategy.vectorDim].size;
  // Rows are read at constant distances from one pointer.
  constexpr int64_t largestOffset = 4088;
  const LinearAccess &rows = nest.reduction->inputs[1 - packing.weightsInput];
  int64_t distance = rowDim ? rows.coefficients[*rowDim] * (isExtended ? 2 : 1) : 0;
  TileShape best{1, 1};
  double least = 0;
  for (int64_t r = 1; r <= std::min<int64_t>(rowCount, 8); ++r)
    for (int64_t c = 1; c <= std::min<int64_t>(columnCount, 8); ++c) {
      if (!fits({r, c}) || (r - 1) * distance > largestOffset)
        continue;
      double total = costAlong(columnCount, c, [&](int64_t cc) {
        return costAlong(rowCount, r, [&](int64_t rr) { return instructions({rr, cc}); });
      });
      // A rest is code of its own.
      if (least == 0 || total < least * 0.99)
        best = {r, c}, least = total;
    }
  strategy.tile[strategy.vectorDim] = best.columns;
  if (rowDim)
    strategy.tile[*rowDim] = best.rows;
  return least * others;
}

/// Rows of a block in 16 bits, where that takes fewer instructions than `direct` and there is
/// memory for a block.
static void chooseExtendedRows(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                               const ScratchLimits &limits, double direct, ChoiceLog &log) {
  constexpr const char *form = "quad_runs of extended rows";
  Strategy extended = strategy;
  double products = ScalarTile(extended, nest, /*isExtended=*/true).choose();
  chooseRowBlocks(extended, nest, target, limits);
  if (extended.scratch() == 0) {
    log.decline(form, "one row, or no memory for a block");
    return;
  }
  // Loading, taking apart and storing four bytes takes eight instructions with the loop.
  constexpr double perByte = 2;
  double extension = perByte * countExtendedBytes(nest, extended);
  if (products + extension > direct * 0.98) {
    log.decline(form, "extending a block takes longer than it saves");
    return;
  }
  strategy = std::move(extended);
}

/// Words of a body that is written out: a loop of a few groups has a few instructions of its own.
static int64_t chooseUnroll(int64_t groups) {
  constexpr int64_t most = 4;
  for (int64_t unroll = most; unroll > 1; --unroll)
    if (groups % unroll == 0)
      return unroll;
  return 1;
}

static bool isSingleReduction(const LoopNest &nest) {
  return llvm::count_if(nest.dims, [](LoopDim dim) { return dim.isReduction; }) == 1;
}

/// Whether the run of `packing`, which is four elements or more, is the innermost loop.
static bool hasInnermostRun(const LoopNest &nest, const Broadcast &packing, const char *form,
                            ChoiceLog &log) {
  for (unsigned dim = packing.groupDim + 1; dim < nest.dims.size(); ++dim)
    if (nest.dims[dim].isReduction)
      return log.decline(form, "runs are not the innermost loop");
  constexpr int64_t least = 4;
  return nest.dims[packing.groupDim].size >= least ||
         log.decline(form, "runs of less than four elements");
}

bool tflc::chooseScalarSums(Strategy &strategy, const LoopNest &nest, bool rowsUnsigned,
                            const TargetInfo &target, const ScratchLimits &limits, ChoiceLog &log) {
  constexpr const char *form = "quad_runs";
  const DotProduct &dot = *target.instructions.dot;
  bool isVector = dot.sumsVectors();
  if (dot.sumsLanes || (isVector && rowsUnsigned && !dot.unsignedBytes))
    return log.decline(form, "no products that are added to scalars");
  Broadcast packing = *strategy.as<Broadcast>();
  if (!hasInnermostRun(nest, packing, form, log))
    return false;
  int64_t run = nest.dims[packing.groupDim].size;
  packing.group = isVector ? dot.signedBytes : 4;
  strategy.lanes = 1;
  if (isVector)
    strategy.form = packing;
  else
    strategy.form = QuadRuns{{PackedColumns(packing), {}}, 0};
  int64_t groups = std::max<int64_t>(run / packing.group, 1);
  int64_t unroll = chooseUnroll(groups);
  // Without any loop LLVM mixes the products of all columns, and spills their sums.
  constexpr int64_t many = 4;
  if (isVector && groups == many && isSingleReduction(nest))
    unroll = many / 2;
  strategy.tile[packing.groupDim] = unroll * packing.group;
  // Loops around runs of less than a vector are written out: each of their iterations then knows on
  // which side of its run the buffer has elements that a load may take along.
  constexpr int64_t mostIterations = 4; // more would spill registers
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (isVector && run < packing.group && info.isReduction && dim != packing.groupDim &&
        info.size <= mostIterations)
      strategy.tile[dim] = info.size;
  double direct = ScalarTile(strategy, nest, /*isExtended=*/false).choose();
  if (!isVector)
    chooseExtendedRows(strategy, nest, target, limits, direct, log);
  return true;
}

bool tflc::chooseWordRuns(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                          ChoiceLog &log) {
  constexpr const char *form = "quad_runs of words";
  const DotProduct &dot = *target.instructions.dot;
  if (dot.sumsLanes || dot.sumsVectors() || dot.words != 2)
    return log.decline(form, "no products of pairs that are added to scalars");
  Broadcast packing = *strategy.as<Broadcast>();
  if (!hasInnermostRun(nest, packing, form, log))
    return false;
  packing.group = 4;
  strategy.lanes = 1;
  strategy.form = QuadRuns{{PackedColumns(packing), {}}, 0};
  int64_t groups = nest.dims[packing.groupDim].size / packing.group;
  strategy.tile[packing.groupDim] = chooseUnroll(groups) * packing.group;
  ScalarTile(strategy, nest, /*isExtended=*/true).choose();
  return true;
}
