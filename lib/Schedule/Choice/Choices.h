//===- Choices.h - choosing a form for a kernel -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// One function for each form, each in a file of its own. Nests are merged.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_CHOICE_CHOICES_H
#define TFLC_LIB_SCHEDULE_CHOICE_CHOICES_H

#include "Schedule/Nest/Strategy.h"

namespace tflc {

/// Bytes of the arena for what makes a kernel faster at the price of memory.
struct ScratchLimits {
  int64_t free = 0; ///< that another step needs and this one does not
  int64_t most = 0; ///< for which the arena may become larger
};

/// The choice for `nest` (merged) on `target`; none where only plain loops will do.
std::optional<Strategy> chooseStrategy(const LoopNest &nest, const TargetInfo &target,
                                       const ScratchLimits &limits);

/// Rows times constant columns; none where the nest has another shape.
std::optional<Strategy> chooseContract(const LoopNest &nest, const TargetInfo &target,
                                       const ScratchLimits &limits);

/// Fills in how rows and columns of a contraction meet, and its tile, on machines that multiply by
/// one lane of a register; false elsewhere. `strategy` holds the loops, the weights and the lanes.
bool chooseLaneContract(const LoopNest &nest, const TargetInfo &target, Strategy &strategy);

/// Completes `strategy`, a contraction of bytes whose weights are signed, for machines whose sums
/// of products are scalars; false where the target has no such instruction or the nest no run for
/// it.
bool chooseWords(Strategy &strategy, const LoopNest &nest, const LinearAccess &rows,
                 bool rowsUnsigned, const TargetInfo &target);

/// Turns a contraction of unsigned rows in groups of four bytes, which takes `vectorCycles` with
/// vectors, into one with tile registers where that is faster; false where it stays. The sums need
/// memory.
bool chooseTiles(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                 double vectorCycles, int64_t scratchLimit);

/// Changes `strategy`, a contraction in 16 bits or in float that takes `directCycles`, to
/// Winograd's form if that is faster and needs at most `scratchLimit` bytes.
void chooseWinograd(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                    double directCycles, int64_t scratchLimit);

/// General registers that a tile of the form `words` needs.
unsigned countWordRegisters(int64_t rows, int64_t columns);

/// Windows of one channel, where there are no vectors; none where the nest has another shape.
std::optional<Strategy> chooseTaps(const LoopNest &nest, const TargetInfo &target);

/// Vectors along a parallel loop; takes every nest.
Strategy chooseParallel(const LoopNest &nest, const TargetInfo &target);

/// Products of bytes whose channels do not fill a vector: those of neighbouring pixels together do.
/// None where `parallel`, the choice of chooseParallel, is another one.
std::optional<Strategy> chooseNeighbours(const LoopNest &nest, const TargetInfo &target,
                                         const Strategy &parallel);

/// Vectors along a reduction loop; none where `parallel`, the choice of chooseParallel, offers as
/// many lanes.
std::optional<Strategy> chooseReduce(const LoopNest &nest, const TargetInfo &target,
                                     const Strategy &parallel);

/// Changes a choice so that its code is smaller and slower.
void shrinkForSize(Strategy &strategy, const LoopNest &nest);

/// The widest scalar that the kernel computes with, in bits.
unsigned widestScalar(const LoopNest &nest);

/// Lanes of `bits` in one vector of the target; 1 where it has none.
inline unsigned lanesFor(const TargetInfo &target, unsigned bits) {
  return std::max(1u, target.vectorBits / bits);
}

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_CHOICE_CHOICES_H
