//===- FloatSums.h - sums of two bytes in float, where exact ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_RESCALE_FLOATSUMS_H
#define TFLC_LIB_SCHEDULE_RESCALE_FLOATSUMS_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace tflc {

/// Replaces a rescaled sum of two bytes, each of them rescaled itself, in the body of the
/// elementwise `op`; false where float arithmetic is not known to give the same.
bool replaceByteSum(tflrt::RescaleOp rescale, mlir::linalg::GenericOp op);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_RESCALE_FLOATSUMS_H
