//===- TaskList.cpp - steps whose tasks need no barrier -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TaskList.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "tflc/Target/TaskNames.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace tflc;

bool tflc::hasAtomicWords(const TargetInfo &target) {
  llvm::Triple triple(target.triple);
  if (triple.isX86() || triple.isAArch64())
    return true;
  if (triple.isARM() || triple.isThumb())
    return !StringRef(target.cpu).starts_with("cortex-m0") &&
           triple.getSubArch() != llvm::Triple::ARMSubArch_v6m;
  return triple.isRISCV() && llvm::is_contained(llvm::split(target.features, ','), "+a");
}

/// Whether `kernel` stands in the block of `previous`, with nothing in between whose order counts.
static bool follows(tflrt::KernelOp kernel, tflrt::KernelOp previous) {
  if (kernel->getBlock() != previous->getBlock())
    return false;
  for (Operation *op = previous->getNextNode(); op != kernel; op = op->getNextNode())
    if (!op || !isMemoryEffectFree(op))
      return false;
  return true;
}

/// Whether a list can have the kernel: it has a form, and its tasks fit the bits of a word.
static bool mayBeStep(tflrt::KernelOp kernel) {
  std::optional<TaskCut> cut = getTaskCut(kernel);
  return kernel.getStrategyAttr() && (!cut || cut->count <= kMostTasks);
}

SmallVector<SmallVector<tflrt::KernelOp>> tflc::findTaskLists(ArrayRef<tflrt::KernelOp> kernels,
                                                              bool mayBeLists) {
  SmallVector<SmallVector<tflrt::KernelOp>> lists;
  SmallVector<tflrt::KernelOp> whole; // since the last kernel with tasks
  tflrt::KernelOp previous;           // what the next kernel of the list has to follow
  for (tflrt::KernelOp kernel : kernels) {
    bool isStep = mayBeLists && mayBeStep(kernel);
    bool goesOn = isStep && previous && follows(kernel, previous);
    if (!goesOn)
      whole.clear();
    bool hasTasks = kernel.getStrategyAttr() && getTaskCut(kernel);
    if (hasTasks && goesOn) {
      llvm::append_range(lists.back(), whole);
      lists.back().push_back(kernel);
    } else if (hasTasks) {
      lists.push_back({kernel});
    } else if (goesOn) {
      whole.push_back(kernel);
    }
    if (hasTasks)
      whole.clear();
    previous = isStep && (hasTasks || goesOn) ? kernel : tflrt::KernelOp();
  }
  return lists;
}

void TaskList::add(func::CallOp call, SmallVector<TaskFootprint> footprints) {
  int64_t first = steps.empty() ? 0 : steps.back().firstTask + steps.back().footprints.size();
  steps.push_back({call, std::move(footprints), first});
}

/// The nearest tasks first; what is over when these begin need not be asked for.
SmallVector<TaskList::Need> TaskList::findNeeds(const Step &step, int64_t task) {
  llvm::BitVector over(step.firstTask);
  SmallVector<Need> needs;
  for (const Step &earlier : llvm::reverse(ArrayRef(steps).take_front(&step - steps.begin()))) {
    if (over.all())
      break;
    Need need = {&earlier - steps.begin(), 0};
    for (auto [number, footprint] : llvm::enumerate(earlier.footprints)) {
      unsigned other = earlier.firstTask + number;
      if (over.test(other) || !step.footprints[task].conflictsWith(footprint))
        continue;
      need.tasks |= 1u << number;
      over.set(other);
      over |= before[other];
    }
    if (need.tasks)
      needs.push_back(need);
  }
  before.push_back(std::move(over));
  return needs;
}

/// All tasks of a step have equally many entries; those that are not needed ask for no task.
void TaskList::describe(const Step &step, int64_t number) {
  std::vector<SmallVector<Need>> needs;
  size_t most = 0;
  for (size_t task = 0; task < step.footprints.size(); ++task) {
    needs.push_back(findNeeds(step, task));
    most = std::max(most, needs.back().size());
  }
  SmallVector<int32_t> entries;
  for (SmallVector<Need> &ofTask : needs) {
    ofTask.resize(most, {0, 0});
    for (const Need &need : ofTask)
      entries.push_back(int32_t(need.tasks << 16 | uint32_t(need.step)));
  }
  func::CallOp call = step.call;
  Builder b(call.getContext());
  call->setAttr(kListStepAttrName, b.getI64IntegerAttr(number));
  call->setAttr(kTaskNeedsAttrName, b.getDenseI32ArrayAttr(entries));
}

void TaskList::finish() {
  if (steps.empty())
    return;
  if (steps.size() > 1)
    for (auto [number, step] : llvm::enumerate(steps))
      describe(step, number);
  func::CallOp last = steps.back().call;
  OpBuilder b(last->getContext());
  b.setInsertionPointAfter(last);
  tflrt::GuardOp::create(b, last.getLoc(), Type(), last.getResult(0), Value());
  steps.clear();
  before.clear();
}
