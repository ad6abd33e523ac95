//===- Strategy.h - how a kernel runs ---------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_STRATEGY_H
#define TFLC_LIB_SCHEDULE_STRATEGY_H

#include "LoopNest.h"

#include "tflc/Target/TargetInfo.h"

namespace tflc {

/// The forms a loop nest can take. docs/Scheduling.md explains each.
enum class Form {
  Parallel, ///< vectors along a parallel loop; reductions are loops around them
  Contract, ///< register tile of a matrix product with packed constant weights
  Reduce,   ///< vectors along a reduction loop, summed across lanes at the end
};

/// A choice for one kernel. Numbers of loops are those of the nest after LoopNest::mergeDims.
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
  /// Contract: runs along `groupDim` are loops over words of four bytes, as the DSP extension
  /// multiplies them.
  bool words = false;
  bool widen = false; ///< extend bytes to 16 bit before tflrt.dot
  /// Parallel: multiply bytes in 16 bit and add two products there before they join a 32 bit sum.
  bool narrow = false;
  /// Parallel: the loop along `vectorDim` is the outermost, the reduction is written out, and what
  /// only changes along `vectorDim` is read once.
  bool taps = false;
  bool pairs = false; ///< taps in pairs by tflrt.dot

  /// Whether the loop along `vectorDim` goes around all others.
  bool columnsFirst() const { return form == Form::Contract || taps; }
  /// The parallel loops of `nest` from the outermost inwards, in which tiles are visited.
  mlir::SmallVector<unsigned> parallelOrder(const LoopNest &nest) const;

  mlir::DictionaryAttr toAttr(mlir::MLIRContext *context) const;
  static std::optional<Strategy> fromAttr(mlir::DictionaryAttr attr);
};

/// The choice for `nest` (merged) on `target`; none where only plain loops will do.
std::optional<Strategy> chooseStrategy(const LoopNest &nest, const TargetInfo &target);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_STRATEGY_H
