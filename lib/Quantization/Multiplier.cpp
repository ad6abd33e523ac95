//===- Multiplier.cpp - real numbers as fixed point -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/Multiplier.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

using namespace tflc;

FixedPointMultiplier tflc::quantizeMultiplier(double real) {
  assert(std::isfinite(real) && real >= 0 && "a quotient of scales");
  if (real == 0)
    return {};
  int exponent;
  double fraction = std::frexp(real, &exponent);
  int64_t value = std::llround(fraction * double(int64_t(1) << 31));
  if (value == int64_t(1) << 31) {
    value /= 2;
    ++exponent;
  }
  if (exponent < -31)
    return {};
  // Beyond this no 32 bit input but zero has a result.
  if (exponent > 30)
    return {std::numeric_limits<int32_t>::max(), 30};
  return {int32_t(value), exponent};
}

int32_t tflc::rescaleDouble(int32_t input, FixedPointMultiplier multiplier) {
  int left = std::max(multiplier.shift, 0), right = std::max(-multiplier.shift, 0);
  int32_t shifted = int32_t(uint32_t(input) << left);
  int32_t high;
  if (shifted == multiplier.value && shifted == std::numeric_limits<int32_t>::min())
    high = std::numeric_limits<int32_t>::max();
  else
    high = int32_t((int64_t(shifted) * multiplier.value + (int64_t(1) << 30)) >> 31);
  int32_t mask = int32_t((int64_t(1) << right) - 1);
  int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
  return (high >> right) + ((high & mask) > threshold ? 1 : 0);
}

int32_t tflc::rescaleSingle(int64_t input, FixedPointMultiplier multiplier) {
  int total = 31 - multiplier.shift;
  int64_t half = int64_t(1) << (total - 1);
  if (input == int32_t(input))
    return int32_t((input * multiplier.value + half) >> total);
  // The product has up to 79 bits: the lowest 16 bits of the input and the rounding come first.
  int64_t low = ((input & 0xffff) * multiplier.value + half) >> 16;
  return int32_t(((input >> 16) * multiplier.value + low) >> (total - 16));
}

int32_t tflc::rescaleReduced(int64_t input, FixedPointMultiplier multiplier) {
  int32_t reduced = multiplier.value < 0x7fff0000 ? (multiplier.value + (1 << 15)) >> 16 : 0x7fff;
  int total = 15 - multiplier.shift;
  // Wraps around like the compiled code where the sum leaves 64 bits.
  uint64_t product = uint64_t(input) * uint64_t(reduced);
  if (total < 1)
    return int32_t(product << -total);
  return int32_t(int64_t(product + (uint64_t(1) << (total - 1))) >> total);
}
