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

std::optional<Choice> tflc::chooseStrategy(const LoopNest &nest, const TargetInfo &target,
                                           const ScratchLimits &limits, ChoiceLog &log) {
  if (nest.dims.empty())
    return log.decline("all forms", "the kernel has no loops");
  if (auto choice = chooseContraction(nest, target, limits, log))
    return choice;
  if (auto strategy = chooseTaps(nest, target, log))
    return Choice{*strategy};
  Strategy parallel = chooseVectorLoops(nest, target, log);
  if (auto strategy = chooseReduction(nest, target, parallel, log))
    return Choice{*strategy};
  if (auto strategy = chooseTapQuads(nest, target, parallel, log))
    return Choice{*strategy};
  if (auto strategy = chooseNeighbours(nest, target, parallel, log))
    return Choice{*strategy};
  return Choice{parallel};
}
