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

/// An attribute of the module: the names of operations of TensorFlow that become custom operators,
/// an array of strings.
inline constexpr llvm::StringLiteral customOperatorsAttr = "tf.custom_operators";

#define GEN_PASS_DECL
#include "TF/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "TF/Transforms/Passes.h.inc"

} // namespace tflc::tf

#endif // TF_TRANSFORMS_PASSES_H
