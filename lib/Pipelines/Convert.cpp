//===- Convert.cpp - phases from tf to tfl --------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/Convert.h"

#include "TF/IR/CustomOperators.h"
#include "TF/Transforms/Passes.h"
#include "TFL/Transforms/Passes.h"
#include "tflc/Conversion/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace tflc;

static constexpr ConvertPhaseInfo phases[] = {
    {ConvertPhase::Import, "import", "the source as ops of the tf dialect"},
    {ConvertPhase::Inline, "inline", "one function for each signature, weights as constants"},
    {ConvertPhase::Simplify, "simplify", "types inferred, constants folded"},
    {ConvertPhase::Recognize, "recognize", "patterns that stand for one operator joined"},
    {ConvertPhase::Legalize, "legalize", "operators of TensorFlow Lite"},
};

llvm::ArrayRef<ConvertPhaseInfo> tflc::getConvertPhases() { return phases; }

std::optional<ConvertPhase> tflc::parseConvertPhase(llvm::StringRef name) {
  for (const ConvertPhaseInfo &info : phases)
    if (info.name == name)
      return info.phase;
  return std::nullopt;
}

static void addSimplification(OpPassManager &manager) {
  // A fold may tell a shape, and a shape may allow a fold.
  for (unsigned round = 0; round < 2; ++round) {
    manager.addNestedPass<func::FuncOp>(tf::createHoistLoopInvariantsPass());
    manager.addNestedPass<func::FuncOp>(tf::createInferShapesPass());
    manager.addPass(createCanonicalizerPass());
  }
}

void tflc::buildConvertPhase(OpPassManager &manager, ConvertPhase phase) {
  switch (phase) {
  case ConvertPhase::Import:
    return;
  case ConvertPhase::Inline:
    manager.addNestedPass<func::FuncOp>(tf::createRaiseBranchesPass());
    manager.addPass(tf::createInlineFunctionsPass());
    manager.addNestedPass<func::FuncOp>(tf::createHoistLoopInvariantsPass());
    manager.addPass(tf::createFreezeVariablesPass());
    manager.addNestedPass<func::FuncOp>(tf::createDropDebuggingPass());
    return;
  case ConvertPhase::Simplify:
    addSimplification(manager);
    manager.addNestedPass<func::FuncOp>(tf::createLowerTensorListsPass());
    addSimplification(manager);
    return;
  case ConvertPhase::Recognize:
    // Patterns look for what TensorFlow writes; what they leave is taken apart.
    manager.addNestedPass<func::FuncOp>(tf::createUseSinglePrecisionPass());
    manager.addPass(createCanonicalizerPass());
    manager.addPass(createCSEPass());
    manager.addNestedPass<func::FuncOp>(tf::createFuseArithmeticPass());
    manager.addNestedPass<func::FuncOp>(tf::createFuseRecurrencesPass());
    manager.addNestedPass<func::FuncOp>(tf::createNormalizeLayoutPass());
    manager.addNestedPass<func::FuncOp>(tf::createSinkTransposesPass());
    manager.addNestedPass<func::FuncOp>(tf::createFuseRowsPass());
    manager.addNestedPass<func::FuncOp>(tf::createFusePaddingPass());
    manager.addNestedPass<func::FuncOp>(tf::createFuseActivationsPass());
    manager.addNestedPass<func::FuncOp>(tf::createFuseDilationPass());
    manager.addNestedPass<func::FuncOp>(tf::createDecomposeEinsumPass());
    manager.addNestedPass<func::FuncOp>(tf::createDecomposePass());
    manager.addNestedPass<func::FuncOp>(tf::createLowerBranchesPass());
    manager.addNestedPass<func::FuncOp>(tf::createFoldInputsPass());
    manager.addNestedPass<func::FuncOp>(tf::createFoldProductsPass());
    addSimplification(manager);
    return;
  case ConvertPhase::Legalize:
    manager.addPass(createConvertTFToTFLPass());
    manager.addNestedPass<func::FuncOp>(tfl::createFusePass());
    manager.addPass(createCSEPass());
    return;
  }
}

void tflc::setCustomOperators(ModuleOp module, llvm::ArrayRef<std::string> names) {
  SmallVector<StringRef> list(names.begin(), names.end());
  if (!list.empty())
    module->setAttr(tf::customOperatorsAttr, Builder(module.getContext()).getStrArrayAttr(list));
}

void tflc::registerConvertPipelines() {
  for (const ConvertPhaseInfo &info : phases)
    if (ConvertPhase phase = info.phase; phase != ConvertPhase::Import)
      PassPipelineRegistration<>(
          ("tflc-convert-" + info.name).str(), info.description,
          [phase](OpPassManager &manager) { buildConvertPhase(manager, phase); });
}
