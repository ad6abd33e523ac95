//===- ARMWordLoop.h - products of words on 32 bit ARM ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_ARMWORDLOOP_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_ARMWORDLOOP_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// A loop of SXTB16 and SMLAD (the DSP extension) in inline assembly; gives the sums, one i32 for
/// each of the op's `sums`. It reads the rows' and the weights' bytes of the op, and none beside
/// them.
llvm::SmallVector<mlir::Value> multiplyWordsByAssembly(mlir::ImplicitLocOpBuilder &b,
                                                       tflrt::WordProductsOp op);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_ARMWORDLOOP_H
