//===- ChooseTaps.cpp - windows of one channel without vectors ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/Contraction.h"

#include "tflc/Target/Registers.h"

using namespace mlir;
using namespace tflc;

/// Channels outermost, so that a channel's weights and rescaling stay in registers while its plane
/// is walked; neighbouring results share what their windows have in common.
std::optional<Strategy> tflc::chooseTaps(const LoopNest &nest, const TargetInfo &target) {
  if (!nest.reduction || nest.usesIndices || target.vectorBits)
    return std::nullopt;
  auto product = matchContraction(nest.reduction->body());
  if (!product || product->isFloat || !product->isExtended() ||
      !nest.reduction->output.elementType.isInteger(32))
    return std::nullopt;
  const LinearAccess *weights = nullptr;
  for (const LinearAccess &input : nest.reduction->inputs) {
    if (!input.elementType.isInteger(8) || input.scalar)
      return std::nullopt;
    if (input.constant)
      weights = &input;
  }
  if (!weights)
    return std::nullopt;

  std::optional<unsigned> channel, neighbour;
  int64_t taps = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (info.isReduction) {
      taps *= info.size;
      continue;
    }
    if (weights->coefficients[dim] == 0) {
      if (info.size > 1)
        neighbour = dim; // the innermost
      continue;
    }
    if (channel)
      return std::nullopt;
    channel = dim;
  }
  // All taps are written out, and all weights of a channel are alive at once.
  constexpr int64_t mostTaps = 12;
  if (!channel || !neighbour || taps > mostTaps)
    return std::nullopt;
  Strategy strategy;
  strategy.form = Form::Parallel;
  strategy.taps = true;
  const DotProduct &dot = *target.instructions.dot;
  strategy.pairs = !dot.sumsLanes && dot.words == 2;
  strategy.vectorDim = *channel;
  strategy.tile = SmallVector<int64_t>(nest.dims.size(), 1);
  strategy.tile[*neighbour] =
      std::min<int64_t>(nest.dims[*neighbour].size, getGeneralRegisters(target) > 20 ? 4 : 2);
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      strategy.tile[dim] = info.size;
  return strategy;
}
