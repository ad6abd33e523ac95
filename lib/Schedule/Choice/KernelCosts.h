//===- KernelCosts.h - what runs without a form, and for how long -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_CHOICE_KERNELCOSTS_H
#define TFLC_LIB_SCHEDULE_CHOICE_KERNELCOSTS_H

#include "Choices.h"

namespace tflc {

/// The cycles of a kernel that runs as `choice` says, as far as they can be estimated.
double estimateCycles(tflrt::KernelOp kernel, const Choice &choice);

/// The estimated time of the kernels of a module, to tell the user of those for which there is no
/// form and that matter.
class KernelCosts {
public:
  void add(tflrt::KernelOp kernel, const Choice &choice);
  /// A kernel that runs as plain loops.
  void addPlain(tflrt::KernelOp kernel);
  /// Warns of contractions in plain loops, and of all else there that takes a hundredth of the time
  /// and more; once for each reason, at the op that takes longest.
  void warn() const;

private:
  struct PlainKernel {
    mlir::Location location;
    llvm::StringRef reason;
    double cycles;
    bool isContraction;
  };
  double total = 0; // cycles of all kernels
  llvm::SmallVector<PlainKernel> plain;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_CHOICE_KERNELCOSTS_H
