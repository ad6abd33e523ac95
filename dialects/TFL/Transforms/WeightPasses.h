//===- WeightPasses.h - passes that prepare weights -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// What quantization can do better than to round each weight to the nearest integer of its range.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_WEIGHTPASSES_H
#define TFL_TRANSFORMS_WEIGHTPASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/Pass.h"

namespace tflc::tfl {

/// On an operator with weights, the mean of each channel (the last dimension) of its input.
inline constexpr llvm::StringLiteral inputMeansName = "tfl.input_means";
/// And the mean of the product of any two channels, row by row.
inline constexpr llvm::StringLiteral inputProductsName = "tfl.input_products";

/// On an operator, the bits of its weights where a rule says other than the pass's option.
inline constexpr llvm::StringLiteral weightBitsName = "tfl.weight_bits";
/// On an operator, how many of its weights share a scale (0: all of a channel) where a rule says
/// other than the pass's option.
inline constexpr llvm::StringLiteral weightBlockName = "tfl.weight_block";

/// Whether tfl-round-weights can give an operator a scale for each block of so many weights.
bool takesBlocks(mlir::Operation *op, unsigned blockSize);

#define GEN_PASS_DECL
#include "TFL/Transforms/WeightPasses.h.inc"

#define GEN_PASS_REGISTRATION
#include "TFL/Transforms/WeightPasses.h.inc"

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_WEIGHTPASSES_H
