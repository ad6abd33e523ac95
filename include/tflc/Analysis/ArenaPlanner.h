//===- ArenaPlanner.h - offsets for buffers with known lifetimes -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_ANALYSIS_ARENAPLANNER_H
#define TFLC_ANALYSIS_ARENAPLANNER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <limits>

namespace tflc {

/// A buffer that lives in the arena.
struct ArenaBuffer {
  int64_t size = 0;      ///< in bytes
  int64_t alignment = 1; ///< of the offset, in bytes, a power of two
  int64_t first = 0;     ///< the step that writes it first
  int64_t last = 0;      ///< the step that reads it last, inclusive
};

/// Leave for one buffer to lie over another that is alive in the same step: the step that writes
/// `writer` for the first time reads `reader` for the last time, and reads every byte before it
/// writes there, as long as
///
///     least <= offset(writer) - offset(reader) <= distance   and a multiple of `multiple`.
struct ArenaOverlap {
  unsigned writer = 0, reader = 0;                     ///< indices of buffers
  int64_t distance = 0;                                ///< in bytes; may be negative
  int64_t multiple = 1;                                ///< in bytes, at least 1
  int64_t least = std::numeric_limits<int64_t>::min(); ///< in bytes
};

/// Where every buffer goes.
struct ArenaPlan {
  llvm::SmallVector<int64_t> offsets; ///< one for each buffer, in bytes
  int64_t size = 0;                   ///< of the whole arena, in bytes
  /// Bytes of the largest set of buffers alive in one step, where a buffer that may lie over others
  /// counts only with what it needs beyond them.
  int64_t lowerBound = 0;
};

/// Places buffers so that two which are alive in the same step never overlap without leave, in as
/// few bytes as a bounded search finds. Buffers are placed one after the other at the lowest offset
/// that is free during their whole life; what differs between the tries is the order, at first by
/// size, by lifetime and by their product, then by a deterministic search that moves a buffer on
/// the peak to the front. The search stops within half a per cent of the lower bound, after
/// `searchSteps` orders, or earlier where very many buffers make an order expensive.
ArenaPlan planArena(llvm::ArrayRef<ArenaBuffer> buffers, llvm::ArrayRef<ArenaOverlap> overlaps = {},
                    unsigned searchSteps = 1000);

} // namespace tflc

#endif // TFLC_ANALYSIS_ARENAPLANNER_H
