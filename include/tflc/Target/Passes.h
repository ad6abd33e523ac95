//===- Passes.h - passes on the way to LLVM ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_PASSES_H
#define TFLC_TARGET_PASSES_H

#include "mlir/Pass/Pass.h"

namespace tflc {

#define GEN_PASS_DECL
#include "tflc/Target/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "tflc/Target/Passes.h.inc"

} // namespace tflc

#endif // TFLC_TARGET_PASSES_H
