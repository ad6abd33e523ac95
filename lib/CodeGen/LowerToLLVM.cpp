//===- LowerToLLVM.cpp - the pipeline from memrefs to LLVM ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Passes.h"

#include "tflc/Target/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace tflc;

void tflc::buildExpandInstructionsPipeline(OpPassManager &manager) {
  manager.addPass(createExpandTiles());
  manager.addPass(createExpandDot());
  manager.addPass(createExpandLookup());
  manager.addPass(createExpandWords());
  manager.addPass(createCSEPass());
}

static void lowerToLoopsAndVectors(OpPassManager &functions) {
  functions.addPass(createExpandCopies());
  // What no schedule has taken (all of it at -O0, odd copies otherwise) becomes plain loops.
  functions.addPass(createConvertLinalgToLoopsPass());
  functions.addPass(createNarrowSaturating());
  functions.addPass(createExpandRescale());
  functions.addPass(createLowerVectors());
  // Loops have no unreachable blocks, and looking for them takes time at every one of thousands.
  functions.addPass(createCanonicalizerPass(
      GreedyRewriteConfig().setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled)));
}

void tflc::buildLowerToLLVMPipeline(OpPassManager &manager, OptLevel level) {
  manager.addPass(createSetTarget());
  // At -O0 bodies still have them.
  manager.addPass(createExpandWords());
  lowerToLoopsAndVectors(manager.nest<func::FuncOp>());
  if (level != OptLevel::O0) {
    manager.addPass(createNarrowConstants({/*forSize=*/level == OptLevel::Os}));
    manager.addPass(createMergeKernels());
  }
  auto &functions = manager.nest<func::FuncOp>();
  // Views become address arithmetic, so that what is loop invariant in it can be moved.
  functions.addPass(createExpandShapes());
  functions.addPass(memref::createExpandStridedMetadataPass());
  functions.addPass(createLowerAffinePass());
  functions.addPass(createLoopInvariantCodeMotionPass());
  functions.addPass(createCSEPass());
  functions.addPass(arith::createArithExpandOpsPass());
  manager.addPass(createExpandMath());
  manager.nest<func::FuncOp>().addPass(createNearestIntegers());
  manager.addPass(createExpandFloats());
  manager.addPass(createExpandDoubles());
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(createConvertToLLVMDialect());
  manager.addPass(createExpandTasks());
  manager.addPass(createCheckLLVM());
}
