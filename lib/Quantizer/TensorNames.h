//===- TensorNames.h - what a model calls its tensors -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_QUANTIZER_TENSORNAMES_H
#define TFLC_LIB_QUANTIZER_TENSORNAMES_H

#include "mlir/IR/Value.h"

#include <string>

namespace tflc {

/// The name of a tensor in the model; further results of an operator end with their number, as in
/// "split:1". Empty where there is none.
std::string getTensorName(mlir::Value value);

/// The builtin operator that computes it; empty for an input.
std::string getOperatorName(mlir::Value value);

} // namespace tflc

#endif // TFLC_LIB_QUANTIZER_TENSORNAMES_H
