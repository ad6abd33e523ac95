//===- PopulatePatterns.h - patterns from tf to tfl -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// How a pattern is written: ask for what it needs (ranks, constant operands) and decline with
// `notifyMatchFailure` otherwise; build operators by their names in the schema (Builtin.h), with
// the result types of the op. What no pattern takes is reported at the end, all at once.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFTOTFL_POPULATEPATTERNS_H
#define TFLC_LIB_CONVERSION_TFTOTFL_POPULATEPATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace tflc {

void populateComplexPatterns(mlir::RewritePatternSet &patterns);
void populateConvolutionPatterns(mlir::RewritePatternSet &patterns);
void populateElementwisePatterns(mlir::RewritePatternSet &patterns);
void populateFakeQuantizationPatterns(mlir::RewritePatternSet &patterns);
void populateImagePatterns(mlir::RewritePatternSet &patterns);
void populateMatMulPatterns(mlir::RewritePatternSet &patterns);
void populateRandomPatterns(mlir::RewritePatternSet &patterns);
void populateRecurrentPatterns(mlir::RewritePatternSet &patterns);
void populateReductionPatterns(mlir::RewritePatternSet &patterns);
void populateShapePatterns(mlir::RewritePatternSet &patterns);
void populateSlicePatterns(mlir::RewritePatternSet &patterns);
void populateTablePatterns(mlir::RewritePatternSet &patterns);
void populateVariablePatterns(mlir::RewritePatternSet &patterns);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFTOTFL_POPULATEPATTERNS_H
