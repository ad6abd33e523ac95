//===- Choices.h - choosing a form for a kernel -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// One function for each form, each in a file of its own. Nests are merged. A function that does not
// take its form says why to the log.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_CHOICE_CHOICES_H
#define TFLC_LIB_SCHEDULE_CHOICE_CHOICES_H

#include "ChoiceLog.h"
#include "Schedule/Nest/Strategy.h"
#include "Schedule/Nest/TaskCut.h"

namespace tflc {

/// Bytes of the arena for what makes a kernel faster at the price of memory.
struct ScratchLimits {
  int64_t free = 0; ///< that another step needs and this one does not
  int64_t most = 0; ///< for which the arena may become larger
  /// The same for a copy of columns that are data. Without the copy each row moves them anew, so a
  /// small part of a second-level cache is always worth it.
  int64_t mostForPacking = 0;
};

/// A strategy and what it is estimated to take.
struct Choice {
  Strategy strategy;
  double cycles = 0; ///< for all products of a contraction; 0 where nothing is estimated
};

/// The choice for `nest` (merged) on `target`; none where only plain loops will do.
std::optional<Choice> chooseStrategy(const LoopNest &nest, const TargetInfo &target,
                                     const ScratchLimits &limits, ChoiceLog &log);

/// Rows times constant columns, in one of the forms below; none where the nest has another shape.
std::optional<Choice> chooseContraction(const LoopNest &nest, const TargetInfo &target,
                                        const ScratchLimits &limits, ChoiceLog &log);

//===----------------------------------------------------------------------===//
// Forms of a contraction
//===----------------------------------------------------------------------===//
//
// Each gets `strategy` with the form Broadcast: the loops, the weights and the lanes. It returns
// false, and changes nothing, where it does not take it.

/// One lane of a vector of a row, or sums across lanes, or small matrices, on machines that
/// multiply by one lane of a register. `cycles` receives what the products take.
bool chooseRowLanes(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                    double &cycles, ChoiceLog &log);

/// Products whose sums are scalars, of bytes with signed weights: QuadRuns for the DSP extension,
/// Broadcast of a single lane for vectors whose lanes one instruction adds up.
bool chooseScalarSums(Strategy &strategy, const LoopNest &nest, bool rowsUnsigned,
                      const TargetInfo &target, const ScratchLimits &limits, ChoiceLog &log);

/// QuadRuns for rows of words, which are read as rows of bytes are that have been extended.
bool chooseWordRuns(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                    ChoiceLog &log);

/// A single row of bytes in pairs.
bool chooseBytePairs(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                     ChoiceLog &log);

/// A long row of bytes and few columns, which lie along the row.
bool chooseAcrossLanes(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                       ChoiceLog &log);

/// Vectors of columns. Completes the form Broadcast, but for its blocks, and returns its cycles.
double chooseBroadcast(Strategy &strategy, const LoopNest &nest, const TargetInfo &target);

/// Chooses blocks of rows for `strategy`, and a buffer for extended bytes.
void chooseRowBlocks(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                     const ScratchLimits &limits);

/// Bytes that all blocks of `strategy`, which has a buffer for extended bytes, extend.
int64_t countExtendedBytes(const LoopNest &nest, const Strategy &strategy);

/// Tile registers, for unsigned rows in groups of four bytes that take `vectorCycles` with vectors,
/// where that is faster. The sums need memory.
bool chooseTileRegisters(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                         double vectorCycles, int64_t scratchLimit, ChoiceLog &log);

/// Winograd's products, for a contraction in 16 bits or in float that takes `directCycles`, where
/// that is faster and needs at most `scratchLimit` bytes.
bool chooseWinograd(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                    double directCycles, int64_t scratchLimit, ChoiceLog &log);

//===----------------------------------------------------------------------===//
// Other forms
//===----------------------------------------------------------------------===//

/// Windows of one channel, where there are no vectors; none where the nest has another shape.
std::optional<Strategy> chooseTaps(const LoopNest &nest, const TargetInfo &target, ChoiceLog &log);

/// Vectors along a parallel loop, of bytes in 16 bits where they fit; takes every nest.
Strategy chooseVectorLoops(const LoopNest &nest, const TargetInfo &target, ChoiceLog &log);

/// Products of bytes whose channels do not fill a vector: those of neighbouring pixels together do.
/// None where `parallel`, the choice of chooseVectorLoops, is another one.
std::optional<Strategy> chooseNeighbours(const LoopNest &nest, const TargetInfo &target,
                                         const Strategy &parallel, ChoiceLog &log);

/// Products of bytes in which four taps of a window join a sum at once; none where `parallel`, the
/// choice of chooseVectorLoops, is another one, or the machine has no such instruction.
std::optional<Strategy> chooseTapQuads(const LoopNest &nest, const TargetInfo &target,
                                       const Strategy &parallel, ChoiceLog &log);

/// Vectors along a reduction loop; none where `parallel`, the choice of chooseVectorLoops, offers
/// as many lanes.
std::optional<Strategy> chooseReduction(const LoopNest &nest, const TargetInfo &target,
                                        const Strategy &parallel, ChoiceLog &log);

/// How a kernel of so many cycles is shared by tasks; none where it is too short for that, or where
/// no loop has enough tiles. Winograd's blocks change with it. `nest` is prepared.
std::optional<TaskCut> chooseTasks(const LoopNest &nest, Strategy &strategy, double cycles);

/// Changes a choice so that its code is smaller and slower.
void shrinkForSize(Strategy &strategy, const LoopNest &nest);

//===----------------------------------------------------------------------===//
// Helpers
//===----------------------------------------------------------------------===//

/// The widest scalar that the kernel computes with, in bits.
unsigned widestScalar(const LoopNest &nest);

/// Lanes of `bits` in one vector of the target; 1 where it has none.
inline unsigned lanesFor(const TargetInfo &target, unsigned bits) {
  return std::max(1u, target.vectorBits / bits);
}

/// Whether bytes are extended, and words multiplied in pairs, as there is nothing better.
inline bool multipliesBytesAsWords(const TargetInfo &target) {
  const DotProduct &dot = *target.instructions.dot;
  return dot.addsWordPairs() && !dot.hasBytes();
}

/// Whether a contraction has a single row, and its sum is one loop.
bool isSingleRow(const LoopNest &nest, const Strategy &strategy);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_CHOICE_CHOICES_H
