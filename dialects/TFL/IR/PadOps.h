//===- PadOps.h - elements around a tensor ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_PADOPS_H
#define TFL_IR_PADOPS_H

#include "TFL/IR/TFLDialect.h"

#define GET_OP_CLASSES
#include "TFL/IR/PadOps.h.inc"

namespace tflc::tfl {

/// The shape of a tensor of shape `input` after `tfl.stablehlo_pad`; an error of `op` where the
/// paddings are not ones, or the result is too large.
llvm::FailureOr<llvm::SmallVector<int64_t>>
getInteriorPaddedShape(mlir::Operation *op, llvm::ArrayRef<int64_t> input,
                       llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high,
                       llvm::ArrayRef<int64_t> interior);

} // namespace tflc::tfl

#endif // TFL_IR_PADOPS_H
