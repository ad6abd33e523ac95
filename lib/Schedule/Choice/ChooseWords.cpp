//===- ChooseWords.cpp - products whose sums are scalars ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Microcontrollers sum along the reduction: SMLAD adds two products to a general register, VMLADAVA
// sixteen. A group of neighbours is one word or one vector, an accumulator one register.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
/// Rows and columns of a register tile.
struct TileShape {
  int64_t rows, columns;
};

class WordChooser {
public:
  WordChooser(Strategy &strategy, const LoopNest &nest, const LinearAccess &rows, bool isVector)
      : strategy(strategy), nest(nest), rows(rows), isVector(isVector) {}
  void chooseTile();

private:
  bool fits(TileShape shape) const;
  double instructions(TileShape shape) const;

  Strategy &strategy;
  const LoopNest &nest;
  const LinearAccess &rows;
  bool isVector;
};
} // namespace

unsigned tflc::countWordRegisters(int64_t rows, int64_t columns) {
  // The sums, both halves of the words of one side, one word of the other, two pointers.
  return rows * columns + 2 * std::min(rows, columns) + 2 + 2;
}

bool WordChooser::fits(TileShape shape) const {
  // VMLADAVA sums in even registers; a column's vector is read while those of the rows stay.
  if (isVector)
    return shape.rows * shape.columns <= 6 && shape.rows + 1 <= 8;
  return countWordRegisters(shape.rows, shape.columns) <= 14;
}

/// Executed instructions of one tile, near enough to compare shapes.
double WordChooser::instructions(TileShape shape) const {
  int64_t r = shape.rows, c = shape.columns;
  int64_t runs = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction && dim != strategy.groupDim)
      runs *= info.size;
  double groups = double(nest.dims[strategy.groupDim].size) / strategy.group;
  // Words are loaded, taken apart and multiplied twice; columns in pairs where they stay.
  double step = isVector ? r + c + r * c
                         : r + (c <= r ? llvm::divideCeil(c, 2) : c) + 2 * (r + c) + 2 * r * c;
  double iteration = 3.0 * strategy.group / strategy.tile[strategy.groupDim];
  return runs * (groups * (step + iteration) + 6) + 10 + 3 * c + 8 * r * c;
}

void WordChooser::chooseTile() {
  std::optional<unsigned> rowDim;
  for (unsigned dim = nest.dims.size(); dim-- > 0 && !rowDim;)
    if (!nest.dims[dim].isReduction && dim != strategy.vectorDim && nest.dims[dim].size > 1)
      rowDim = dim;
  int64_t rowCount = rowDim ? nest.dims[*rowDim].size : 1;
  int64_t columnCount = nest.dims[strategy.vectorDim].size;
  // Rows are read at constant distances from one pointer.
  constexpr int64_t largestOffset = 4092;
  int64_t distance = rowDim ? rows.coefficients[*rowDim] : 0;
  auto along = [](int64_t size, int64_t tile, auto cost) {
    double sum = double(size / tile) * cost(tile);
    return size % tile ? sum + cost(size % tile) : sum;
  };
  TileShape best{1, 1};
  double least = 0;
  for (int64_t r = 1; r <= std::min<int64_t>(rowCount, 8); ++r)
    for (int64_t c = 1; c <= std::min<int64_t>(columnCount, 8); ++c) {
      if (!fits({r, c}) || (r - 1) * distance > largestOffset)
        continue;
      double total = along(columnCount, c, [&](int64_t cc) {
        return along(rowCount, r, [&](int64_t rr) { return instructions({rr, cc}); });
      });
      // A rest is code of its own.
      if (least == 0 || total < least * 0.99)
        best = {r, c}, least = total;
    }
  strategy.tile[strategy.vectorDim] = best.columns;
  if (rowDim)
    strategy.tile[*rowDim] = best.rows;
}

bool tflc::chooseWords(Strategy &strategy, const LoopNest &nest, const LinearAccess &rows,
                       bool rowsUnsigned, const TargetInfo &target) {
  const DotProduct &dot = *target.instructions.dot;
  bool isVector = dot.hasBytes();
  if (dot.sumsLanes || (isVector && rowsUnsigned && !dot.unsignedBytes))
    return false;
  // The run is the innermost loop.
  for (unsigned dim = strategy.groupDim + 1; dim < nest.dims.size(); ++dim)
    if (nest.dims[dim].isReduction)
      return false;
  int64_t run = nest.dims[strategy.groupDim].size;
  unsigned group = isVector ? dot.signedBytes : 4;
  if (run < 4)
    return false;
  strategy.lanes = 1;
  strategy.group = group;
  strategy.words = !isVector;
  int64_t groups = std::max<int64_t>(run / group, 1);
  int64_t unroll = groups <= 4 ? groups : groups % 2 == 0 ? 2 : groups % 3 == 0 ? 3 : 1;
  strategy.tile[strategy.groupDim] = unroll * group;
  WordChooser(strategy, nest, rows, isVector).chooseTile();
  return true;
}
