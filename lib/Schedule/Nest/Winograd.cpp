//===- Winograd.cpp - 3x3 windows with fewer products ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Winograd.h"

using namespace mlir;
using namespace tflc;

std::optional<WinogradLoops> tflc::matchWinograd(const LoopNest &nest, const Strategy &strategy) {
  const PackedColumns &packing = *strategy.columns();
  const LinearAccess &rows = nest.reduction->inputs[1 - packing.weightsInput];
  const LinearAccess &output = nest.last().output;
  WinogradLoops loops;
  SmallVector<unsigned> taps;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction && dim != packing.groupDim)
      taps.push_back(dim);
  // Neighbours along the group are channels, or pixels with their channels.
  if (taps.empty() || taps.size() > 2 || rows.coefficients[packing.groupDim] != 1)
    return std::nullopt;
  loops.tapLine = taps[0];
  if (taps.size() == 2)
    loops.tap = taps[1];
  int64_t run = nest.dims[packing.groupDim].size;
  loops.channels = loops.tap ? run : run / 3;
  if (nest.dims[loops.tapLine].size != 3 || (loops.tap && nest.dims[*loops.tap].size != 3) ||
      (!loops.tap && run % 3 != 0))
    return std::nullopt;
  int64_t nextPixel = loops.tap ? rows.coefficients[*loops.tap] : loops.channels;
  int64_t nextLine = rows.coefficients[loops.tapLine];
  std::optional<unsigned> line, pixel;
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (info.isReduction || dim == strategy.vectorDim)
      continue;
    if (rows.coefficients[dim] == nextLine && !line)
      line = dim;
    else if (rows.coefficients[dim] == nextPixel && !pixel)
      pixel = dim;
    else
      loops.outer.push_back(dim);
  }
  if (!line || !pixel || output.coefficients[*line] == 0 || output.coefficients[*pixel] == 0)
    return std::nullopt;
  loops.line = *line;
  loops.pixel = *pixel;
  loops.lines = nest.dims[*line].size;
  loops.pixels = nest.dims[*pixel].size;
  return loops;
}

WinogradScratch::WinogradScratch(const Strategy &strategy, const Winograd &winograd,
                                 int64_t channels) {
  int64_t columns = strategy.tile[strategy.vectorDim], positions = winograd.positions();
  perFactor = 2 / winograd.group;
  perInputs = perFactor * channels;
  // The values of a patch would meet in few sets of a cache whose ways have 4 KB: a line of it
  // keeps them apart.
  auto apart = [](int64_t elements) { return elements % 512 == 0 ? elements + 32 : elements; };
  perWeightPosition = apart(columns * perFactor * winograd.channels);
  perColumnTile = positions * perWeightPosition;
  inputs = winograd.columns / columns * perColumnTile;
  perInputPosition = apart(winograd.patches * perInputs);
  products = inputs + positions * perInputPosition;
  perProductPosition = apart(winograd.patches * columns * 2);
  size = products + positions * perProductPosition;
}
