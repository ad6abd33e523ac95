//===- RegisterTile.cpp - rows and columns of a contraction's tile --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RegisterTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

SmallVector<unsigned> tflc::findRowLoops(const LoopNest &nest, const Strategy &strategy) {
  SmallVector<unsigned> loops;
  for (unsigned dim = nest.dims.size(); dim-- > 0;)
    if (!nest.dims[dim].isReduction && dim != strategy.vectorDim && nest.dims[dim].size > 1)
      loops.push_back(dim);
  return loops;
}

RegisterTile tflc::chooseRegisterTile(const LoopNest &nest, Strategy &strategy,
                                      const TileSearch &search, double *total) {
  SmallVector<unsigned> loops = findRowLoops(nest, strategy);
  int64_t vectors = llvm::divideCeil(nest.dims[strategy.vectorDim].size, strategy.lanes);
  int64_t rows = loops.empty() ? 1 : nest.dims[loops[0]].size;
  int64_t lines = loops.size() < 2 ? 1 : nest.dims[loops[1]].size;
  double best = 0;
  RegisterTile choice, tile;
  for (tile.vectors = 1; tile.vectors <= std::min(vectors, search.mostVectors); ++tile.vectors)
    for (tile.lines = 1; tile.lines <= std::min(lines, search.mostLines); ++tile.lines)
      for (tile.rows = 1; tile.rows <= std::min(rows, search.mostRows); ++tile.rows) {
        if ((tile.lines > 1 && tile.rows < rows) || (tile.sums() > 1 && !search.fits(tile)))
          continue;
        double time = costAlong(vectors, tile.vectors, [&](int64_t v) {
          return costAlong(lines, tile.lines, [&](int64_t l) {
            return costAlong(rows, tile.rows, [&](int64_t r) { return search.cost(r * l, v); });
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
  if (total)
    *total = best;
  return choice;
}
