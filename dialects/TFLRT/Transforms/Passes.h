//===- Passes.h - passes of the tflrt dialect -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLRT_TRANSFORMS_PASSES_H
#define TFLRT_TRANSFORMS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tflc::tflrt {

#define GEN_PASS_DECL
#include "TFLRT/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "TFLRT/Transforms/Passes.h.inc"

} // namespace tflc::tflrt

#endif // TFLRT_TRANSFORMS_PASSES_H
