//===- OutlineTasks.h - a function for the tasks of a kernel ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_OUTLINETASKS_H
#define TFLC_LIB_SCHEDULE_EMIT_OUTLINETASKS_H

#include "KernelAccess.h"
#include "Schedule/Nest/TaskCut.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tflc {

/// Gives an entry function the argument behind its arena that holds the caller's `tflc_parallel`.
/// False, with an error, where there is no arena.
mlir::LogicalResult addParallelArgument(mlir::func::FuncOp entry);

/// A copy of a kernel in a function of its own, which is to compute the share of one task.
struct OutlinedKernel {
  tflrt::KernelOp kernel;
  std::optional<TaskShare> share; ///< none where one task is all of the kernel
  mlir::func::CallOp call;        ///< stands where the kernel stood; its result is a status
};

/// Replaces `kernel`, in an entry function with that argument, by a call that runs all of its
/// tasks; without a cut it is one. Scratch buffers of tasks lie `scratchElements` apart. None, and
/// nothing is changed, where the kernel uses something that cannot be computed again from the
/// arguments of the entry function.
std::optional<OutlinedKernel>
outlineTasks(tflrt::KernelOp kernel, const std::optional<TaskCut> &cut, int64_t scratchElements);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_OUTLINETASKS_H
