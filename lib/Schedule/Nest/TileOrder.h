//===- TileOrder.h - in which order a kernel visits its results -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A kernel computes its results tile by tile: the loops of the results are cut into runs, and a
// tile is one run of each. What a tile's sums read is read before its first store. Behind the sums,
// vectors are read and stored in the order of `forEachVector`, some of them together.
//
// Whoever needs that order asks here: KernelEmitter, which emits it, and the rule about writing
// over what is read (lib/Schedule/Memory/InPlace.h). test/Unit/Schedule/TileOrderTest.cpp compares
// it with the loads and stores of emitted kernels.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_TILEORDER_H
#define TFLC_LIB_SCHEDULE_NEST_TILEORDER_H

#include "Strategy.h"

namespace tflc {

/// A part of the iterations of a nest: variables [origin, origin + extent) of each loop.
struct LoopBox {
  mlir::SmallVector<int64_t> origin, extent;
};

/// How a loop is cut: whole tiles, then at most one rest.
struct TileRuns {
  int64_t full = 0, rest = 0;

  TileRuns() = default;
  TileRuns(int64_t size, int64_t tile) : full(size / tile), rest(size % tile) {}
};

class TileOrder {
public:
  TileOrder(const LoopNest &nest, const Strategy &strategy);

  /// Loops that run around blocks of rows one iteration after the other, from the outermost
  /// inwards.
  mlir::ArrayRef<unsigned> aroundBlocks() const { return outer; }
  /// The loop whose runs are blocks; none where there are no blocks, or one row is the only one.
  std::optional<unsigned> blockLoop() const { return cut; }
  /// The loops in a block, or all parallel ones, from the outermost inwards.
  mlir::ArrayRef<unsigned> loops() const { return inner; }

  TileRuns runsOf(unsigned dim) const { return {nest.dims[dim].size, strategy.tile[dim]}; }

  /// How many tiles there are where loop `without` is not cut.
  int64_t countTiles(std::optional<unsigned> without = std::nullopt) const;
  /// Calls `visit` for all tiles in order, each with the whole of loop `without` and of the loops
  /// of the reduction.
  void forEachTile(llvm::function_ref<void(const LoopBox &)> visit,
                   std::optional<unsigned> without = std::nullopt) const;

  /// Calls `visit` for all vectors of results in a tile of `extents` iterations, with their places
  /// in the tile and their elements: as many as the strategy has lanes, or what is left. Loop
  /// `without` is left out, and its place is 0.
  void
  forEachVector(mlir::ArrayRef<int64_t> extents,
                llvm::function_ref<void(mlir::ArrayRef<int64_t> place, int64_t elements)> visit,
                std::optional<unsigned> without = std::nullopt) const;

private:
  void findBlocks();

  const LoopNest &nest;
  const Strategy &strategy;
  mlir::SmallVector<unsigned> outer, inner;
  std::optional<unsigned> cut;
  mlir::SmallVector<unsigned> rows; ///< parallel loops but for that of vectors, in order
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_TILEORDER_H
