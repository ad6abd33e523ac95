//===- ExpandRescale.h - forms of rescaling ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDRESCALE_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDRESCALE_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/IR/PatternMatch.h"

namespace tflc {

/// The scalar form for registers of 32 bits. Null where the input's bounds or the direction of the
/// shift are not known.
mlir::Value expandRescaleInWords(tflrt::RescaleOp op, mlir::RewriterBase &rewriter);

/// Replaces each tflrt.float_rescale and tflrt.float_sum on scalars and vectors by float
/// arithmetic.
void expandFloatRescales(mlir::Operation *root);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDRESCALE_H
