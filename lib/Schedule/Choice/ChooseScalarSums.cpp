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
  ScalarTile(Strategy &strategy, const LoopNest &nest)
      : strategy(strategy), packing(*strategy.columns()), nest(nest),
        isVector(!strategy.is<QuadRuns>()) {}
  void choose();

private:
  bool fits(TileShape shape) const;
  double instructions(TileShape shape) const;

  Strategy &strategy;
  const PackedColumns &packing;
  const LoopNest &nest;
  bool isVector;
};
} // namespace

/// General registers that a tile of QuadRuns needs.
static unsigned countQuadRegisters(int64_t rows, int64_t columns) {
  // The sums, both halves of the groups of one side, one group of the other, two pointers.
  return rows * columns + 2 * std::min(rows, columns) + 2 + 2;
}

bool ScalarTile::fits(TileShape shape) const {
  // VMLADAVA sums in even registers; a column's vector is read while those of the rows stay.
  if (isVector)
    return shape.rows * shape.columns <= 6 && shape.rows + 1 <= 8;
  return countQuadRegisters(shape.rows, shape.columns) <= 14;
}

/// Executed instructions of one tile, near enough to compare shapes.
double ScalarTile::instructions(TileShape shape) const {
  int64_t r = shape.rows, c = shape.columns;
  int64_t runs = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction && dim != packing.groupDim)
      runs *= info.size;
  double groups = double(nest.dims[packing.groupDim].size) / packing.group;
  // Groups are loaded, taken apart and multiplied twice; columns in pairs where they stay.
  double step = isVector ? r + c + r * c
                         : r + (c <= r ? llvm::divideCeil(c, 2) : c) + 2 * (r + c) + 2 * r * c;
  double iteration = 3.0 * packing.group / strategy.tile[packing.groupDim];
  return runs * (groups * (step + iteration) + 6) + 10 + 3 * c + 8 * r * c;
}

void ScalarTile::choose() {
  std::optional<unsigned> rowDim;
  for (unsigned dim = nest.dims.size(); dim-- > 0 && !rowDim;)
    if (!nest.dims[dim].isReduction && dim != strategy.vectorDim && nest.dims[dim].size > 1)
      rowDim = dim;
  int64_t rowCount = rowDim ? nest.dims[*rowDim].size : 1;
  int64_t columnCount = nest.dims[strategy.vectorDim].size;
  // Rows are read at constant distances from one pointer.
  constexpr int64_t largestOffset = 4092;
  const LinearAccess &rows = nest.reduction->inputs[1 - packing.weightsInput];
  int64_t distance = rowDim ? rows.coefficients[*rowDim] : 0;
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
}

bool tflc::chooseScalarSums(Strategy &strategy, const LoopNest &nest, bool rowsUnsigned,
                            const TargetInfo &target, ChoiceLog &log) {
  constexpr const char *form = "quad_runs";
  const DotProduct &dot = *target.instructions.dot;
  bool isVector = dot.hasBytes();
  if (dot.sumsLanes || (isVector && rowsUnsigned && !dot.unsignedBytes))
    return log.decline(form, "no products that are added to scalars");
  Broadcast packing = *strategy.as<Broadcast>();
  // The run is the innermost loop.
  for (unsigned dim = packing.groupDim + 1; dim < nest.dims.size(); ++dim)
    if (nest.dims[dim].isReduction)
      return log.decline(form, "runs are not the innermost loop");
  int64_t run = nest.dims[packing.groupDim].size;
  packing.group = isVector ? dot.signedBytes : 4;
  if (run < 4)
    return log.decline(form, "runs of less than four bytes");
  strategy.lanes = 1;
  if (isVector)
    strategy.form = packing;
  else
    strategy.form = QuadRuns{PackedColumns(packing)};
  int64_t groups = std::max<int64_t>(run / packing.group, 1);
  int64_t unroll = groups <= 4 ? groups : groups % 2 == 0 ? 2 : groups % 3 == 0 ? 3 : 1;
  strategy.tile[packing.groupDim] = unroll * packing.group;
  ScalarTile(strategy, nest).choose();
  return true;
}
