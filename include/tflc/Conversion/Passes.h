//===- Passes.h - lowering passes -------------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CONVERSION_PASSES_H
#define TFLC_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tflc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "tflc/Conversion/Passes.h.inc"

} // namespace tflc

#endif // TFLC_CONVERSION_PASSES_H
