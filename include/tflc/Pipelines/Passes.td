//===- Passes.td - checks between phases -----------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PIPELINES_PASSES
#define TFLC_PIPELINES_PASSES

include "mlir/Pass/PassBase.td"

def CheckLowered : Pass<"tflc-check-lowered", "::mlir::ModuleOp"> {
  let summary = "check that the model stands in linalg on tensors";
  let description = [{
    The contract of the phase `lower`: every op belongs to func, linalg, tensor, arith, math, affine, scf, cf,
    complex, index, ub or tflrt, and no value has a type of the tfl or quant dialect. What the
    lowering has left over is reported at the operator it came from.
  }];
}

def CheckScheduled : Pass<"tflc-check-scheduled", "::mlir::ModuleOp"> {
  let summary = "check that the model stands in loops over planned memory";
  let description = [{
    The contract of the phase `bufferize`: functions take and return no tensors, nothing is allocated outside of the
    arena and the stack, and each function with a signature takes its arena as argument.
  }];
}

#endif
