//===- Strategy.h - how a kernel runs ---------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_STRATEGY_H
#define TFLC_LIB_SCHEDULE_NEST_STRATEGY_H

#include "LoopNest.h"

#include "tflc/Target/TargetInfo.h"

namespace tflc {

/// The forms a loop nest can take. docs/Scheduling.md explains each.
enum class Form {
  Parallel, ///< vectors along a parallel loop; reductions are loops around them
  Contract, ///< register tile of a matrix product with packed constant weights
  Reduce,   ///< vectors along a reduction loop, summed across lanes at the end
};

/// Blocks of a contraction of 3x3 windows by Winograd's products (see Winograd.h).
struct Winograd {
  int64_t lines = 2, pixels = 2; ///< results of a tile: 2 or 4 lines of 2 or 4 pixels
  int64_t rows = 1;              ///< tiles that one register tile multiplies
  int64_t tiles = 1;    ///< tiles whose inputs are transformed together; multiple of `rows`
  int64_t columns = 1;  ///< columns whose weights are transformed together
  int64_t channels = 1; ///< channels whose weights are; if not all, `columns` is one register tile
  bool weightsFirst = false; ///< the loop over columns goes around that over tiles

  /// Products of one channel for one tile and column.
  int64_t positions() const { return (lines + 2) * (pixels + 2); }
};

/// A choice for one kernel. Numbers of loops are those of the nest after `prepare`.
struct Strategy {
  Form form = Form::Parallel;
  unsigned vectorDim = 0;
  unsigned lanes = 1;
  /// Iterations of each loop that one tile covers, unrolled; of `vectorDim` a multiple of `lanes`.
  mlir::SmallVector<int64_t> tile;
  /// Contract: which input of the reduction holds the constant weights, and the loop that is
  /// grouped.
  unsigned weightsInput = 0;
  unsigned groupDim = 0;
  unsigned group = 1; ///< products that one step of tflrt.dot adds in each lane
  unsigned split = 1; ///< independent accumulators of one sum
  /// Contract: groups of a row that one load brings; each is then used as a lane of that vector.
  unsigned rowGroups = 1;
  /// Contract: an accumulator holds one column's sum, in parts that are added across the lanes at
  /// the end; `group` elements of a row and of a column are multiplied one by one.
  bool acrossLanes = false;
  /// Contract: an accumulator holds sums of two rows and two columns, as SMMLA multiplies them.
  bool matrix = false;
  /// Contract: lanes of the vectors that the epilogue works on, neighbouring accumulators joined.
  unsigned epilogueLanes = 1;
  /// Contract: runs along `groupDim` are loops over words of four bytes, as the DSP extension
  /// multiplies them.
  bool words = false;
  /// Contract: bytes of the only row are multiplied in pairs (see BytePairs.h).
  bool bytePairs = false;
  /// Contract: sums of a register tile are in tile registers, of up to 16 rows and 16 columns each;
  /// `tile` says along `groupDim` how many bytes of a row are multiplied at once. The last bytes of
  /// a run overlap those before them, and what both have meets zero weights.
  bool tiles = false;
  bool widen = false; ///< extend bytes to 16 bit before tflrt.dot
  /// Contract: iterations of each loop of rows that run for all columns before the next ones; empty
  /// where all of them do. At most one entry is neither 1 nor the size of its loop.
  mlir::SmallVector<int64_t> block;
  /// Contract: 16 bit elements of a buffer that holds the rows of a block, extended once for all
  /// columns, or what Winograd's products need, or the sums of tile registers; 0 where bytes are
  /// extended in registers.
  int64_t scratch = 0;
  std::optional<Winograd> winograd;
  /// Contract: estimate for all products of a register tile's form, to compare nests; not recorded.
  double cycles = 0;
  /// Parallel: multiply bytes in 16 bit and add two products there before they join a 32 bit sum,
  /// or add bytes there that are not multiplied.
  bool narrow = false;
  /// Parallel: the loop along `vectorDim` is the outermost, the reduction is written out, and what
  /// only changes along `vectorDim` is read once.
  bool taps = false;
  bool pairs = false; ///< taps in pairs by tflrt.dot
  /// Parallel: the nest is that of LoopNest::joinNeighbours for so many neighbours.
  int64_t joined = 1;

  /// Brings an analyzed nest into the form that this choice is about; false where it has none.
  bool prepare(LoopNest &nest) const {
    nest.mergeDims();
    return joined == 1 || nest.joinNeighbours(joined);
  }

  /// Whether the loop along `vectorDim` goes around all others.
  bool columnsFirst() const { return form == Form::Contract || taps; }
  mlir::DictionaryAttr toAttr(mlir::MLIRContext *context) const;
  static std::optional<Strategy> fromAttr(mlir::DictionaryAttr attr);
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_STRATEGY_H
