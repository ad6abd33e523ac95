//===- CustomFunctions.h - functions that users link ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_IMPORT_CUSTOMFUNCTIONS_H
#define TFLC_IMPORT_CUSTOMFUNCTIONS_H

#include "tflc/Import/Import.h"

namespace tflc {

/// The C function that a custom operator becomes a call of (docs/RuntimeABI.md).
struct CustomFunction {
  std::string customCode;
  std::string function;
};

/// Imports a model whose custom operators of these names are such calls, whatever tflc knows of
/// them itself.
mlir::OwningOpRef<mlir::ModuleOp> importModel(llvm::MemoryBufferRef file,
                                              mlir::MLIRContext *context,
                                              const ImportOptions &options,
                                              llvm::ArrayRef<CustomFunction> customFunctions);

} // namespace tflc

#endif // TFLC_IMPORT_CUSTOMFUNCTIONS_H
