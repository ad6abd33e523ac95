//===- LiveSteps.h - the products that sparse weights leave -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Of pruned weights many are zero. A step of a contraction multiplies one group of a row by as many
// columns as a tile has; where all weights that it would meet are zero, the step can be left out.
// So it depends on the tile how many steps are left: with blocks of 16 columns all zero ones go
// where a vector has 16 lanes, with single zeros only where a tile has one column.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_LIVESTEPS_H
#define TFLC_LIB_SCHEDULE_NEST_LIVESTEPS_H

#include "Strategy.h"

namespace tflc {

class LiveSteps {
public:
  /// One step of the reduction: what it adds to the places of the first group.
  struct Step {
    int64_t row, weights;
  };

  /// Steps of tiles of `columns` columns along loop `columnDim`. The run has to consist of whole
  /// groups.
  LiveSteps(const LoopNest &nest, const PackedColumns &packing, unsigned columnDim,
            int64_t columns);

  /// The steps of each tile, in the order of the loops.
  llvm::ArrayRef<mlir::SmallVector<Step>> tiles() const { return live; }
  /// The steps of all tiles, as a part of those with all weights.
  double fraction() const;

private:
  mlir::SmallVector<mlir::SmallVector<Step>> live;
  int64_t all = 0; ///< steps of one tile
};

/// Whether at least half of the constant weights of a contraction are zero, and its runs consist of
/// whole groups.
bool hasSparseWeights(const LoopNest &nest, const PackedColumns &packing);

/// Whether a contraction leaves out the steps that meet zero weights alone: these are so many that
/// it pays to look up where the others are.
bool leavesOutSteps(const LoopNest &nest, const Strategy &strategy);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_LIVESTEPS_H
