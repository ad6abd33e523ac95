//===- TaskCut.h - a kernel in parts that may run at once -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_TASKCUT_H
#define TFLC_LIB_SCHEDULE_NEST_TASKCUT_H

#include "Strategy.h"

namespace tflc {

/// The tiles of one loop, shared among so many tasks. Each has a run of neighbouring tiles, and all
/// tiles are those of the whole kernel, so that no result depends on the number of tasks.
struct TaskCut {
  unsigned dim = 0; ///< of the nest after Strategy::prepare
  int64_t count = 1;
};

/// What `tflc.tasks` says of the kernel; none where it runs as a whole.
std::optional<TaskCut> getTaskCut(tflrt::KernelOp kernel);
void setTaskCut(tflrt::KernelOp kernel, TaskCut cut);

/// How many units of work loop `dim` of a prepared nest has that a task can take: tiles, or blocks
/// of rows, or blocks of Winograd's patches and columns. 1 where the loop cannot be shared.
int64_t countSharedUnits(const LoopNest &nest, const Strategy &strategy, unsigned dim);

/// The iterations of a loop that a task meets: [begin, end).
struct IterationRange {
  int64_t begin = 0, end = 0;
};

/// What task `number` of the cut meets of the cut's loop, or more; never less. Winograd's patches
/// lie across lines and overlap, so that of theirs it is all.
IterationRange iterationsOfTask(const LoopNest &nest, const Strategy &strategy, const TaskCut &cut,
                                int64_t number);

/// Elements from one task's scratch buffer to the next one's, a multiple of a cache line, where
/// loop `dim` is shared. 0 where all tasks use one buffer: each packs its own columns.
int64_t scratchPerTask(const Strategy &strategy, unsigned dim);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_TASKCUT_H
