//===- LowerForTest.h - from hand-written buffers to machine code -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TEST_UNIT_TARGET_LOWERFORTEST_H
#define TFLC_TEST_UNIT_TARGET_LOWERFORTEST_H

#include "tflc/CodeGen/CodeGen.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

/// Parses functions over memrefs and brings them to the LLVM dialect. Failures are failures of the
/// test.
mlir::OwningOpRef<mlir::ModuleOp> lowerForTest(mlir::MLIRContext &context, llvm::StringRef source,
                                               const tflc::TargetInfo &target,
                                               tflc::OptLevel level = tflc::OptLevel::O2);

/// The same, and then to an object.
tflc::MachineCode compileForTest(llvm::StringRef source, const tflc::TargetInfo &target,
                                 tflc::OptLevel level);

#endif // TFLC_TEST_UNIT_TARGET_LOWERFORTEST_H
