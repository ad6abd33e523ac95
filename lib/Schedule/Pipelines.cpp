//===- Pipelines.cpp - the schedule and bufferize phases ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Schedule/Passes.h"

#include "mlir/Transforms/Passes.h"

using namespace mlir;

void tflc::buildSchedulePipeline(OpPassManager &pm, const ScheduleOptions &options) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  if (options.optLevel == 0)
    return;
  pm.addPass(createFuseElementwise());
  pm.addPass(createSignedWeights());
  pm.addPass(createUnsignedActivations());
  // The sign flips of unsigned activations join their producers.
  pm.addPass(createFuseElementwise());
  pm.addPass(createFoldByteFunctions());
  if (!options.forSize) {
    pm.addPass(createTabulateLowBits());
    pm.addPass(createGatherWindows());
  }
  pm.addPass(createWordProducts());
  pm.addPass(createFloatRescale());
  pm.addPass(createCSEPass());
}

void tflc::buildBufferizePipeline(OpPassManager &pm, const ScheduleOptions &options) {
  pm.addPass(createBufferize());
  pm.addPass(createCSEPass());
  if (options.optLevel == 0) {
    pm.addPass(createPlanArena());
    pm.addPass(createPlanDynamicArena());
    if (options.profile)
      pm.addPass(createProfileSteps());
    return;
  }
  pm.addPass(createFillBorders());
  pm.addPass(createFormKernels());
  pm.addPass(createSelectStrategies(
      {options.forSize, options.rowStreaming, options.profile, options.tasks}));
  // Tasks share kernels of whole tensors, and rows that are streamed are chosen for the arena.
  if (!options.forSize && !options.rowStreaming && !options.tasks) {
    pm.addPass(createJoinLoops());
    pm.addPass(createSelectStrategies(
        {options.forSize, options.rowStreaming, options.profile, options.tasks}));
  }
  if (options.rowStreaming) {
    // What it weighs is the plan, and that depends on strategies; kernels of stripes get new ones.
    pm.addPass(createStreamRows());
    pm.addPass(createSelectStrategies(
        {options.forSize, options.rowStreaming, options.profile, options.tasks}));
  }
  pm.addPass(createPlanArena());
  pm.addPass(createPlanDynamicArena());
  if (options.profile)
    pm.addPass(createProfileSteps());
  pm.addPass(createEmitKernels({options.tasks, /*functions=*/true, /*inLoops=*/options.forSize}));
}
