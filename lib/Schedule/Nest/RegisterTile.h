//===- RegisterTile.h - rows and columns of a contraction's tile -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_REGISTERTILE_H
#define TFLC_LIB_SCHEDULE_NEST_REGISTERTILE_H

#include "Strategy.h"

namespace tflc {

/// A tile of a contraction: rows of the innermost loop of rows, lines of the loop around it, and
/// vectors of columns. Several lines only where they fit as a whole. In place of each row all rows
/// of a window where results are pooled.
struct RegisterTile {
  int64_t rows = 1, lines = 1, vectors = 1;
  int64_t window = 1;

  int64_t allRows() const { return rows * lines * window; }
  int64_t sums() const { return allRows() * vectors; }
};

/// Columns of a row whose sums, scalars, are rescaled in one vector where a tile has as many.
constexpr unsigned scalarSumColumns = 4;

/// What limits a search for the best tile.
struct TileSearch {
  int64_t mostRows, mostLines, mostVectors;
  double worthwhile; ///< a larger tile must take less than this part of the time
  /// Whether the registers are enough; not asked for a single sum.
  llvm::function_ref<bool(const RegisterTile &)> fits;
  /// The time that one tile takes, of so many rows in all of its lines.
  llvm::function_ref<double(int64_t rows, int64_t vectors)> cost;
};

/// The tile with the least time for all of `nest`'s rows and columns, rests included, which is
/// written to `strategy`; `total` receives that time, 0 where the registers take no whole window.
RegisterTile chooseRegisterTile(const LoopNest &nest, Strategy &strategy, const TileSearch &search,
                                double *total = nullptr);

/// What all tiles along a loop of that size cost, with at most one rest.
template <typename Cost> double costAlong(int64_t size, int64_t tile, Cost cost) {
  double sum = (size / tile) * cost(tile);
  return size % tile ? sum + cost(size % tile) : sum;
}

/// Parallel loops beside that of the columns which move the columns: heads of an attention, and the
/// groups of a grouped convolution, each of which has columns of its own.
mlir::SmallVector<unsigned> findGroupLoops(const LoopNest &nest, const Strategy &strategy);

/// Loops of rows with more than one iteration, innermost first; those of windows, too. All rows of
/// these loops meet the same columns.
mlir::SmallVector<unsigned> findRowLoops(const LoopNest &nest, const Strategy &strategy);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_REGISTERTILE_H
