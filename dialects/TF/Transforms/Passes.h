//===- Passes.h - passes of the tf dialect ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_TRANSFORMS_PASSES_H
#define TF_TRANSFORMS_PASSES_H

#include "TF/IR/TFDialect.h"

#include "mlir/Pass/Pass.h"

namespace tflc::tf {

#define GEN_PASS_DECL
#include "TF/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "TF/Transforms/Passes.h.inc"

} // namespace tflc::tf

#endif // TF_TRANSFORMS_PASSES_H
