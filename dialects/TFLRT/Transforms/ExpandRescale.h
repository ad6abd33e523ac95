//===- ExpandRescale.h - forms of rescaling ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_DIALECTS_TFLRT_TRANSFORMS_EXPANDRESCALE_H
#define TFLC_DIALECTS_TFLRT_TRANSFORMS_EXPANDRESCALE_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/IR/PatternMatch.h"

namespace tflc::tflrt {

/// The scalar form for registers of 32 bits. Null where the target's are wider, or the input's
/// bounds or the direction of the shift are not known.
mlir::Value expandRescaleInWords(RescaleOp op, mlir::RewriterBase &rewriter);

} // namespace tflc::tflrt

#endif // TFLC_DIALECTS_TFLRT_TRANSFORMS_EXPANDRESCALE_H
