//===- Phases.cpp - the list of phases and what each one runs -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/Pipelines.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Conversion/Passes.h"
#include "tflc/Pipelines/Passes.h"
#include "tflc/Schedule/Passes.h"

#include "TFL/Transforms/Passes.h"
#include "TFLRT/Transforms/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace tflc;

static constexpr PhaseInfo kPhases[] = {
    {Phase::Import, "import", "the model file as ops of the tfl dialect, one for each operator"},
    {Phase::Normalize, "normalize", "shapes inferred, constants folded, activations fused"},
    {Phase::Lower, "lower", "linalg on tensors: what every operator computes, exactly"},
    {Phase::Schedule, "schedule", "how it runs on the target: fused, tiled, packed, vectorized"},
    {Phase::Bufferize, "bufferize", "loops and vectors over buffers at fixed places of the arena"},
    {Phase::LLVM, "llvm", "the LLVM dialect, ready for code generation"},
};

llvm::ArrayRef<PhaseInfo> tflc::getPhases() { return kPhases; }

std::optional<Phase> tflc::parsePhase(llvm::StringRef name) {
  for (const PhaseInfo &info : kPhases)
    if (info.name == name)
      return info.phase;
  return std::nullopt;
}

static ScheduleOptions getScheduleOptions(const PhaseOptions &options) {
  ScheduleOptions schedule;
  schedule.forSize = options.optLevel == OptLevel::Os;
  schedule.optLevel = schedule.forSize ? 2 : static_cast<unsigned>(options.optLevel);
  schedule.profile = options.profile;
  schedule.rowStreaming = options.rowStreaming || schedule.forSize;
  schedule.tasks = options.threads;
  return schedule;
}

void tflc::buildPhase(OpPassManager &manager, Phase phase, const PhaseOptions &options) {
  switch (phase) {
  case Phase::Import:
    return;
  case Phase::Normalize:
    tfl::buildNormalizePipeline(manager);
    return;
  case Phase::Lower:
    manager.addPass(createConvertTFLToLinalgPass());
    manager.addPass(createCanonicalizerPass());
    manager.addPass(createCSEPass());
    manager.addPass(createCheckLowered());
    return;
  case Phase::Schedule:
    buildSchedulePipeline(manager, getScheduleOptions(options));
    return;
  case Phase::Bufferize:
    buildBufferizePipeline(manager, getScheduleOptions(options));
    if (options.optLevel != OptLevel::O0)
      buildExpandInstructionsPipeline(manager);
    manager.addPass(tflrt::createExpandGuards());
    if (options.optLevel != OptLevel::O0)
      manager.addPass(createSymbolDCEPass()); // weights in their original order
    manager.addPass(createCheckScheduled());
    return;
  case Phase::LLVM:
    buildLowerToLLVMPipeline(manager, options.optLevel);
    return;
  }
}

namespace {
struct PipelineOptions : public PassPipelineOptions<PipelineOptions> {
  Option<std::string> optLevel{*this, "opt-level", llvm::cl::desc("0, 1, 2, 3 or s"),
                               llvm::cl::init("2")};
  Option<bool> rowStreaming{*this, "row-streaming",
                            llvm::cl::desc("run chains of kernels row by row to save memory"),
                            llvm::cl::init(false)};
  Option<bool> threads{*this, "threads", llvm::cl::desc("long operators are shared by tasks"),
                       llvm::cl::init(false)};
};
} // namespace

void tflc::registerPipelines() {
  for (const PhaseInfo &info : kPhases) {
    if (info.phase == Phase::Import)
      continue;
    Phase phase = info.phase;
    PassPipelineRegistration<PipelineOptions>(
        ("tflc-phase-" + info.name).str(), info.description,
        [phase](OpPassManager &manager, const PipelineOptions &options) {
          PhaseOptions phaseOptions;
          phaseOptions.optLevel = parseOptLevel(options.optLevel).value_or(OptLevel::O2);
          phaseOptions.rowStreaming = options.rowStreaming;
          phaseOptions.threads = options.threads;
          buildPhase(manager, phase, phaseOptions);
        });
  }
}
