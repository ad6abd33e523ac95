//===- Passes.h - checks between phases -------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PIPELINES_PASSES_H
#define TFLC_PIPELINES_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tflc {

#define GEN_PASS_DECL
#include "tflc/Pipelines/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "tflc/Pipelines/Passes.h.inc"

} // namespace tflc

#endif // TFLC_PIPELINES_PASSES_H
