//===- ByteSums.cpp - sums of products of bytes along a run ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ByteSums.h"

#include "Contraction.h"

using namespace mlir;
using namespace tflc;

std::optional<ByteSum> tflc::findByteSum(const LoopNest &nest, unsigned vectorDim,
                                         const TargetInfo &target) {
  if (!nest.reduction || !nest.dims[vectorDim].isReduction ||
      nest.dims[vectorDim].size < ByteSum::leastRun ||
      !nest.reduction->output.elementType.isInteger(32))
    return std::nullopt;
  std::optional<Contraction> product = matchContraction(nest.reduction->body());
  if (!product || !product->isExtended())
    return std::nullopt;
  for (const LinearAccess &input : nest.reduction->inputs)
    if (input.scalar || !input.elementType.isInteger(8) || input.coefficients[vectorDim] != 1 ||
        (input.constant && input.constant.isSplat()))
      return std::nullopt;
  const Factor &first = product->rhs.isUnsigned() ? product->rhs : product->lhs;
  const Factor &second = product->rhs.isUnsigned() ? product->lhs : product->rhs;
  if (second.isUnsigned() ||
      target.instructions.dot->bytesInLane(first.isUnsigned()) != ByteSum::bytesInLane)
    return std::nullopt;
  return ByteSum{first.input, first.isUnsigned()};
}
