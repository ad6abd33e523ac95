//===- CustomCalls.h - calls of functions that users link -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_CUSTOMCALLS_H
#define TFLC_LIB_CODEGEN_CUSTOMCALLS_H

#include "llvm/ADT/StringRef.h"

namespace mlir {
class LLVMTypeConverter;
class ModuleOp;
class RewritePatternSet;
} // namespace mlir

namespace tflc {

/// In front of the name of such a function in a module, so that it is no name of a model's
/// function.
inline constexpr llvm::StringLiteral customFunctionPrefix = "tflc.custom.";

/// Declares what the `tflrt.call_custom` ops of a module call.
void declareCustomFunctions(mlir::ModuleOp module);

/// Turns these ops on buffers into calls that are handed a `tflc_custom_call`.
void populateCustomCallPatterns(const mlir::LLVMTypeConverter &converter,
                                mlir::RewritePatternSet &patterns);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_CUSTOMCALLS_H
