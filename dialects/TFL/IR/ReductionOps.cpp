//===- ReductionOps.cpp - reductions along axes -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ReductionOps.h"

#include "TFL/IR/Reduction.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ReductionOps.cpp.inc"

std::optional<KnownInts> ReduceProdOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  std::optional<KnownInts> input = evaluator.evaluate(getInput());
  if (!input || getInput().getType().getRank() != 1)
    return std::nullopt;
  int64_t product = 1;
  for (std::optional<int64_t> element : *input)
    if (!element || llvm::MulOverflow(product, *element, product))
      return KnownInts{std::nullopt};
  return KnownInts{product};
}
