//===- ResultTypes.h - types that kernels give their results ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_RESULTTYPES_H
#define TFLC_LIB_IMPORT_TFLITE_RESULTTYPES_H

#include "mlir/IR/OperationSupport.h"

namespace tflc {

/// Gives the results of an operator without quantized types the types that LiteRT's kernel gives
/// them, whatever the file says.
void setKernelResultTypes(mlir::OperationState &state);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_RESULTTYPES_H
