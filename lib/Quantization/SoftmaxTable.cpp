//===- SoftmaxTable.cpp - exponentials of softmax -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/SoftmaxTable.h"

#include "tflc/Quantization/Multiplier.h"

#include <algorithm>
#include <cmath>

using namespace tflc;

/// a * b with 31 fractional bits, rounded; only INT32_MIN squared does not fit.
static int32_t high(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN)
    return INT32_MAX;
  return static_cast<int32_t>((int64_t(a) * b + (int64_t(1) << 30)) >> 31);
}

/// value / 2^exponent, halves away from zero.
static int32_t divide(int32_t value, int exponent) {
  int32_t mask = (int32_t(1) << exponent) - 1, below = value & mask;
  return (value >> exponent) + (below > (mask >> 1) + (value < 0));
}

/// exp(x) for x in [-1/4, 0): around -1/8, 1 + y + y^2/2 + y^3/6 + y^4/24.
static int32_t expOfQuarter(int32_t x) {
  constexpr int32_t expOfMinusEighth = 1895147668, third = 715827883;
  int32_t y = x + (1 << 28);
  int32_t y2 = high(y, y), y3 = high(y2, y), y4 = high(y2, y2);
  int32_t tail = divide(high(divide(y4, 2) + y3, third) + y2, 1);
  return expOfMinusEighth + high(expOfMinusEighth, y + tail);
}

/// exp(x) for x <= 0 with 26 fractional bits, as 31 fractional bits.
static int32_t expOfNegative(int32_t x) {
  if (x == 0)
    return INT32_MAX;
  constexpr int32_t quarter = 1 << 24;
  int32_t inQuarter = (x & (quarter - 1)) - quarter;
  int32_t result = expOfQuarter(inQuarter * 32);
  int32_t remainder = inQuarter - x;
  // exp(-2^e) for e from -2 on.
  constexpr int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                 39332535,   720401,     242};
  for (int exponent = -2; exponent < 5; ++exponent)
    if (remainder & (1 << (26 + exponent)))
      result = high(result, factors[exponent + 2]);
  return result;
}

std::array<int32_t, 256> tflc::makeDifferenceTable(double beta, double scale) {
  constexpr int integerBits = 5;
  double real = std::min(beta * scale * (1 << (31 - integerBits)), 2147483647.0);
  FixedPointMultiplier multiplier = quantizeMultiplier(real);
  // The largest difference that still fits after scaling.
  int left = std::max(multiplier.shift, 0);
  double largest = double((1 << integerBits) - 1) * double(int64_t(1) << (31 - integerBits)) /
                   double(int64_t(1) << left);
  int64_t radius = static_cast<int64_t>(std::floor(largest));
  std::array<int32_t, 256> table;
  table.fill(INT32_MIN);
  for (int64_t i = 0; i < 256 && i <= radius; ++i)
    table[i] = high(static_cast<int32_t>(-i * (int64_t(1) << left)), multiplier.value);
  return table;
}

std::array<int32_t, 256> tflc::makeSoftmaxTable(double beta, double scale) {
  std::array<int32_t, 256> table = makeDifferenceTable(beta, scale);
  for (int32_t &entry : table)
    entry = entry == INT32_MIN ? 0 : expOfNegative(entry);
  return table;
}
