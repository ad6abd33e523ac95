//===- RegisterTile.cpp - rows and columns of a contraction's tile --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RegisterTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// Whether loop `dim` is parallel, and none of columns.
static bool isBesideColumns(const LoopNest &nest, const Strategy &strategy, unsigned dim) {
  return !nest.dims[dim].isReduction && dim != strategy.vectorDim && nest.dims[dim].size > 1;
}

static bool movesColumns(const LoopNest &nest, const Strategy &strategy, unsigned dim) {
  const LinearAccess &columns = nest.reduction->inputs[strategy.columns()->weightsInput];
  return columns.coefficients[dim] != 0;
}

SmallVector<unsigned> tflc::findGroupLoops(const LoopNest &nest, const Strategy &strategy) {
  SmallVector<unsigned> loops;
  for (unsigned dim = 0; dim < nest.dims.size(); ++dim)
    if (isBesideColumns(nest, strategy, dim) && movesColumns(nest, strategy, dim))
      loops.push_back(dim);
  return loops;
}

SmallVector<unsigned> tflc::findRowLoops(const LoopNest &nest, const Strategy &strategy) {
  SmallVector<unsigned> loops;
  for (unsigned dim = nest.dims.size(); dim-- > 0;)
    if (isBesideColumns(nest, strategy, dim) && !movesColumns(nest, strategy, dim))
      loops.push_back(dim);
  return loops;
}

RegisterTile tflc::chooseRegisterTile(const LoopNest &nest, Strategy &strategy,
                                      const TileSearch &search, double *total) {
  SmallVector<unsigned> loops;
  RegisterTile choice, tile;
  for (unsigned dim : findRowLoops(nest, strategy)) {
    if (nest.dims[dim].isWindow) {
      strategy.tile[dim] = nest.dims[dim].size;
      tile.window *= nest.dims[dim].size;
      continue;
    }
    loops.push_back(dim);
  }
  choice.window = tile.window;
  int64_t vectors = llvm::divideCeil(nest.dims[strategy.vectorDim].size, strategy.lanes);
  int64_t rows = loops.empty() ? 1 : nest.dims[loops[0]].size;
  int64_t lines = loops.size() < 2 ? 1 : nest.dims[loops[1]].size;
  double best = 0;
  for (tile.vectors = 1; tile.vectors <= std::min(vectors, search.mostVectors); ++tile.vectors)
    for (tile.lines = 1; tile.lines <= std::min(lines, search.mostLines); ++tile.lines)
      for (tile.rows = 1; tile.rows <= std::min(rows, search.mostRows); ++tile.rows) {
        if ((tile.lines > 1 && tile.rows < rows) || (tile.sums() > 1 && !search.fits(tile)))
          continue;
        double time = costAlong(vectors, tile.vectors, [&](int64_t v) {
          return costAlong(lines, tile.lines, [&](int64_t l) {
            return costAlong(rows, tile.rows,
                             [&](int64_t r) { return search.cost(r * l * tile.window, v); });
          });
        });
        if (best == 0 || time < best * search.worthwhile) {
          best = time;
          choice = tile;
        }
      }
  strategy.tile[strategy.vectorDim] = choice.vectors * strategy.lanes;
  if (!loops.empty())
    strategy.tile[loops[0]] = choice.rows;
  if (loops.size() > 1)
    strategy.tile[loops[1]] = choice.lines;
  if (total) {
    *total = best;
    for (unsigned dim : ArrayRef(loops).drop_front(std::min<size_t>(loops.size(), 2)))
      *total *= nest.dims[dim].size;
  }
  return choice;
}
