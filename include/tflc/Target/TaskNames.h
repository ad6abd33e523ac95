//===- TaskNames.h - how a function says that it runs tasks -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_TASKNAMES_H
#define TFLC_TARGET_TASKNAMES_H

#include <cstdint>

namespace tflc {

/// A step has no more tasks than that: one bit of half a word says of each whether it is done.
inline constexpr int64_t kMostTasks = 16;

/// Attributes of a declaration whose body `tflc-expand-tasks` makes: the function of one task, and
/// how many tasks there are.
inline constexpr char kRunTasksAttrName[] = "tflc.run_tasks";
inline constexpr char kTaskCountAttrName[] = "tflc.task_count";

/// Attributes of a call of such a declaration that is one of several steps without a barrier
/// between them: its number, from 0 on, and what its tasks wait for. These are equally many words
/// for each task: the number of an earlier step, and in the upper half one bit for each of the
/// tasks of that step.
inline constexpr char kListStepAttrName[] = "tflc.list_step";
inline constexpr char kTaskNeedsAttrName[] = "tflc.task_needs";

} // namespace tflc

#endif // TFLC_TARGET_TASKNAMES_H
