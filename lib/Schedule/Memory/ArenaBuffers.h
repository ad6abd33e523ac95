//===- ArenaBuffers.h - what the arena of a function holds ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_ARENABUFFERS_H
#define TFLC_LIB_SCHEDULE_MEMORY_ARENABUFFERS_H

#include "tflc/Analysis/ArenaPlanner.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace tflc {

/// The allocations of known size of a function, in loops and branches too, as the planner sees
/// them. Steps are those of `StepTree`.
struct ArenaBuffers {
  mlir::SmallVector<mlir::Value> allocs;
  mlir::SmallVector<ArenaBuffer> buffers; ///< one for each of `allocs`
  mlir::SmallVector<ArenaOverlap> overlaps;
  mlir::SmallVector<mlir::Operation *> steps; ///< the op of each step
};

ArenaBuffers collectArenaBuffers(mlir::Block &body);

int64_t sizeInBytes(mlir::MemRefType type);

/// A small buffer needs no more alignment than its size: nothing in it is loaded as a longer
/// vector.
int64_t arenaAlignmentFor(int64_t size);

/// Vectors of every target may load from an offset that is a multiple of this.
inline constexpr int64_t arenaAlignment = 64;

/// Attribute of a loop that runs a chain of kernels row by row (`tflc-stream-rows`), with the
/// number of rows of the last kernel that one iteration computes, and how many kernels reduce over
/// all rows, if there are any.
inline constexpr char kRowChainAttrName[] = "tflc.row_chain";
inline constexpr char kStripeName[] = "stripe";
inline constexpr char kCollectorsName[] = "collectors";
/// Attribute of a loop that `tflc-join-loops` made of kernels.
inline constexpr char kSharedLoopAttrName[] = "tflc.shared_loop";
/// Attribute of an allocation that holds a few rows of a tensor at a time: how many that one has.
inline constexpr char kRowsOfAttrName[] = "tflc.rows_of";
/// Attribute of a view through which such a loop reads rows of a buffer: how many bytes the loop's
/// output may lie behind that buffer, so that all is read before it is overwritten.
inline constexpr char kOverwriteAttrName[] = "tflc.overwrite_distance";

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_ARENABUFFERS_H
