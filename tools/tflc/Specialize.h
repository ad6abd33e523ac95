//===- Specialize.h - a model for the shapes of its inputs ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_SPECIALIZE_H
#define TFLC_TOOLS_SPECIALIZE_H

#include "Binding.h"
#include "ModelSession.h"

namespace tflc {

/// Imports the model with the shapes that the arrays have, and binds them to the inputs of the
/// signature `wanted` (the first one if none is named), whose key is returned in `key`. Null if
/// something does not fit, which is reported.
mlir::OwningOpRef<mlir::ModuleOp> importForInputs(ModelSession &session,
                                                  std::optional<llvm::StringRef> wanted,
                                                  std::vector<Array> arrays, bool samples,
                                                  InputSet &inputs, std::string &key);

} // namespace tflc

#endif // TFLC_TOOLS_SPECIALIZE_H
