//===- Pipelines.cpp - the schedule and bufferize phases ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Schedule/Passes.h"

#include "TFLRT/Transforms/Passes.h"

#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/TensorInferTypeOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/Transforms/SubsetInsertionOpInterfaceImpl.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void tflc::registerScheduleDialects(DialectRegistry &registry) {
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerSubsetOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerInferTypeOpInterfaceExternalModels(registry);
  tensor::registerSubsetOpInterfaceExternalModels(registry);
}

void tflc::buildSchedulePipeline(OpPassManager &pm, const ScheduleOptions &options) {
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  if (options.optLevel == 0)
    return;
  pm.addPass(createTFLCFuseElementwisePass());
  pm.addPass(createTFLCUnsignedActivationsPass());
  // The sign flips of unsigned activations join their producers.
  pm.addPass(createTFLCFuseElementwisePass());
  pm.addPass(createTFLCFoldByteFunctionsPass());
  pm.addPass(createTFLCWordProductsPass());
  pm.addPass(createTFLCFloatRescalePass());
  pm.addPass(createCSEPass());
}

void tflc::buildBufferizePipeline(OpPassManager &pm, const ScheduleOptions &options) {
  pm.addPass(createTFLCBufferizePass());
  pm.addPass(createCSEPass());
  if (options.optLevel == 0) {
    pm.addPass(createTFLCPlanArenaPass());
    pm.addPass(createTFLCPlanDynamicArenaPass());
    if (options.profile)
      pm.addPass(createTFLCProfileStepsPass());
    pm.addPass(tflrt::createExpandGuards());
    return;
  }
  pm.addPass(createTFLCFillBordersPass());
  pm.addPass(createTFLCFormKernelsPass());
  pm.addPass(createTFLCSelectStrategiesPass({options.forSize, options.rowStreaming}));
  if (options.rowStreaming) {
    // What it weighs is the plan, and that depends on strategies; kernels of stripes get new ones.
    pm.addPass(createTFLCStreamRowsPass());
    pm.addPass(createTFLCSelectStrategiesPass({options.forSize, options.rowStreaming}));
  }
  pm.addPass(createTFLCPlanArenaPass());
  pm.addPass(createTFLCPlanDynamicArenaPass());
  if (options.profile)
    pm.addPass(createTFLCProfileStepsPass());
  pm.addPass(createTFLCEmitKernelsPass());
  pm.addPass(createTFLCExpandDotPass());
  pm.addPass(createTFLCExpandLookupPass());
  pm.addPass(createTFLCExpandWordsPass());
  pm.addPass(createCSEPass());
  pm.addPass(tflrt::createExpandGuards());
  pm.addPass(createSymbolDCEPass()); // weights in their original order
}
