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
std::optional<Strategy> tflc::chooseTaps(const LoopNest &nest, const TargetInfo &target,
                                         ChoiceLog &log) {
  constexpr const char *form = "taps";
  if (!nest.reduction || nest.usesIndices || target.vectorBits)
    return log.decline(form, target.vectorBits ? "there are vectors" : "no reduction");
  auto product = matchContraction(nest.reduction->body());
  if (!product || product->isFloat || !product->isExtended() ||
      !nest.reduction->output.elementType.isInteger(32))
    return log.decline(form, "no products of bytes or words");
  const LinearAccess *weights = nullptr;
  for (auto [number, input] : llvm::enumerate(nest.reduction->inputs)) {
    bool isByte = input.elementType.isInteger(8),
         isWord = input.elementType.isInteger(16) && !product->isUnsigned(number);
    if (!(isByte || isWord) || input.scalar)
      return log.decline(form, "no products of bytes or words");
    if (input.constant)
      weights = &input;
  }
  if (!weights)
    return log.decline(form, "no constant weights");

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
      return log.decline(form, "weights along two loops");
    channel = dim;
  }
  // All taps are written out, and all weights of a channel are alive at once.
  constexpr int64_t mostTaps = 12;
  if (!channel || !neighbour || taps > mostTaps)
    return log.decline(form, "no loop of channels and neighbours, or a large window");
  Strategy strategy;
  const DotProduct &dot = *target.instructions.dot;
  strategy.form = Taps{!dot.sumsLanes && dot.words == 2};
  strategy.vectorDim = *channel;
  strategy.tile = SmallVector<int64_t>(nest.dims.size(), 1);
  strategy.tile[*neighbour] =
      std::min<int64_t>(nest.dims[*neighbour].size, getGeneralRegisters(target) > 20 ? 4 : 2);
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      strategy.tile[dim] = info.size;
  return strategy;
}
