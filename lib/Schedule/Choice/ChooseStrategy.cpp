//===- ChooseStrategy.cpp - one form for a loop nest ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"

using namespace mlir;
using namespace tflc;

unsigned tflc::widestScalar(const LoopNest &nest) {
  unsigned bits = 8;
  auto consider = [&](Type type) {
    if (type.isIntOrFloat())
      bits = std::max(bits, type.getIntOrFloatBitWidth());
  };
  for (const std::optional<Stage> *stage : {&nest.init, &nest.reduction, &nest.epilogue}) {
    if (!*stage)
      continue;
    for (Operation &op : *(*stage)->body())
      for (Value result : op.getResults())
        consider(result.getType());
    for (const LinearAccess &input : (*stage)->inputs)
      if (!input.scalar)
        consider(input.elementType);
    consider((*stage)->output.elementType);
  }
  return bits;
}

std::optional<Strategy> tflc::chooseStrategy(const LoopNest &nest, const TargetInfo &target,
                                             const ScratchLimits &limits) {
  if (nest.dims.empty())
    return std::nullopt;
  if (auto strategy = chooseContract(nest, target, limits))
    return strategy;
  if (auto strategy = chooseTaps(nest, target))
    return strategy;
  Strategy parallel = chooseParallel(nest, target);
  if (auto strategy = chooseReduce(nest, target, parallel))
    return strategy;
  if (auto strategy = chooseNeighbours(nest, target, parallel))
    return *strategy;
  return parallel;
}
