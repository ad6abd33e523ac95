//===- Transposition.cpp - inputs with neighbours along another loop ------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Transposition.h"

using namespace mlir;
using namespace tflc;

std::optional<unsigned> tflc::findTransposedLoop(const LoopNest &nest, const LinearAccess &input,
                                                 unsigned vectorDim) {
  if (input.scalar || input.constant || input.coefficients[vectorDim] < 2)
    return std::nullopt;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (dim != vectorDim && !info.isReduction && info.size > 1 && input.coefficients[dim] == 1)
      return dim;
  return std::nullopt;
}
