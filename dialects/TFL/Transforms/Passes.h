//===- Passes.h - passes of the tfl dialect ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_PASSES_H
#define TFL_TRANSFORMS_PASSES_H

#include "TFL/IR/QuantizationRule.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace tflc::tfl {

/// The type of a quantized model's inputs or outputs.
enum class InterfaceType { Float, Int8, UInt8, Int16 };

/// What a quantized model takes and gives.
struct ModelInterface {
  InterfaceType inputs = InterfaceType::Float;
  InterfaceType outputs = InterfaceType::Float;
};

/// An op or constant with this attribute is left as it is by quantization.
inline constexpr llvm::StringLiteral keepFloatName = "tfl.keep_float";

#define GEN_PASS_DECL
#include "TFL/Transforms/Passes.h.inc"

struct NormalizeOptions {
  /// Simplify beyond what lowering needs.
  bool optimize = true;
};

/// The function that initializes variables.
inline constexpr llvm::StringLiteral resetFunctionName = "tflc.reset";

/// From a model as it was imported to one with all shapes known, constants folded and activations
/// fused. Runs on the module; ends with the check of its contract.
void buildNormalizePipeline(mlir::OpPassManager &manager, const NormalizeOptions &options = {});

#define GEN_PASS_REGISTRATION
#include "TFL/Transforms/Passes.h.inc"

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_PASSES_H
