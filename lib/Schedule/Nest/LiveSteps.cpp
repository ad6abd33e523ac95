//===- LiveSteps.cpp - the products that sparse weights leave -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LiveSteps.h"

#include "RegisterTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// All steps of the reduction, in the order of the loops.
static SmallVector<LiveSteps::Step> listSteps(const LoopNest &nest, const PackedColumns &packing) {
  const LinearAccess &rows = nest.reduction->inputs[1 - packing.weightsInput];
  const LinearAccess &columns = nest.reduction->inputs[packing.weightsInput];
  SmallVector<LiveSteps::Step> steps{{0, columns.offset}};
  for (auto [dim, info] : llvm::enumerate(nest.dims)) {
    if (!info.isReduction)
      continue;
    SmallVector<LiveSteps::Step> next;
    int64_t by = dim == packing.groupDim ? packing.group : 1;
    for (const LiveSteps::Step &step : steps)
      for (int64_t i = 0; i < info.size; i += by)
        next.push_back(
            {step.row + i * rows.coefficients[dim], step.weights + i * columns.coefficients[dim]});
    steps = std::move(next);
  }
  return steps;
}

static int64_t bytesOf(const LinearAccess &access) {
  return access.elementType.getIntOrFloatBitWidth() / 8;
}

/// Of floats, -0 counts as well.
static bool isZero(const char *element, int64_t bytes, bool isFloat) {
  for (int64_t i = 0; i < bytes; ++i) {
    auto byte = static_cast<uint8_t>(element[i]);
    if (isFloat && i + 1 == bytes)
      byte &= 0x7f;
    if (byte != 0)
      return false;
  }
  return true;
}

LiveSteps::LiveSteps(const LoopNest &nest, const PackedColumns &packing, unsigned columnDim,
                     int64_t columns) {
  const LinearAccess &weights = nest.reduction->inputs[packing.weightsInput];
  ArrayRef<char> data = weights.constant.getRawData();
  int64_t bytes = bytesOf(weights), size = nest.dims[columnDim].size;
  bool isFloat = isa<FloatType>(weights.elementType);
  SmallVector<Step> steps = listSteps(nest, packing);
  all = steps.size();
  auto isLive = [&](const Step &step, int64_t first) {
    for (int64_t column = first, end = std::min(size, first + columns); column < end; ++column)
      for (int64_t i = 0; i < packing.group; ++i) {
        int64_t at = step.weights + column * weights.coefficients[columnDim] +
                     i * weights.coefficients[packing.groupDim];
        if (!isZero(data.data() + at * bytes, bytes, isFloat))
          return true;
      }
    return false;
  };
  for (int64_t first = 0; first < size; first += columns) {
    SmallVector<Step> &tile = live.emplace_back();
    for (const Step &step : steps)
      if (isLive(step, first))
        tile.push_back(step);
  }
}

double LiveSteps::fraction() const {
  int64_t left = 0;
  for (ArrayRef<Step> tile : live)
    left += tile.size();
  return live.empty() || all == 0 ? 1 : double(left) / double(all * live.size());
}

bool tflc::hasSparseWeights(const LoopNest &nest, const PackedColumns &packing) {
  const LinearAccess &weights = nest.reduction->inputs[packing.weightsInput];
  if (!weights.constant || weights.constant.isSplat() || nest.pooling ||
      nest.dims[packing.groupDim].size % packing.group != 0)
    return false;
  ArrayRef<char> data = weights.constant.getRawData();
  int64_t bytes = bytesOf(weights), count = data.size() / bytes, zeros = 0;
  bool isFloat = isa<FloatType>(weights.elementType);
  for (int64_t i = 0; i < count; ++i)
    zeros += isZero(data.data() + i * bytes, bytes, isFloat);
  return 2 * zeros >= count;
}

bool tflc::leavesOutSteps(const LoopNest &nest, const Strategy &strategy) {
  const auto *form = strategy.as<Broadcast>();
  if (!form || form->packs || form->scratch != 0 || form->split != 1 ||
      !findGroupLoops(nest, strategy).empty() || !hasSparseWeights(nest, *form))
    return false;
  constexpr double most = 0.75;
  int64_t columns = strategy.tile[strategy.vectorDim];
  return LiveSteps(nest, *form, strategy.vectorDim, columns).fraction() <= most;
}
