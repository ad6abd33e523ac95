//===- ChooseTapQuads.cpp - four taps of a window at once -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Choices.h"
#include "Schedule/Nest/Contraction.h"
#include "Schedule/Nest/TapQuads.h"

#include "llvm/Support/MathExtras.h"

#include <set>

using namespace mlir;
using namespace tflc;

/// All taps of a window are written out.
static constexpr int64_t mostTaps = 64;
/// A block of 128 bits holds the bytes of so many channels; fewer than half of them are no vector.
static constexpr int64_t leastChannels = 8;

namespace {
/// The tiles and the quads of a depthwise window.
class QuadChooser {
public:
  QuadChooser(const LoopNest &nest, const TargetInfo &target, unsigned vectorDim,
              const LinearAccess &inputs)
      : nest(nest), target(target), inputs(inputs) {
    for (auto [dim, info] : llvm::enumerate(nest.dims))
      if (!info.isReduction && dim != vectorDim)
        rows.push_back(dim);
    taps = placesIn(window());
  }

  /// The cheapest tile and quads; none where no loop of the window has a distance.
  std::optional<Strategy> choose();

private:
  SmallVector<int64_t> window() const;
  SmallVector<TapPlace> placesIn(ArrayRef<int64_t> extents) const;
  double estimate(ArrayRef<int64_t> tile, unsigned along) const;
  double estimateTile(ArrayRef<int64_t> extents, unsigned along) const;

  const LoopNest &nest;
  const TargetInfo &target;
  const LinearAccess &inputs;
  SmallVector<unsigned> rows; ///< parallel loops but for that of vectors
  SmallVector<TapPlace> taps;
};
} // namespace

/// One result, with all of its window.
SmallVector<int64_t> QuadChooser::window() const {
  SmallVector<int64_t> sizes;
  for (const LoopDim &info : nest.dims)
    sizes.push_back(info.isReduction ? info.size : 1);
  return sizes;
}

/// All iterations within `extents`, the last loop fastest.
SmallVector<TapPlace> QuadChooser::placesIn(ArrayRef<int64_t> extents) const {
  SmallVector<TapPlace> places{TapPlace(extents.size(), 0)};
  for (auto [dim, extent] : llvm::enumerate(extents)) {
    SmallVector<TapPlace> next;
    for (const TapPlace &place : places)
      for (int64_t i = 0; i < extent; ++i) {
        next.push_back(place);
        next.back()[dim] = i;
      }
    places = std::move(next);
  }
  return places;
}

/// Cycles of a tile, for one vector of bytes. The bytes of a quad are interleaved by two steps: as
/// words, then as groups of four, in four vectors.
double QuadChooser::estimateTile(ArrayRef<int64_t> extents, unsigned along) const {
  constexpr unsigned vectors = 4, pairs = 2;
  const VectorCosts &costs = *target.instructions.vectorCosts;
  QuadPlan plan = planTapQuads(inputs, placesIn(extents), taps, along);
  std::set<QuadTaps> weights;
  for (const QuadProduct &product : plan.products)
    weights.insert(product.taps);
  double loads = vectors * weights.size(), operations = 0;
  for (const TapQuad &quad : plan.quads) {
    loads += llvm::count_if(quad, [](const std::optional<TapPlace> &place) { return bool(place); });
    operations += pairs * (quad[2] || quad[3] ? 2 : 1) + vectors;
  }
  return costs.product * vectors * plan.products.size() + costs.operation * operations +
         costs.load * loads / 2; // beside other instructions
}

/// Cycles of all tiles, those of rests as well.
double QuadChooser::estimate(ArrayRef<int64_t> tile, unsigned along) const {
  double cycles = 0;
  SmallVector<int64_t> extents(nest.dims.size(), 1);
  auto walk = [&](auto &self, ArrayRef<unsigned> loops, int64_t count) -> void {
    if (loops.empty()) {
      cycles += count * estimateTile(extents, along);
      return;
    }
    unsigned dim = loops[0];
    int64_t size = nest.dims[dim].size;
    extents[dim] = tile[dim];
    if (size >= tile[dim])
      self(self, loops.drop_front(), count * (size / tile[dim]));
    extents[dim] = size % tile[dim];
    if (extents[dim] > 0)
      self(self, loops.drop_front(), count);
    extents[dim] = 1;
  };
  walk(walk, rows, 1);
  return cycles;
}

std::optional<Strategy> QuadChooser::choose() {
  // Each result has four vectors of sums; as many registers hold what is multiplied.
  int64_t most = std::max<int64_t>(1, target.vectorRegisters / 8);
  std::optional<Strategy> best;
  double least = 0;
  auto consider = [&](ArrayRef<int64_t> tile) {
    for (auto [dim, info] : llvm::enumerate(nest.dims)) {
      if (!info.isReduction || info.size == 1 || inputs.coefficients[dim] <= 0)
        continue;
      double cycles = estimate(tile, dim);
      if (best && cycles >= least)
        continue;
      least = cycles;
      best.emplace();
      best->form = TapQuads{unsigned(dim), 1};
      best->tile = llvm::to_vector(tile);
    }
  };
  // Pixels of the innermost loop, times lines of the one around it.
  SmallVector<int64_t> tile = window();
  std::optional<unsigned> pixels, lines;
  if (!rows.empty())
    pixels = rows.back();
  if (rows.size() > 1)
    lines = rows[rows.size() - 2];
  for (int64_t height = 1; height <= (lines ? std::min(most, nest.dims[*lines].size) : 1); ++height)
    for (int64_t width = 1;
         width <= (pixels ? std::min(most / height, nest.dims[*pixels].size) : 1); ++width) {
      if (lines)
        tile[*lines] = height;
      if (pixels)
        tile[*pixels] = width;
      consider(tile);
    }
  return best;
}

/// The factor that is no constant, if each channel has weights of its own.
static const LinearAccess *findInputs(const LoopNest &nest, unsigned vectorDim) {
  const LinearAccess *inputs = nullptr, *weights = nullptr;
  for (const LinearAccess &input : nest.reduction->inputs)
    (input.constant ? weights : inputs) = &input;
  if (!inputs || !weights)
    return nullptr;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && weights->coefficients[dim] != (dim == vectorDim ? 1 : 0))
      return nullptr;
  return inputs->coefficients[vectorDim] == 1 ? inputs : nullptr;
}

/// Few channels of neighbouring pixels are one run: as many pixels as fill a vector.
static int64_t joinPixels(LoopNest &nest, int64_t channels, int64_t lanes) {
  if (!llvm::isPowerOf2_64(channels))
    return 1;
  for (int64_t count = lanes / channels; count > 1; --count)
    if (nest.joinNeighbours(count))
      return count;
  return 1;
}

std::optional<Strategy> tflc::chooseTapQuads(const LoopNest &nest, const TargetInfo &target,
                                             const Strategy &parallel, ChoiceLog &log) {
  constexpr const char *form = "tap_quads";
  const DotProduct &dot = *target.instructions.dot;
  std::optional<Contraction> product;
  if (nest.reduction)
    product = matchContraction(nest.reduction->body());
  if (!parallel.is<NarrowLoops>() || !product)
    return log.decline(form, "no products of bytes with weights of their channel");
  const LinearAccess *inputs = findInputs(nest, parallel.vectorDim);
  if (!inputs)
    return log.decline(form, "no constant weights for each channel");
  unsigned input = inputs - nest.reduction->inputs.data();
  if (!dot.addsWordPairs() || dot.bytesInLane(product->isUnsigned(input)) != 4)
    return log.decline(form, "no products of four bytes in a lane");
  LoopNest joined = nest;
  int64_t lanes = target.vectorBits / 8;
  int64_t pixels = joinPixels(joined, nest.dims[parallel.vectorDim].size, lanes);
  int64_t channels = joined.dims[parallel.vectorDim].size, taps = 1;
  for (const LoopDim &info : nest.dims)
    taps *= info.isReduction ? info.size : 1;
  if (channels < leastChannels || taps > mostTaps)
    return log.decline(form, "few channels, or too many taps for one body");
  QuadChooser chooser(joined, target, parallel.vectorDim, joined.reduction->inputs[input]);
  std::optional<Strategy> strategy = chooser.choose();
  if (!strategy)
    return log.decline(form, "a window without neighbours");
  strategy->vectorDim = parallel.vectorDim;
  strategy->lanes = std::min<int64_t>(lanes, llvm::bit_floor<uint64_t>(channels));
  strategy->tile[parallel.vectorDim] = strategy->lanes;
  strategy->as<TapQuads>()->joined = pixels;
  return strategy;
}
