//===- Passes.h - passes on the way to LLVM ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CODEGEN_PASSES_H
#define TFLC_CODEGEN_PASSES_H

#include "tflc/Support/OptLevel.h"

#include "mlir/Pass/Pass.h"

namespace tflc {

#define GEN_PASS_DECL
#include "tflc/CodeGen/Passes.h.inc"

/// Ops of `tflrt` on vectors to the instructions of the module's target.
void buildExpandInstructionsPipeline(mlir::OpPassManager &manager);

/// From loops, vectors and memrefs to the LLVM dialect, for the module's target.
void buildLowerToLLVMPipeline(mlir::OpPassManager &manager, OptLevel level = OptLevel::O2);

#define GEN_PASS_REGISTRATION
#include "tflc/CodeGen/Passes.h.inc"

} // namespace tflc

#endif // TFLC_CODEGEN_PASSES_H
