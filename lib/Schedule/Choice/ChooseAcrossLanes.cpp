//===- ChooseAcrossLanes.cpp - few columns along a row --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// Few columns fill vectors badly where they lie beside each other.
bool tflc::chooseAcrossLanes(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                             ChoiceLog &log) {
  constexpr const char *form = "across_lanes";
  constexpr int64_t mostSums = 12, leastSteps = 8;
  PackedColumns packing = *strategy.columns();
  packing.group = 2 * strategy.lanes;
  int64_t columns = nest.dims[strategy.vectorDim].size;
  if (!multipliesBytesAsWords(target) || strategy.lanes < 4)
    return log.decline(form, "no products of pairs of words");
  if (!isSingleRow(nest, strategy) || nest.dims[packing.groupDim].size < leastSteps * packing.group)
    return log.decline(form, "several rows, a window, or a short row");
  if (columns % strategy.lanes == 0 || columns > mostSums)
    return log.decline(form, llvm::Twine(columns) + " columns fill vectors");
  strategy.form = AcrossLanes{packing, /*widen=*/true};
  strategy.tile[packing.groupDim] = packing.group;
  strategy.tile[strategy.vectorDim] = llvm::alignTo(columns, strategy.lanes);
  return true;
}
