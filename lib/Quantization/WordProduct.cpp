//===- WordProduct.cpp - products of two bytes in 16 bits -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/WordProduct.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace tflc;

static int32_t multiplyHigh(int32_t a, int32_t b) { return (a * b + (1 << 14)) >> 15; }

int32_t WordProduct::apply(int32_t value, int32_t gate) const {
  int32_t scaled = gate * whole;
  int32_t integer = (scaled >> 8) + 1;
  int32_t fraction = ((scaled & 255) << 7) + multiplyHigh(gate << 7, part) + extra - (1 << 15);
  int32_t size = std::abs(value);
  auto product = static_cast<uint16_t>(size * integer + multiplyHigh(size, fraction));
  int32_t result = static_cast<uint16_t>(product + (1 << (shift - 1))) >> shift;
  return value < 0 ? -result : result;
}

std::optional<WordProduct> tflc::findWordProduct(FixedPointMultiplier multiplier,
                                                 IntegerRange values, IntegerRange range) {
  // With a shift by two a result and a zero point stay within 16 bits; with none there is no half.
  int32_t shift = -multiplier.shift;
  if (shift < 2 || shift > 15 || values.min < -255 || values.max > 255 ||
      multiplier.value < 1 << 30)
    return std::nullopt;
  constexpr int32_t gates = 256;
  std::vector<int32_t> expected;
  for (int32_t value = values.min; value <= values.max; ++value)
    for (int32_t gate = 0; gate < gates; ++gate)
      expected.push_back(std::clamp(rescaleDouble(value * gate, multiplier), range.min, range.max));
  auto keeps = [&](const WordProduct &candidate) {
    size_t pair = 0;
    for (int32_t value = values.min; value <= values.max; ++value)
      for (int32_t gate = 0; gate < gates; ++gate)
        if (std::clamp(candidate.apply(value, gate), range.min, range.max) != expected[pair++])
          return false;
    return true;
  };
  // From the multiplier's upper 23 bits outwards: one step is less than a hundredth of the product,
  // and few products lie that close to where the result changes.
  constexpr int32_t mostDistance = 32, mostExtra = 3;
  int32_t middle = (multiplier.value + (1 << 7)) >> 8;
  for (int32_t extra = 0; extra <= mostExtra; ++extra)
    for (int32_t k = 0; k <= 2 * mostDistance; ++k) {
      int32_t number = middle + (k % 2 ? (k + 1) / 2 : -k / 2);
      WordProduct candidate{number >> 15, number & 0x7fff, extra, shift};
      if (candidate.whole < 256 && keeps(candidate))
        return candidate;
    }
  return std::nullopt;
}
