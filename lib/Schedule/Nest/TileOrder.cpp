//===- TileOrder.cpp - in which order a kernel visits its results ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TileOrder.h"

#include "Winograd.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

TileOrder::TileOrder(const LoopNest &nest, const Strategy &strategy)
    : nest(nest), strategy(strategy) {
  auto windows = strategy.is<Winograd>() ? matchWinograd(nest, strategy) : std::nullopt;
  if (windows) {
    // Patches of results go along the lines of an image, which lie within the other loops.
    rows = windows->outer;
    rows.append({windows->line, windows->pixel});
  } else {
    for (auto [dim, info] : llvm::enumerate(nest.dims))
      if (!info.isReduction && dim != strategy.vectorDim)
        rows.push_back(dim);
  }
  if (!strategy.block().empty()) {
    findBlocks();
    return;
  }
  inner = rows;
  if (nest.dims[strategy.vectorDim].isReduction)
    return;
  // A tile's weights serve all rows before the next weights are read.
  inner.insert(strategy.columnsFirst() ? inner.begin()
                                       : llvm::upper_bound(inner, strategy.vectorDim),
               strategy.vectorDim);
}

/// Loops of rows outside of the one that is cut run one by one, those inside as a whole.
void TileOrder::findBlocks() {
  inner.push_back(strategy.vectorDim);
  for (unsigned dim : rows) {
    if (!cut && strategy.block()[dim] > 1)
      cut = dim;
    (cut ? inner : outer).push_back(dim);
  }
  if (!cut && !outer.empty()) {
    // Single rows: the innermost loop is a block for each of its iterations.
    cut = outer.pop_back_val();
    inner.push_back(*cut);
  }
}

int64_t TileOrder::countTiles(std::optional<unsigned> without) const {
  int64_t count = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && dim != without)
      count = llvm::SaturatingMultiply<uint64_t>(count,
                                                 llvm::divideCeil(info.size, strategy.tile[dim]));
  return count;
}

void TileOrder::forEachTile(function_ref<void(const LoopBox &)> visit,
                            std::optional<unsigned> without) const {
  LoopBox box;
  for (const LoopDim &info : nest.dims) {
    box.origin.push_back(0);
    box.extent.push_back(info.size);
  }
  // Runs of `step` iterations of a loop within what the box has of it.
  auto cutInto = [&](unsigned dim, int64_t step, function_ref<void()> body) {
    int64_t begin = box.origin[dim], end = begin + box.extent[dim];
    for (int64_t at = begin; at < end; at += step) {
      box.origin[dim] = at;
      box.extent[dim] = std::min(step, end - at);
      body();
    }
    box.origin[dim] = begin;
    box.extent[dim] = end - begin;
  };
  // Blocks are whole tiles; the rest of them is a block of its own.
  auto cutIntoBlocks = [&](function_ref<void()> body) {
    int64_t size = nest.dims[*cut].size, whole = size - runsOf(*cut).rest;
    box.extent[*cut] = whole;
    cutInto(*cut, strategy.block()[*cut], body);
    box.origin[*cut] = whole;
    box.extent[*cut] = size - whole;
    cutInto(*cut, strategy.tile[*cut], body);
    box.origin[*cut] = 0;
    box.extent[*cut] = size;
  };
  auto walk = [&](auto &self, ArrayRef<unsigned> around, bool isCut,
                  ArrayRef<unsigned> within) -> void {
    if (!around.empty())
      return cutInto(around[0], 1, [&] { self(self, around.drop_front(), isCut, within); });
    if (!isCut)
      return cutIntoBlocks([&] { self(self, around, true, within); });
    if (within.empty())
      return visit(box);
    if (within[0] == without)
      return self(self, around, true, within.drop_front());
    cutInto(within[0], strategy.tile[within[0]],
            [&] { self(self, around, true, within.drop_front()); });
  };
  walk(walk, outer, !cut, inner);
}

void TileOrder::forEachVector(ArrayRef<int64_t> extents,
                              function_ref<void(ArrayRef<int64_t>, int64_t)> visit,
                              std::optional<unsigned> without) const {
  SmallVector<int64_t> place(extents.size(), 0);
  unsigned columns = strategy.vectorDim;
  auto walk = [&](auto &self, ArrayRef<unsigned> loops) -> void {
    if (!loops.empty()) {
      unsigned dim = loops[0];
      for (int64_t i = 0, e = dim == without ? 1 : extents[dim]; i < e; ++i) {
        place[dim] = i;
        self(self, loops.drop_front());
      }
      place[dim] = 0;
      return;
    }
    if (nest.dims[columns].isReduction || columns == without)
      return visit(place, 1);
    for (int64_t at = 0; at < extents[columns]; at += strategy.lanes) {
      place[columns] = at;
      visit(place, std::min<int64_t>(strategy.lanes, extents[columns] - at));
    }
    place[columns] = 0;
  };
  walk(walk, rows);
}
