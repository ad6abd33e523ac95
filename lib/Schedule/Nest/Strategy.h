//===- Strategy.h - how a kernel runs ---------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_STRATEGY_H
#define TFLC_LIB_SCHEDULE_NEST_STRATEGY_H

#include "LoopNest.h"

#include "tflc/Target/TargetInfo.h"

#include <variant>

namespace tflc {

//===----------------------------------------------------------------------===//
// Forms
//===----------------------------------------------------------------------===//
//
// One struct for each form that a loop nest can take; docs/Scheduling.md explains them. Each has an
// attribute of the same name in dialects/TFLRT/IR/Strategies.td, a choice in lib/Schedule/Choice
// and an emitter in lib/Schedule/Emit.

/// Vectors along a parallel loop; reductions are loops around them.
struct VectorLoops {};

/// The same of bytes that are multiplied in 16 bits, where two products are added before they join
/// a sum of 32, or that are added up there.
struct NarrowLoops {
  int64_t joined = 1; ///< the nest is that of LoopNest::joinNeighbours for so many neighbours
};

/// Depthwise windows of bytes, four taps at once (see TapQuads.h). The whole window is in the tile.
struct TapQuads {
  unsigned along = 0; ///< the loop of the window whose neighbours are multiplied together
  int64_t joined = 1; ///< as that of NarrowLoops
};

/// Without vectors: one channel after the other, the reduction written out.
struct Taps {
  bool pairs = false; ///< taps in pairs by tflrt.dot
};

/// Vectors along a loop of the reduction, summed across lanes at the end.
struct Reduction {
  unsigned split = 1; ///< independent parts of one sum
};

/// What all contractions with constant weights have, which are packed in the order in which they
/// are read. Vectors lie along the columns.
struct PackedColumns {
  unsigned weightsInput = 0; ///< the reduction's input that holds the weights
  unsigned groupDim = 0;     ///< the loop of the reduction that is grouped
  unsigned group = 1;        ///< neighbours along it that are multiplied at once
};

/// A contraction whose rows may meet all columns block by block.
struct RowBlocks : PackedColumns {
  /// Iterations of each loop of rows that run for all columns before the next ones; empty where all
  /// of them do. At most one entry is neither 1 nor the size of its loop.
  mlir::SmallVector<int64_t> block;
};

/// A group of a row is broadcast to all lanes.
struct Broadcast : RowBlocks {
  unsigned split = 1; ///< independent parts of one sum
  bool widen = false; ///< extend bytes to 16 bit before tflrt.dot
  /// Columns are data. For each iteration of the loops around blocks they are packed into the
  /// buffer, once for all rows.
  bool packs = false;
  /// 16 bit elements of a buffer that holds the rows of a block, extended once for all columns; 0
  /// where bytes are extended in registers. With `packs`, elements of the packed columns.
  int64_t scratch = 0;
};

/// A group of a row is one lane of a vector that a load brought.
struct RowLanes : PackedColumns {
  unsigned rowGroups = 1; ///< groups that one load brings
  unsigned split = 1;     ///< independent parts of one sum
  bool widen = false;     ///< extend bytes to 16 bit before tflrt.dot
  unsigned epilogueLanes = 1;
};

/// A sum holds one column, in parts that are added across the lanes at the end; `group` elements of
/// a row and of a column are multiplied one by one.
struct AcrossLanes : PackedColumns {
  bool widen = false; ///< extend bytes to 16 bit before tflrt.dot
  /// Lanes of the vectors that the epilogue works on, neighbouring sums joined.
  unsigned epilogueLanes = 1;
};

/// A sum holds two rows and two columns, as SMMLA multiplies them.
struct RowPairs : PackedColumns {
  unsigned epilogueLanes = 1;
};

/// Sums are in tile registers, of up to 16 rows and 16 columns each. The tile says along `groupDim`
/// how many bytes of a row are multiplied at once. The last bytes of a run overlap those before
/// them, and what both have meets zero weights.
struct TileRegisters : RowBlocks {
  int64_t scratch = 0; ///< 16 bit elements of the sums of a tile
};

/// Runs along `groupDim` are loops over four bytes, as the DSP extension multiplies them.
struct QuadRuns : RowBlocks {
  /// 16 bit elements of a buffer that holds the rows of a block, extended once for all columns; 0
  /// where bytes are extended in registers.
  int64_t scratch = 0;
};

/// Bytes of the only row are multiplied in pairs (see BytePairs.h).
struct BytePairs : PackedColumns {};

/// Windows of 3x3 with fewer products (see Winograd.h).
struct Winograd : PackedColumns {
  int64_t lines = 2, pixels = 2; ///< results of a patch: 2 or 4 lines of 2 or 4 pixels
  int64_t rows = 1;              ///< patches that one tile multiplies
  int64_t patches = 1;       ///< patches whose inputs are transformed together; multiple of `rows`
  int64_t columns = 1;       ///< columns whose weights are transformed together
  int64_t channels = 1;      ///< channels whose weights are; if not all, `columns` is one tile
  bool weightsFirst = false; ///< the loop over columns goes around that over patches
  int64_t scratch = 0;       ///< 16 bit elements of what is transformed

  /// Products of one channel for one patch and column.
  int64_t positions() const { return (lines + 2) * (pixels + 2); }
};

//===----------------------------------------------------------------------===//
// Strategy
//===----------------------------------------------------------------------===//

/// A choice for one kernel. Numbers of loops are those of the nest after `prepare`.
struct Strategy {
  unsigned vectorDim = 0; ///< the loop along which vectors lie
  unsigned lanes = 1;
  /// Iterations of each loop that one tile covers, unrolled; of `vectorDim` a multiple of `lanes`.
  mlir::SmallVector<int64_t> tile;
  std::variant<VectorLoops, NarrowLoops, TapQuads, Taps, Reduction, Broadcast, RowLanes,
               AcrossLanes, RowPairs, TileRegisters, QuadRuns, BytePairs, Winograd>
      form;

  template <typename Form> bool is() const { return std::holds_alternative<Form>(form); }
  /// The form's own numbers; null for other forms.
  template <typename Form> const Form *as() const { return std::get_if<Form>(&form); }
  template <typename Form> Form *as() { return std::get_if<Form>(&form); }

  /// What contractions have; null for other forms.
  const PackedColumns *columns() const;
  /// Iterations of each loop of rows in a block; empty where there are no blocks.
  mlir::ArrayRef<int64_t> block() const;
  /// 16 bit elements of the buffer that the kernel needs, or elements of the columns it packs.
  int64_t scratch() const;
  /// Whether the columns of a contraction are packed when the kernel runs.
  bool packsColumns() const;
  /// Whether the loop along `vectorDim` goes around all others.
  bool columnsFirst() const { return columns() || is<Taps>(); }

  /// Brings an analyzed nest into the form that this choice is about; false where it has none.
  bool prepare(LoopNest &nest) const;

  tflrt::StrategyAttr toAttr(mlir::MLIRContext *context) const;
  static Strategy fromAttr(tflrt::StrategyAttr attr);
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_STRATEGY_H
