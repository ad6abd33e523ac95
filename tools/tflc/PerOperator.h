//===- PerOperator.h - the time of each fused operator ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_PEROPERATOR_H
#define TFLC_TOOLS_PEROPERATOR_H

#include "tflc/Execution/MachinePeak.h"
#include "tflc/Schedule/StepInfo.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <vector>

namespace tflc {

struct StepTiming {
  StepInfo step;
  double microseconds = 0; // the median of all invocations, without the cost of taking the time
};

struct Profile {
  MachinePeak peak;
  std::vector<StepTiming> steps; // in the order of execution
};

/// Calls `invoke` for at least `minSeconds`. Each call leaves the readings of the clock that
/// `tflc-profile-steps` describes in `times`.
std::vector<StepTiming> measureSteps(std::vector<StepInfo> steps, const int64_t *times,
                                     llvm::function_ref<void()> invoke, double minSeconds);

/// A table, the step that loses most time against the machine's peak first.
void printProfile(llvm::raw_ostream &os, const Profile &profile);

/// The same for machines, in the order of execution.
llvm::json::Object toJSON(const Profile &profile);

} // namespace tflc

#endif // TFLC_TOOLS_PEROPERATOR_H
