//===- Specialize.h - a model for the shapes of its inputs ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_SPECIALIZE_H
#define TFLC_COMPILER_SPECIALIZE_H

#include "tflc/Compiler/Binding.h"
#include "tflc/Compiler/ModelSession.h"

namespace tflc {

/// Imports the model with the shapes that the arrays have, and binds them to the inputs of the
/// signature `wanted` (the first one if none is named), whose key is returned in `key`. Null if
/// something does not fit, which is reported.
mlir::OwningOpRef<mlir::ModuleOp> importForInputs(ModelSession &session,
                                                  std::optional<llvm::StringRef> wanted,
                                                  std::vector<Array> arrays, bool samples,
                                                  InputSet &inputs, std::string &key);

} // namespace tflc

#endif // TFLC_COMPILER_SPECIALIZE_H
