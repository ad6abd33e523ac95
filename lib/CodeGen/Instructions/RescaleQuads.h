//===- RescaleQuads.h - rescaling in vectors of four lanes ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_RESCALEQUADS_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_RESCALEQUADS_H

#include "Instructions.h"

namespace tflc {

/// What NEON and MVE have alike for four lanes of 32 bits.
struct QuadInstructions {
  using Binary = llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)>;

  /// The product doubled, half of 2^32 added, the upper half taken, INT32_MIN squared saturated.
  Binary multiplyHigh;
  /// A shift by a negative distance -r is floor((h + 2^(r - 1)) / 2^r) without overflow: halves go
  /// up. A positive one goes to the left.
  Binary shiftRounding;
};

/// Calls `quad` for four lanes after the other of a rescale in 32 bits, with the shift in 32 bits,
/// and joins the results; null for other types.
mlir::Value rescaleInQuads(
    mlir::ImplicitLocOpBuilder &b, tflrt::RescaleOp op,
    llvm::function_ref<mlir::Value(mlir::Value x, mlir::Value multiplier, mlir::Value shift)> quad);

/// Rounding `double` of four lanes.
mlir::Value rescaleTwice(mlir::ImplicitLocOpBuilder &b, RescaleBounds bounds, mlir::Value x,
                         mlir::Value multiplier, mlir::Value shift, QuadInstructions instructions);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_RESCALEQUADS_H
