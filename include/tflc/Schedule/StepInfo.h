//===- StepInfo.h - one step of a profiled compilation ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A step is an op that writes memory, in the function or in one of its loops and branches: mostly
// one kernel, that is one operator of the model with what was fused into it. `tflc-profile-steps`
// describes the steps in the module attribute `tflc.steps`.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SCHEDULE_STEPINFO_H
#define TFLC_SCHEDULE_STEPINFO_H

#include "tflc/Target/FactorKind.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mlir {
class DictionaryAttr;
class MLIRContext;
class Operation;
} // namespace mlir

namespace tflc {

/// An operator of the model file, as its location names it.
struct StepOperator {
  std::string name;   // of the builtin: "CONV_2D"
  std::string tensor; // its first output
  unsigned index = 0; // in its subgraph
  unsigned subgraph = 0;
};

struct StepInfo {
  std::string function; // symbol of the entry function
  /// What the step computes, in the model's order; empty for a step that stands for no operator.
  std::vector<StepOperator> operators;
  /// Multiply-accumulates of one invocation; those of a padded border count too.
  int64_t macs = 0;
  FactorKind factors = FactorKind::Byte;
  /// The extent of the buffers outside of the step that it reads and writes, each counted once for
  /// each execution.
  int64_t bytesRead = 0;
  int64_t bytesWritten = 0;
  std::string strategy; // "broadcast<lanes = 8, tile = [4, 16, 4]>", or "loops" where there is none
  int64_t cycles = 0;   // that the choice expected of contractions; 0 where it expects nothing
  std::vector<std::string> rejected; // "winograd: no window of 3x3": forms not taken, and why

  mlir::DictionaryAttr toAttr(mlir::MLIRContext *context) const;
  static StepInfo fromAttr(mlir::DictionaryAttr attr);
};

/// Describes an op before its kernels are turned into loops.
StepInfo describeStep(mlir::Operation *op);

/// Names of a kernel's attributes that explain its strategy: estimated cycles, and forms not taken.
inline constexpr char kCyclesAttrName[] = "tflc.cycles";
inline constexpr char kRejectedAttrName[] = "tflc.rejected";

/// Name of the module attribute that lists the steps, and of the one with the offset in the arena
/// where their times are left.
inline constexpr char kStepsAttrName[] = "tflc.steps";
inline constexpr char kProfileOffsetAttrName[] = "tflc.profile_offset";

} // namespace tflc

#endif // TFLC_SCHEDULE_STEPINFO_H
