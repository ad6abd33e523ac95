//===- JoinPooling.h - poolings in the kernel of what they read -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_CHOICE_JOINPOOLING_H
#define TFLC_LIB_SCHEDULE_CHOICE_JOINPOOLING_H

#include "Choices.h"

namespace tflc {

/// A kernel with the pooling that alone reads its results, and how it runs.
struct PooledKernel {
  tflrt::KernelOp kernel; ///< stands where `pooling` does
  Choice choice;
  tflrt::KernelOp pooling;       ///< what it replaces beside the contraction,
  mlir::memref::AllocOp results; ///< and what is not in memory any more
};

/// The kernel that does what `contraction`, which runs as `separate`, and the pooling behind it do.
/// None, and nothing is changed, where there is no such pooling, where its windows overlap, or
/// where both alone are estimated to be faster. What is replaced is
/// left for the caller to erase.
std::optional<PooledKernel> joinPooling(tflrt::KernelOp contraction, const Choice &separate,
                                        const TargetInfo &target, const ScratchLimits &limits,
                                        ChoiceLog &log);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_CHOICE_JOINPOOLING_H
