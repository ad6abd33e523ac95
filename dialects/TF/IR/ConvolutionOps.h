//===- ConvolutionOps.h - convolutions and products -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_CONVOLUTIONOPS_H
#define TF_IR_CONVOLUTIONOPS_H

#include "TF/IR/TFDialect.h"

namespace tflc::tf {

/// The labels of an einsum's dimensions, a string for each input and one for the result.
struct EinsumLabels {
  llvm::SmallVector<std::string> inputs;
  std::string output;
};

/// Reads an equation for inputs of these shapes. The dimensions of an ellipsis get digits as
/// labels, 0 for the last one. Nothing if the equation does not fit.
std::optional<EinsumLabels> readEinsum(llvm::StringRef equation,
                                       llvm::ArrayRef<llvm::SmallVector<int64_t>> shapes);

} // namespace tflc::tf

#define GET_OP_CLASSES
#include "TF/IR/ConvolutionOps.h.inc"

#endif // TF_IR_CONVOLUTIONOPS_H
