//===- ExpandRescaleNEON.h - rescaling of NEON vectors ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDRESCALENEON_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDRESCALENEON_H

#include "TFLRT/IR/TFLRTDialect.h"

namespace tflc {

/// What is known of the shift of a rescale, in every lane.
struct RescaleBounds {
  int64_t minShift;
  int64_t maxShift;
};

/// Whether the module's target has NEON's rounding multiplications for this op: 64 bit ARM, vectors
/// of four times n lanes, and an input of 32 bits.
bool hasRescaleOfNEON(tflrt::RescaleOp op);

/// The same as `op`, in NEON's instructions. Only where hasRescaleOfNEON(op).
mlir::Value expandRescaleForNEON(tflrt::RescaleOp op, RescaleBounds bounds,
                                 mlir::OpBuilder &builder);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_EXPANDRESCALENEON_H
