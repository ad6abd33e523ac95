//===- TaskList.h - steps whose tasks need no barrier -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_TASKLIST_H
#define TFLC_LIB_SCHEDULE_EMIT_TASKLIST_H

#include "TaskFootprint.h"

#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/BitVector.h"

namespace tflc {

/// Whether code for the target can count tasks without a library: it reads, changes and writes a
/// word of memory at once.
bool hasAtomicWords(const TargetInfo &target);

/// The kernels that are to run as tasks, those of one list together: kernels of one block with
/// nothing between them that touches memory. The first and the last have tasks; what has none in
/// between is one task. Unless there may be lists, each kernel with tasks is alone.
mlir::SmallVector<mlir::SmallVector<tflrt::KernelOp>>
findTaskLists(mlir::ArrayRef<tflrt::KernelOp> kernels, bool mayBeLists);

/// Neighbouring steps of a block, each a call that runs the tasks of one kernel. A task waits for
/// those tasks of earlier steps alone whose bytes it touches (docs/Threads.md).
class TaskList {
public:
  /// The next step, all of whose tasks are run by `call`, one footprint for each.
  void add(mlir::func::CallOp call, mlir::SmallVector<TaskFootprint> footprints);

  /// Says at the calls which tasks wait for which, and ends the invocation behind the last one if
  /// the tasks could not be run. The list is then empty.
  void finish();

private:
  struct Step {
    mlir::func::CallOp call;
    mlir::SmallVector<TaskFootprint> footprints;
    int64_t firstTask; ///< number of its first task among those of all steps
  };
  /// Tasks of an earlier step that a task waits for.
  struct Need {
    int64_t step;
    uint32_t tasks; ///< one bit for each
  };

  mlir::SmallVector<Need> findNeeds(const Step &step, int64_t task);
  void describe(const Step &step, int64_t number);

  mlir::SmallVector<Step> steps;
  std::vector<llvm::BitVector> before; ///< of each task, those that are over when it begins
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_TASKLIST_H
