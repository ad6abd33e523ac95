//===- ExpandBidirectional.h - two layers of LSTM cells as such -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_EXPANDBIDIRECTIONAL_H
#define TFL_TRANSFORMS_EXPANDBIDIRECTIONAL_H

#include "TFL/IR/TFLDialect.h"

#include "mlir/IR/PatternMatch.h"

namespace tflc::tfl {

/// Adds a pattern that writes BIDIRECTIONAL_SEQUENCE_LSTM, which has no kernel for integers, as two
/// UNIDIRECTIONAL_SEQUENCE_LSTM, which have one for int8. Layers in another mode stay as they are;
/// `mode` is that of what has none of its own.
void populateExpandBidirectionalPatterns(mlir::RewritePatternSet &patterns, QuantizationMode mode);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_EXPANDBIDIRECTIONAL_H
