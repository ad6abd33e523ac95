//===- ChooseBytePairs.cpp - products of bytes in pairs -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/BytePairs.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// Few groups may have pairs that do not fit 16 bits. Counted in instructions, those take six times
/// as long as others, and words twice. Not for several rows, which extend weights once for all of
/// them.
bool tflc::chooseBytePairs(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                           ChoiceLog &log) {
  constexpr const char *form = "byte_pairs";
  constexpr int64_t group = 4, mostVectors = 8;
  PackedColumns packing = *strategy.columns();
  if (!multipliesBytesAsWords(target) || !target.instructions.hasBytePairs || strategy.lanes < 4)
    return log.decline(form, "no products of bytes in pairs");
  if (!isSingleRow(nest, strategy) || nest.dims[packing.groupDim].size < group)
    return log.decline(form, "several rows, a window, or a short row");
  Strategy candidate = strategy;
  packing.group = group;
  candidate.form = BytePairs{packing};
  candidate.tile[packing.groupDim] = group;
  int64_t vectors = llvm::divideCeil(nest.dims[strategy.vectorDim].size, strategy.lanes);
  candidate.tile[strategy.vectorDim] = strategy.lanes * std::min(vectors, mostVectors);
  int64_t large = 0, tiles = 0;
  for (ArrayRef<int32_t> tile : findLargePairs(nest, candidate)) {
    large += tile.size();
    ++tiles;
  }
  int64_t groups = tiles * (nest.dims[packing.groupDim].size / group);
  if (large * 8 > groups)
    return log.decline(form, llvm::Twine(large) + " of " + llvm::Twine(groups) +
                                 " groups have pairs that may saturate");
  strategy = std::move(candidate);
  return true;
}
