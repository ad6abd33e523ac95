//===- Pipeline.cpp - the normalization of models -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/Transforms/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace tflc::tfl;

void tflc::tfl::buildNormalizePipeline(OpPassManager &manager, const NormalizeOptions &options) {
  // First, so that shapes go through subgraphs, and that the functions that run once are no calls
  // any more.
  manager.addPass(createInlineControlFlowPass());
  manager.addPass(createLiftCallOncePass());
  // Decompositions have the shapes of their callers only then.
  manager.addPass(createInlineSubgraphsPass());
  manager.addNestedPass<func::FuncOp>(createCountLoopsPass());
  manager.addNestedPass<func::FuncOp>(createInferShapesPass());
  // Weights behind DEQUANTIZE, DENSIFY and the like must be constants for lowering.
  manager.addNestedPass<func::FuncOp>(createFoldConstantsPass());
  if (options.optimize) {
    manager.addNestedPass<func::FuncOp>(createFusePass());
    manager.addNestedPass<func::FuncOp>(createCanonicalizerPass());
    manager.addNestedPass<func::FuncOp>(createCSEPass());
  }
  manager.addPass(createCheckNormalizedPass());
}
