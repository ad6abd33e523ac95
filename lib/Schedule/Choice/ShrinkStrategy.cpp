//===- ShrinkStrategy.cpp - tiles for small code --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"

#include <numeric>

using namespace mlir;
using namespace tflc;

/// The largest number up to `limit` that divides `size`: no rest, so no second copy of the tile.
static int64_t largestDivisor(int64_t size, int64_t limit) {
  for (int64_t divisor = std::min(size, limit); divisor > 1; --divisor)
    if (size % divisor == 0)
      return divisor;
  return 1;
}

/// A tile is written out once for every combination of whole and rest of its loops, and once for
/// each of its points. Fewer points and no rests cost time, as loads are shared by fewer sums.
void tflc::shrinkForSize(Strategy &strategy, const LoopNest &nest) {
  constexpr int64_t maxRows = 4, maxVectors = 2, maxUnrolled = 3, maxGroups = 4;
  const PackedColumns *columns = strategy.columns();
  bool isSplit = strategy.is<Reduction>() ||
                 (strategy.is<Broadcast>() && strategy.as<Broadcast>()->split > 1) ||
                 (strategy.is<RowLanes>() && strategy.as<RowLanes>()->split > 1);
  int64_t rows = 1;
  for (unsigned dim = nest.dims.size(); dim-- > 0;) {
    const LoopDim &info = nest.dims[dim];
    int64_t &tile = strategy.tile[dim];
    if (dim == strategy.vectorDim) {
      // A rest of columns is filled up; what else is left of a vector takes shorter vectors anyway.
      int64_t lanes = strategy.lanes;
      if (columns)
        tile = lanes * largestDivisor(llvm::divideCeil(info.size, lanes),
                                      std::min(maxVectors, tile / lanes));
      else if (!strategy.is<Reduction>())
        tile = lanes;
    } else if (!info.isReduction) {
      // Blocks are whole tiles, too.
      int64_t run =
          strategy.block().empty() ? info.size : std::gcd(info.size, strategy.block()[dim]);
      tile = largestDivisor(run, std::min(maxRows / rows, tile));
      rows *= tile;
    } else if (columns && strategy.lanes == 1 && dim != columns->groupDim) {
      tile = 1;
    } else if (columns) {
      if (dim == columns->groupDim && !isSplit && tile > maxGroups * columns->group)
        tile = columns->group;
      // Of long runs summed in scalars two groups are enough; short ones are one body.
      if (dim == columns->groupDim && strategy.lanes == 1 && columns->group > 1 &&
          info.size >= (maxGroups + 1) * columns->group && info.size / columns->group % 2 == 0)
        tile = std::min<int64_t>(tile, 2 * columns->group);
    } else if (!strategy.is<Reduction>()) {
      bool isWindow = strategy.is<Taps>() || strategy.is<TapQuads>(); // written out, all of it
      tile = isWindow || tile <= maxUnrolled ? tile : 1;
    }
  }
}
