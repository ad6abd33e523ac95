//===- ComputedTensors.h - the tensors between the operators ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_COMPUTEDTENSORS_H
#define TFLC_COMPILER_COMPUTEDTENSORS_H

#include <cstdint>
#include <string>
#include <vector>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace tflc {

/// A result of an operator of the model's file.
struct ComputedTensor {
  unsigned subgraph = 0;
  /// Number of the operator in its subgraph, and of the result among its outputs.
  unsigned op = 0;
  unsigned result = 0;
  /// `dynamicDim` where unknown.
  std::vector<int64_t> shape;
};

struct SignatureTensors {
  std::string key;
  /// In the order of the operators.
  std::vector<ComputedTensor> tensors;
};

/// What the operators of each signature compute, with the shapes that the import has given them.
/// `module` is as imported.
std::vector<SignatureTensors> listComputedTensors(mlir::ModuleOp module);

/// Makes all of that further outputs of the signatures, in the order of the list, so that their
/// values outlive an invocation.
void exposeComputedTensors(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_COMPILER_COMPUTEDTENSORS_H
