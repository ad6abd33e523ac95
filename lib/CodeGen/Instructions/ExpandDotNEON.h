//===- ExpandDotNEON.h - dot products of NEON -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDDOTNEON_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDDOTNEON_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// `op` in instructions of 64 bit ARM, whose dot product is `dot` (a fact of the target); null
/// where none of them does it.
mlir::Value expandDotForNEON(mlir::ImplicitLocOpBuilder &b, tflrt::DotOp op, llvm::StringRef dot);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDDOTNEON_H
