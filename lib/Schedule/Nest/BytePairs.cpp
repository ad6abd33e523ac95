//===- BytePairs.cpp - products of bytes in pairs -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "BytePairs.h"

using namespace mlir;
using namespace tflc;

static bool maySaturate(int8_t first, int8_t second) {
  constexpr int most = std::numeric_limits<int16_t>::max() / std::numeric_limits<uint8_t>::max();
  int positive = std::max<int>(first, 0) + std::max<int>(second, 0);
  int negative = std::min<int>(first, 0) + std::min<int>(second, 0);
  return positive > most || negative < -most;
}

int8_t tflc::weightOf(const LoopNest &nest, const Strategy &strategy, int64_t column,
                      int64_t element) {
  const PackedColumns &packing = *strategy.columns();
  const LinearAccess &columns = nest.reduction->inputs[packing.weightsInput];
  int64_t at = columns.offset + column * columns.coefficients[strategy.vectorDim] +
               element * columns.coefficients[packing.groupDim];
  return columns.constant.getRawData()[columns.constant.isSplat() ? 0 : at];
}

SmallVector<SmallVector<int32_t>> tflc::findLargePairs(const LoopNest &nest,
                                                       const Strategy &strategy) {
  const PackedColumns &packing = *strategy.columns();
  int64_t count = nest.dims[strategy.vectorDim].size, tile = strategy.tile[strategy.vectorDim];
  int64_t size = nest.dims[packing.groupDim].size, group = packing.group;
  auto weight = [&](int64_t column, int64_t element) {
    return weightOf(nest, strategy, column, element);
  };
  SmallVector<SmallVector<int32_t>> result;
  for (int64_t start = 0; start < count; start += tile) {
    int64_t end = std::min(start + tile, count);
    auto isLarge = [&](int64_t at) {
      for (int64_t column = start; column < end; ++column)
        for (int64_t i = at; i < at + group; i += 2)
          if (maySaturate(weight(column, i), weight(column, i + 1)))
            return true;
      return false;
    };
    SmallVector<int32_t> &large = result.emplace_back();
    for (int64_t at = 0; at + group <= size; at += group)
      if (isLarge(at))
        large.push_back(at);
  }
  return result;
}
