//===- Decompositions.h - operations made of simpler ones -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_TRANSFORMS_DECOMPOSITIONS_H
#define TF_TRANSFORMS_DECOMPOSITIONS_H

#include "mlir/IR/PatternMatch.h"

namespace tflc::tf {

/// The patterns of `tf-decompose`, by family. Each replaces an operation without an operator in
/// TensorFlow Lite by operations that have one.
void populateElementwiseDecompositions(mlir::RewritePatternSet &patterns);
void populateFunctionDecompositions(mlir::RewritePatternSet &patterns);
void populateImageDecompositions(mlir::RewritePatternSet &patterns);
void populateShapeDecompositions(mlir::RewritePatternSet &patterns);
void populateWindowDecompositions(mlir::RewritePatternSet &patterns);

} // namespace tflc::tf

#endif // TF_TRANSFORMS_DECOMPOSITIONS_H
