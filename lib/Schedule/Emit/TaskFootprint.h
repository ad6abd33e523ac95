//===- TaskFootprint.h - the bytes that a task touches ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_TASKFOOTPRINT_H
#define TFLC_LIB_SCHEDULE_EMIT_TASKFOOTPRINT_H

#include "Schedule/Nest/TaskCut.h"

namespace tflc {

/// Bytes [begin, end) of all memory that an entry function is handed.
struct ByteRange {
  int64_t begin = 0, end = 0;
};

/// The number of the first byte of an argument of the function.
int64_t getByteNumber(unsigned argument);

/// Bytes of that memory, as ranges that are in order and apart.
class ByteSet {
public:
  explicit ByteSet(mlir::SmallVector<ByteRange> ranges = {});

  bool intersects(const ByteSet &other) const;
  bool isEmpty() const { return ranges.empty(); }
  mlir::ArrayRef<ByteRange> getRanges() const { return ranges; }

private:
  mlir::SmallVector<ByteRange> ranges;
};

/// What a task reads and writes, or more; never less. Constants are not counted.
struct TaskFootprint {
  ByteSet reads, writes;

  /// Whether the order of the two tasks matters.
  bool conflictsWith(const TaskFootprint &other) const {
    return writes.intersects(other.writes) || writes.intersects(other.reads) ||
           reads.intersects(other.writes);
  }
};

/// The footprints of the tasks of `kernel`, whose buffers have their places in the arena. Without a
/// cut the whole kernel is one task.
mlir::SmallVector<TaskFootprint> findFootprints(tflrt::KernelOp kernel, const Strategy &strategy,
                                                const std::optional<TaskCut> &cut);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_TASKFOOTPRINT_H
