//===- TaskNames.h - how a function says that it runs tasks -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_TASKNAMES_H
#define TFLC_TARGET_TASKNAMES_H

namespace tflc {

/// Attributes of a declaration whose body `tflc-expand-tasks` makes: the function of one task, and
/// how many tasks there are.
inline constexpr char kRunTasksAttrName[] = "tflc.run_tasks";
inline constexpr char kTaskCountAttrName[] = "tflc.task_count";

} // namespace tflc

#endif // TFLC_TARGET_TASKNAMES_H
