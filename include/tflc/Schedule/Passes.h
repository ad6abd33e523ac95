//===- Passes.h - from tensors to loops over planned memory -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SCHEDULE_PASSES_H
#define TFLC_SCHEDULE_PASSES_H

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace tflc {

#define GEN_PASS_DECL
#include "tflc/Schedule/Passes.h.inc"

/// How the schedule works.
struct ScheduleOptions {
  unsigned optLevel = 2; ///< 0 runs the plain loops of each operator's definition
  bool forSize = false;  ///< smaller code before faster code
  bool profile = false;  ///< record the time of every step
  /// Run chains of kernels row by row where that makes the arena smaller.
  bool rowStreaming = false;
  bool tasks = false; ///< long kernels are shared by tasks, see docs/Threads.md
};

/// On tensors: fuses elementwise ops and picks representations.
void buildSchedulePipeline(mlir::OpPassManager &pm, const ScheduleOptions &options);

/// From tensors to kernels over memory of the arena, then to loops and vectors.
void buildBufferizePipeline(mlir::OpPassManager &pm, const ScheduleOptions &options);

/// The dialects' external models that these passes rely on.
void registerScheduleDialects(mlir::DialectRegistry &registry);

#define GEN_PASS_REGISTRATION
#include "tflc/Schedule/Passes.h.inc"

} // namespace tflc

#endif // TFLC_SCHEDULE_PASSES_H
