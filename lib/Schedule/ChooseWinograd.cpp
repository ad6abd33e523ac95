//===- ChooseWinograd.cpp - 3x3 windows with fewer products ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Winograd.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

std::optional<WinogradLoops> tflc::matchWinograd(const LoopNest &nest, const Strategy &strategy) {
  const LinearAccess &rows = nest.reduction->inputs[1 - strategy.weightsInput];
  const LinearAccess &output = nest.last().output;
  WinogradLoops loops;
  SmallVector<unsigned> taps;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction && dim != strategy.groupDim)
      taps.push_back(dim);
  // Neighbours along the group are channels, or pixels with their channels.
  if (taps.empty() || taps.size() > 2 || rows.coefficients[strategy.groupDim] != 1)
    return std::nullopt;
  loops.tapLine = taps[0];
  if (taps.size() == 2)
    loops.tap = taps[1];
  int64_t run = nest.dims[strategy.groupDim].size;
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
  if (!line || !pixel || nest.dims[*line].size < 2 || nest.dims[*pixel].size < 2 ||
      output.coefficients[*line] == 0 || output.coefficients[*pixel] == 0)
    return std::nullopt;
  loops.line = *line;
  loops.pixel = *pixel;
  loops.tilesInLine = llvm::divideCeil(nest.dims[*pixel].size, 2);
  loops.tiles = loops.tilesInLine * llvm::divideCeil(nest.dims[*line].size, 2);
  return loops;
}

WinogradScratch::WinogradScratch(const Strategy &strategy, const Winograd &winograd,
                                 int64_t channels) {
  int64_t columns = strategy.tile[strategy.vectorDim];
  perFactor = 2 / strategy.group;
  perPosition = perFactor * channels;
  // The 16 values of a tile would meet in one or two sets of a cache whose ways have 4 KB: a line
  // of it keeps them apart.
  auto apart = [](int64_t elements) { return elements % 1024 == 0 ? elements + 32 : elements; };
  perWeightPosition = apart(columns * perPosition);
  perTile = positions * perWeightPosition;
  inputs = winograd.columns / columns * perTile;
  perInputPosition = apart(winograd.tiles * perPosition);
  products = inputs + positions * perInputPosition;
  perProductPosition = apart(winograd.rows * columns * 2);
  size = products + positions * perProductPosition;
}

namespace {
/// Estimated cycles with four vector operations in each.
struct WinogradCost {
  int64_t tiles, columns, channels;

  double operator()(const Strategy &strategy, const Winograd &winograd) const {
    int64_t lanes = strategy.lanes, vectors = strategy.tile[strategy.vectorDim] / lanes;
    int64_t blocks = llvm::divideCeil(tiles, winograd.tiles), parts = columns / winograd.columns;
    int64_t inputTimes = winograd.weightsFirst && blocks > 1 ? parts : 1;
    int64_t weightTimes = winograd.weightsFirst ? 1 : blocks;
    double groups = double(channels) / strategy.group;
    // 16 inputs of a vector of channels: loads, 32 sums, stores; weights likewise.
    double inputCycles = 22.0 * double(tiles) * groups / lanes * inputTimes;
    double weightCycles = 18.0 * double(columns) / lanes * groups * weightTimes;
    // A product and its addition in two of four units (FMA) or four, a load for each row and
    // vector.
    double products = 0.25 * 2 * winograd.rows * vectors, loads = 0.5 * (winograd.rows + vectors);
    double step = std::max(products + 0.1 * (winograd.rows + vectors), loads) + 0.25;
    double steps = WinogradScratch::positions * double(llvm::divideCeil(tiles, winograd.rows)) *
                   (columns / (vectors * lanes));
    double productCycles = steps * (groups * step + winograd.rows * vectors + 4);
    double resultCycles = 14.0 * double(tiles) * columns / lanes;
    return inputCycles + weightCycles + productCycles + resultCycles;
  }
};
} // namespace

void tflc::chooseWinograd(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                          double directCycles, int64_t scratchLimit) {
  const Stage &reduction = *nest.reduction;
  bool isFloat =
      llvm::all_of(reduction.inputs,
                   [](const LinearAccess &input) { return input.elementType.isF32(); }) &&
      reduction.output.elementType.isF32();
  // Floats where it was measured: on x86 with FMA, as rescaling in float.
  bool hasFactors =
      isFloat ? strategy.group == 1 && target.floatRescale : strategy.widen && strategy.group == 2;
  if (!hasFactors || strategy.lanes < 4)
    return;
  std::optional<WinogradLoops> loops = matchWinograd(nest, strategy);
  if (!loops)
    return;
  // Tiles overlap where a size is odd: sums may not start from what is stored there.
  if (!nest.init && (nest.dims[loops->line].size % 2 != 0 || nest.dims[loops->pixel].size % 2 != 0))
    return;
  int64_t lanes = strategy.lanes, columns = nest.dims[strategy.vectorDim].size;
  // Four times a sum of 9 products of bytes a channel, with the sign, must fit 32 bits.
  constexpr int64_t mostChannels = (int64_t(1) << 31) / (4 * 9 * 255 * 128);
  if (loops->channels % 8 != 0 || columns % lanes != 0 ||
      (!isFloat && loops->channels > mostChannels))
    return;

  WinogradCost cost{loops->tiles, columns, loops->channels};
  // It should be worth the memory.
  double best = 0.85 * directCycles;
  std::optional<Strategy> result;
  for (int64_t outer : loops->outer)
    best /= nest.dims[outer].size;
  for (int64_t vectors : {2, 1}) {
    if (columns % (vectors * lanes) != 0)
      continue;
    Strategy candidate = strategy;
    candidate.tile.assign(nest.dims.size(), 1);
    candidate.tile[strategy.vectorDim] = vectors * lanes;
    candidate.tile[loops->line] = candidate.tile[loops->pixel] = 2;
    candidate.split = 1;
    candidate.block.clear();
    for (int64_t rows = 1; rows * vectors + vectors + 2 <= target.vectorRegisters; ++rows)
      for (int64_t part = vectors * lanes; part <= columns; part += vectors * lanes) {
        if (columns % part != 0)
          continue;
        int64_t most = llvm::alignTo(loops->tiles, rows);
        for (int64_t tiles = rows;; tiles = std::min(2 * tiles, most)) {
          for (bool weightsFirst : {true, false}) {
            Winograd winograd{rows, tiles, part, weightsFirst};
            int64_t bytes = 2 * WinogradScratch(candidate, winograd, loops->channels).size;
            if (bytes > scratchLimit || (target.l2Bytes && bytes > target.l2Bytes))
              continue;
            double cycles = cost(candidate, winograd);
            if (cycles >= best * 0.99)
              continue;
            best = cycles;
            result = candidate;
            result->winograd = winograd;
            result->scratch = bytes / 2;
          }
          if (tiles == most)
            break;
        }
      }
  }
  if (result)
    strategy = *result;
}
