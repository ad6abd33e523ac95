//===- ChooseWinograd.cpp - 3x3 windows with fewer products ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/Contraction.h"
#include "Schedule/Nest/Winograd.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
/// Operations of the transforms of one line or column (see Emit/WinogradParts.cpp).
struct TransformCost {
  double weights, inputs, products;

  static TransformCost of(int64_t results) {
    return results == 2 ? TransformCost{5, 4, 4} : TransformCost{13, 17, 13};
  }
};

/// Estimated cycles.
struct WinogradCost {
  const WinogradLoops &loops;
  int64_t columns, registers;
  const VectorCosts &costs;

  double operator()(const Strategy &strategy, const Winograd &winograd) const {
    int64_t lanes = strategy.lanes, vectors = strategy.tile[strategy.vectorDim] / lanes;
    int64_t tiles = loops.patches(winograd), positions = winograd.positions();
    int64_t blocks = llvm::divideCeil(tiles, winograd.patches), parts = columns / winograd.columns;
    int64_t inputTimes = winograd.weightsFirst && blocks > 1 ? parts : 1;
    int64_t weightTimes = winograd.weightsFirst ? 1 : blocks;
    double groups = double(loops.channels) / winograd.group;
    // Transforms of a vector of channels of a patch, of a group of weights, and of the results of a
    // vector of columns: columns, then lines, between loads and stores. What registers do not hold
    // goes through memory in between.
    TransformCost line = TransformCost::of(winograd.pixels);
    TransformCost column = TransformCost::of(winograd.lines);
    int64_t inLines = winograd.lines + 2, inPixels = winograd.pixels + 2;
    auto spilled = [&](int64_t values) { return values > registers ? 2 * values : 0; };
    double perInput =
        inPixels * column.inputs + inLines * line.inputs + 2 * positions + spilled(positions);
    double perWeight =
        3 * column.weights + inLines * line.weights + 9 + positions + spilled(3 * inLines);
    double perResult = inPixels * column.products + winograd.lines * line.products + positions +
                       2 * winograd.lines * winograd.pixels + spilled(winograd.lines * inPixels);
    double operations = perInput * double(tiles) * groups / lanes * inputTimes +
                        perWeight * double(columns) / lanes * groups * weightTimes +
                        perResult * double(tiles) * columns / lanes;
    // A product and its addition, a load for each row and vector.
    double products = costs.operation * 2 * winograd.rows * vectors;
    double loads = costs.load * (winograd.rows + vectors);
    double extensions = costs.extension * (winograd.rows + vectors);
    double step = std::max(products + extensions, loads) + costs.iteration;
    double steps = double(positions) * double(llvm::divideCeil(tiles, winograd.rows)) *
                   (columns / (vectors * lanes));
    double channelBlocks = double(loops.channels) / winograd.channels;
    double productCycles = steps * (groups * step + channelBlocks * (winograd.rows * vectors + 4));
    return operations / costs.operationsPerCycle + productCycles;
  }
};
} // namespace

/// The largest absolute value that a sum of products with any bytes may have.
static int64_t largestSum(const LoopNest &nest, const Strategy &strategy, bool unsignedRows) {
  const LinearAccess &weights = nest.reduction->inputs[strategy.columns()->weightsInput];
  SmallVector<std::pair<int64_t, int64_t>> loops; // sizes and coefficients
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (info.isReduction)
      loops.push_back({info.size, weights.coefficients[dim]});
  ArrayRef<char> bytes = weights.constant.getRawData();
  bool isSplat = weights.constant.isSplat();
  auto sum = [&](auto &self, size_t loop, int64_t at) -> int64_t {
    if (loop == loops.size())
      return std::abs(int64_t(int8_t(bytes[isSplat ? 0 : at])));
    int64_t result = 0;
    for (int64_t i = 0; i < loops[loop].first; ++i)
      result += self(self, loop + 1, at + i * loops[loop].second);
    return result;
  };
  int64_t largest = 0;
  for (int64_t column = 0; column < nest.dims[strategy.vectorDim].size; ++column)
    largest = std::max(
        largest, sum(sum, 0, weights.offset + column * weights.coefficients[strategy.vectorDim]));
  return largest * (unsignedRows ? 255 : 128);
}

namespace {
/// Looks through the sizes of patches, tiles and blocks for those with the fewest cycles.
class WinogradSearch {
public:
  WinogradSearch(const Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                 const WinogradLoops &loops, int64_t scratchLimit, double worthwhile)
      : nest(nest), target(target), loops(loops), scratchLimit(scratchLimit), best(worthwhile),
        candidate(strategy), columns(nest.dims[strategy.vectorDim].size),
        cost{loops, columns, target.vectorRegisters, *target.instructions.vectorCosts} {}

  void tryPatches(const Winograd &winograd);

  std::optional<Strategy> result;

private:
  void tryBlocks(Winograd winograd);
  void tryPartsOfChannels(Winograd winograd);
  void consider(const Winograd &winograd);

  const LoopNest &nest;
  const TargetInfo &target;
  const WinogradLoops &loops;
  int64_t scratchLimit;
  double best;
  Strategy candidate;
  int64_t columns;
  WinogradCost cost;
};
} // namespace

void WinogradSearch::consider(const Winograd &winograd) {
  int64_t bytes = 2 * WinogradScratch(candidate, winograd, loops.channels).size;
  if (bytes > scratchLimit || (target.l2Bytes && bytes > target.l2Bytes))
    return;
  double cycles = cost(candidate, winograd);
  if (cycles >= best * 0.99)
    return;
  best = cycles;
  result = candidate;
  Winograd form = winograd;
  form.scratch = bytes / 2;
  result->form = form;
}

/// One or two vectors of columns, and as many patches as the registers take.
void WinogradSearch::tryPatches(const Winograd &shape) {
  Winograd winograd = shape;
  for (int64_t vectors : {2, 1}) {
    int64_t perTile = vectors * candidate.lanes;
    if (columns % perTile != 0)
      continue;
    candidate.tile.assign(nest.dims.size(), 1);
    candidate.tile[candidate.vectorDim] = perTile;
    candidate.tile[loops.line] = winograd.lines;
    candidate.tile[loops.pixel] = winograd.pixels;
    for (winograd.rows = 1; winograd.rows * vectors + vectors + 2 <= target.vectorRegisters;
         ++winograd.rows) {
      winograd.channels = loops.channels;
      tryBlocks(winograd);
      tryPartsOfChannels(winograd);
    }
  }
}

/// Blocks of patches and of columns.
void WinogradSearch::tryBlocks(Winograd winograd) {
  int64_t perTile = candidate.tile[candidate.vectorDim];
  int64_t most = llvm::alignTo(loops.patches(winograd), winograd.rows);
  for (winograd.patches = winograd.rows;; winograd.patches = std::min(2 * winograd.patches, most)) {
    for (winograd.columns = perTile; winograd.columns <= columns; winograd.columns += perTile)
      for (bool weightsFirst : {true, false})
        if (columns % winograd.columns == 0) {
          winograd.weightsFirst = weightsFirst;
          consider(winograd);
        }
    if (winograd.patches == most)
      return;
  }
}

/// Parts of the channels, for all patches at once.
void WinogradSearch::tryPartsOfChannels(Winograd winograd) {
  constexpr int64_t leastChannels = 64;
  winograd.patches = llvm::alignTo(loops.patches(winograd), winograd.rows);
  winograd.columns = candidate.tile[candidate.vectorDim];
  winograd.weightsFirst = false;
  while (winograd.channels % 16 == 0 && winograd.channels >= 2 * leastChannels) {
    winograd.channels /= 2;
    consider(winograd);
  }
}

/// How many lines or pixels of results there are to patches whose results fit 32 bits together with
/// their factors. `largest` is the largest sum, for integers.
static SmallVector<Winograd> listPatches(const LoopNest &nest, const WinogradLoops &loops,
                                         const PackedColumns &packing,
                                         std::optional<int64_t> largest) {
  SmallVector<Winograd> shapes;
  for (int64_t lines : {2, 4})
    for (int64_t pixels : {2, 4}) {
      int64_t bits = (lines == 2 ? 1 : 3) + (pixels == 2 ? 1 : 3);
      bool fits = largest ? *largest < int64_t(1) << (31 - bits) : lines == 2 && pixels == 2;
      // Patches overlap where a size is no multiple: sums may not start from what is stored there.
      bool overlap = loops.lines % lines != 0 || loops.pixels % pixels != 0;
      if (fits && loops.lines >= lines && loops.pixels >= pixels && (nest.init || !overlap))
        shapes.push_back({packing, lines, pixels});
    }
  return shapes;
}

bool tflc::chooseWinograd(Strategy &strategy, const LoopNest &nest, const TargetInfo &target,
                          double directCycles, int64_t scratchLimit, ChoiceLog &log) {
  constexpr const char *form = "winograd";
  const Stage &reduction = *nest.reduction;
  const Broadcast &direct = *strategy.as<Broadcast>();
  bool isFloat =
      llvm::all_of(reduction.inputs,
                   [](const LinearAccess &input) { return input.elementType.isF32(); }) &&
      reduction.output.elementType.isF32();
  // Floats where it was measured: on x86 with FMA, as rescaling in float.
  bool hasFactors = isFloat
                        ? direct.group == 1 && target.instructions.floatRescale
                        : direct.widen && direct.group == 2 &&
                              reduction.inputs[1 - direct.weightsInput].elementType.isInteger(8);
  if (!hasFactors || strategy.lanes < 4)
    return log.decline(form, "factors are neither bytes in 16 bits nor floats on x86");
  std::optional<WinogradLoops> loops = matchWinograd(nest, strategy);
  if (!loops)
    return log.decline(form, "no window of 3x3 with stride 1");
  if (loops->channels % 8 != 0 || nest.dims[strategy.vectorDim].size % strategy.lanes != 0)
    return log.decline(form, "channels or columns do not fill vectors");
  std::optional<int64_t> largest;
  if (!isFloat) {
    auto product = matchContraction(reduction.body());
    largest = largestSum(nest, strategy, product->isUnsigned(1 - direct.weightsInput));
  }
  // It should be worth the memory.
  double worthwhile = 0.85 * directCycles;
  for (int64_t outer : loops->outer)
    worthwhile /= nest.dims[outer].size;
  WinogradSearch search(strategy, nest, target, *loops, scratchLimit, worthwhile);
  SmallVector<Winograd> shapes = listPatches(nest, *loops, direct, largest);
  for (const Winograd &shape : shapes)
    search.tryPatches(shape);
  if (!search.result)
    return log.decline(form, shapes.empty()
                                 ? "sums with their factors exceed 32 bits, or few results"
                                 : "not below 0.85 of " + ChoiceLog::cycles(directCycles) +
                                       " with the memory allowed");
  strategy = *search.result;
  return true;
}
