//===- InPlace.h - may a kernel write over what it reads? -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_INPLACE_H
#define TFLC_LIB_SCHEDULE_MEMORY_INPLACE_H

#include "Schedule/Nest/Strategy.h"

#include <optional>

namespace tflc {

/// How far the buffer that a kernel writes may lie behind one that it reads, so that every element
/// is read before something is written to its place:
///
///     least <= address(output) - address(input) <= distance   and a multiple of `multiple`.
///
/// All in bytes. Where tasks share a kernel, they have no order among each other, so that none may
/// write where another one reads.
struct OverwriteRule {
  int64_t distance = 0;
  int64_t multiple = 1;
  int64_t least = std::numeric_limits<int64_t>::min();
};

/// The memory that `buffer` views, through any chain of views.
mlir::Value findBaseBuffer(mlir::Value buffer);

/// The rule for `kernel`, whose nest (merged) and strategy are given, for the allocations `input`
/// and `output`; none where they must not overlap. It follows TileOrder: in a tile everything that
/// the reduction reads is read before the first store, in an elementwise kernel everything; an
/// epilogue may read and store vector by vector. Whoever computes an element twice changes this
/// function, too.
std::optional<OverwriteRule> findOverwriteRule(tflrt::KernelOp kernel, const LoopNest &nest,
                                               const Strategy &strategy, mlir::Value input,
                                               mlir::Value output);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_INPLACE_H
