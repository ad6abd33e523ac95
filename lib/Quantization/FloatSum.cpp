//===- FloatSum.cpp - sums of two bytes in float, where exact -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/FloatSum.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace tflc;

int32_t FloatSum::apply(int32_t a, int32_t b) const {
  float inner = std::fma(static_cast<float>(b), rhsScale, offset);
  // The mode of rounding is the default one: to nearest even.
  return static_cast<int32_t>(std::nearbyint(std::fma(static_cast<float>(a), lhsScale, inner))) +
         base;
}

namespace {
/// A pair of bytes and what must come out for them.
struct Pair {
  int32_t a, b, result;
};
} // namespace

/// The line through the ends of a table, if every value is within two of it.
static std::optional<double> slopeOf(llvm::ArrayRef<int64_t> table) {
  double slope = double(table.back() - table.front()) / 255;
  for (auto [i, value] : llvm::enumerate(table))
    if (std::abs(double(table.front()) + slope * double(i) - double(value)) > 2)
      return std::nullopt;
  return slope;
}

static float neighbour(float value, int distance) {
  for (; distance > 0; --distance)
    value = std::nextafter(value, INFINITY);
  for (; distance < 0; ++distance)
    value = std::nextafter(value, -INFINITY);
  return value;
}

std::optional<FloatSum> tflc::findFloatSum(const ByteSum &sum, IntegerRange range) {
  auto lhsSlope = slopeOf(sum.lhs), rhsSlope = slopeOf(sum.rhs);
  if (!lhsSlope || !rhsSlope)
    return std::nullopt;
  double lhsScale = *lhsSlope * sum.scale, rhsScale = *rhsSlope * sum.scale;
  int32_t base = range.min + (range.max - range.min + 1) / 2;
  double offset = (double(sum.lhs.front()) - *lhsSlope * sum.lhsFirst + double(sum.rhs.front()) -
                   *rhsSlope * sum.rhsFirst) *
                      sum.scale -
                  base;

  std::vector<Pair> pairs, critical;
  pairs.reserve(256 * 256);
  for (int32_t i = 0; i < 256; ++i)
    for (int32_t j = 0; j < 256; ++j) {
      int64_t total = sum.lhs[i] + sum.rhs[j];
      if (total != static_cast<int32_t>(total))
        return std::nullopt; // the integers would wrap around
      int32_t exact = std::clamp(sum.rescale(static_cast<int32_t>(total)), range.min, range.max);
      Pair pair{i + sum.lhsFirst, j + sum.rhsFirst, exact};
      pairs.push_back(pair);
      // Between two results; the float sum is off by less than this.
      constexpr double near = 4e-4;
      double real = lhsScale * pair.a + rhsScale * pair.b + offset;
      double edge = std::floor(real) + 0.5;
      if (edge > range.min - base && edge < range.max - base && std::abs(real - edge) < near)
        critical.push_back(pair);
    }

  auto keeps = [&](const FloatSum &candidate, const std::vector<Pair> &all) {
    return llvm::all_of(all, [&](const Pair &pair) {
      return std::clamp(candidate.apply(pair.a, pair.b), range.min, range.max) == pair.result;
    });
  };
  // From the real numbers outwards: offsets by halves of the sum's last bit, scales by their own.
  constexpr int mostDistance = 3, mostOffsets = 24;
  unsigned wholeChecks = 0;
  for (int reach = 0; reach <= mostDistance; ++reach)
    for (int i = -reach; i <= reach; ++i)
      for (int j = -reach; j <= reach; ++j) {
        if (std::max(std::abs(i), std::abs(j)) != reach)
          continue;
        FloatSum candidate;
        candidate.base = base;
        candidate.lhsScale = neighbour(static_cast<float>(lhsScale), i);
        candidate.rhsScale = neighbour(static_cast<float>(rhsScale), j);
        for (int k = 0; k <= 2 * mostOffsets; ++k) {
          int step = k % 2 ? (k + 1) / 2 : -k / 2;
          candidate.offset = static_cast<float>(offset + step * 0x1p-18);
          if (!keeps(candidate, critical))
            continue;
          if (keeps(candidate, pairs))
            return candidate;
          if (++wholeChecks == 8)
            return std::nullopt;
        }
      }
  return std::nullopt;
}
