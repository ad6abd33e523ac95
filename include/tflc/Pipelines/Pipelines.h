//===- Pipelines.h - the phases of compilation ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Compilation is a list of named phases. Each one is a pass pipeline that tflc-opt runs by the name
// `tflc-phase-<phase>` and ends with a check pass that states what the next phase may assume.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PIPELINES_PIPELINES_H
#define TFLC_PIPELINES_PIPELINES_H

#include "tflc/Support/OptLevel.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace tflc {

enum class Phase { Import, Normalize, Lower, Schedule, Bufferize, LLVM };

struct PhaseInfo {
  Phase phase;
  llvm::StringRef name;        // as --stop-after takes it
  llvm::StringRef description; // one line
};

/// All phases in order.
llvm::ArrayRef<PhaseInfo> getPhases();
std::optional<Phase> parsePhase(llvm::StringRef name);

struct PhaseOptions {
  OptLevel optLevel = OptLevel::O2;
  /// Keep dimensions that the model leaves unknown; otherwise they become one.
  bool dynamic = false;
  /// Record the time of every step of an invocation (docs/Scheduling.md).
  bool profile = false;
  /// Run chains of operators row by row where that makes the arena smaller; -Os always does.
  bool rowStreaming = false;
  /// Long operators are shared by tasks that a parallel-for of the caller runs (docs/Threads.md).
  bool threads = false;
};

/// Adds the passes of `phase`. Import has none: it is not a pass.
void buildPhase(mlir::OpPassManager &manager, Phase phase, const PhaseOptions &options);

/// Makes every phase known to tflc-opt as a pipeline, and the passes of lib/Pipelines.
void registerPipelines();

} // namespace tflc

#endif // TFLC_PIPELINES_PIPELINES_H
