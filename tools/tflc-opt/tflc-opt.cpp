//===- tflc-opt.cpp - runs passes and pipelines by name -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/TFDialect.h"
#include "TF/Transforms/Passes.h"
#include "TFL/IR/TFLDialect.h"
#include "TFL/Transforms/Passes.h"
#include "TFL/Transforms/WeightPasses.h"
#include "TFLRT/IR/TFLRTDialect.h"
#include "TFLRT/Transforms/Passes.h"
#include "tflc/CodeGen/Passes.h"
#include "tflc/Conversion/Passes.h"
#include "tflc/Pipelines/Convert.h"
#include "tflc/Pipelines/Passes.h"
#include "tflc/Pipelines/Pipelines.h"
#include "tflc/Schedule/Passes.h"
#include "tflc/Target/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<tflc::tf::TFDialect, tflc::tfl::TFLDialect, tflc::tflrt::TFLRTDialect>();
  mlir::registerAllPasses();
  tflc::registerConversionPasses();
  tflc::tf::registerTFPasses();
  tflc::tfl::registerTFLPasses();
  tflc::tfl::registerTFLWeightPasses();
  tflc::tflrt::registerTFLRTPasses();
  tflc::registerTFLCSchedulePasses();
  tflc::registerTFLCTargetPasses();
  tflc::registerTFLCCodeGenPasses();
  tflc::registerTFLCPipelinesPasses();
  tflc::registerConvertPipelines();
  tflc::registerPipelines();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "tflc optimizer driver\n", registry));
}
