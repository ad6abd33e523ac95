//===- Table.cpp - functions of quantized values as tables ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/Table.h"

#include "tflc/Quantization/Multiplier.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace tflc;

// Tables are exact to the last bit: no fused operations.
#pragma STDC FP_CONTRACT OFF

//===----------------------------------------------------------------------===//
// 8 bits
//===----------------------------------------------------------------------===//

Table8 tflc::makeTable8(bool isSigned, llvm::function_ref<int32_t(int32_t)> function) {
  int32_t min = isSigned ? -128 : 0, max = isSigned ? 127 : 255;
  Table8 table;
  for (int32_t value = min; value <= max; ++value)
    table[uint8_t(value)] = uint8_t(std::clamp(function(value), min, max));
  return table;
}

/// The nearest integer; what does not fit 32 bits saturates, NaN is zero.
static int32_t toInteger(float value) {
  if (std::isnan(value))
    return 0;
  if (value >= 2147483648.0f)
    return std::numeric_limits<int32_t>::max();
  if (value < -2147483648.0f)
    return std::numeric_limits<int32_t>::min();
  return int32_t(value);
}

Table8 tflc::makeRealTable8(bool isSigned, TableScale input, TableScale output,
                            llvm::function_ref<float(float)> function) {
  float inverse = 1 / output.scale;
  return makeTable8(isSigned, [&](int32_t value) {
    float real = function(input.scale * float(value - input.zeroPoint));
    return toInteger(std::round(real * inverse) + float(output.zeroPoint));
  });
}

//===----------------------------------------------------------------------===//
// 16 bits
//===----------------------------------------------------------------------===//

template <typename Real>
Table16 tflc::makeRealTable16(Real inputScale, int32_t inputZeroPoint, Real outputScale,
                              int32_t outputZeroPoint, llvm::function_ref<Real(Real)> function) {
  constexpr int32_t least = std::numeric_limits<int16_t>::min(),
                    most = std::numeric_limits<int16_t>::max();
  constexpr int steps = 512;
  Real inputMin = inputScale * (least - inputZeroPoint),
       inputMax = inputScale * (most - inputZeroPoint);
  Real outputMin = outputScale * (least - outputZeroPoint),
       outputMax = outputScale * (most - outputZeroPoint);
  Real step = (inputMax - inputMin) / steps;
  Real halfStep = step / 2;
  Real perQuantum = Real(most - least + 1) / (outputMax - outputMin);
  auto store = [](Real value) { return int16_t(std::clamp<Real>(value, least, most)); };

  Table16 table;
  for (int i = 0; i < steps; ++i) {
    Real here = function(inputMin + i * step);
    Real middle = function(inputMin + i * step + halfStep);
    Real next = function(inputMin + (i + 1) * step);
    Real sample = std::round(here * perQuantum);
    Real interpolated = std::round((next * perQuantum + sample) / 2);
    Real error = interpolated - std::round(middle * perQuantum);
    table[i] = store(sample - std::round(error / 2));
  }
  table[steps] = store(std::round(function(inputMax) * perQuantum));
  return table;
}

template Table16 tflc::makeRealTable16<float>(float, int32_t, float, int32_t,
                                              llvm::function_ref<float(float)>);
template Table16 tflc::makeRealTable16<double>(double, int32_t, double, int32_t,
                                               llvm::function_ref<double(double)>);

int16_t tflc::lookUp(const Table16 &table, int16_t value) {
  int index = (value >> 7) + 256;
  // The kernel keeps the slope in 16 bits, where steep tables wrap around.
  auto slope = int16_t(table[index + 1] - table[index]);
  return int16_t(table[index] + ((slope * (value & 127) + 64) >> 7));
}

std::array<uint16_t, 256> tflc::makeSigmoidTable() {
  auto sigmoid = [](int i) { return 65536.0 / (1.0 + std::exp(-i / 24.0)); };
  std::array<uint16_t, 256> table;
  for (int i = 0; i < 255; ++i) {
    // Above the curve by half of what the chord is below it in the middle of an interval.
    double bend = sigmoid(i) - (sigmoid(i - 1) + sigmoid(i + 1)) / 2;
    table[i] = uint16_t(std::round(sigmoid(i) + bend / 8));
  }
  table[255] = 65535;
  return table;
}

//===----------------------------------------------------------------------===//
// HARD_SWISH
//===----------------------------------------------------------------------===//

static int16_t saturate16(int64_t value) {
  return int16_t(std::clamp<int64_t>(value, std::numeric_limits<int16_t>::min(),
                                     std::numeric_limits<int16_t>::max()));
}

/// The upper half of 2 * lhs * rhs, rounded to nearest.
static int16_t roundingHighMul(int16_t lhs, int16_t rhs) {
  return saturate16((int64_t(lhs) * rhs + (1 << 14)) >> 15);
}

/// value / 2^exponent, halves away from zero.
static int16_t divideByPowerOfTwo(int16_t value, int exponent) {
  if (exponent == 0)
    return value;
  if (exponent > 16)
    return 0;
  int32_t magnitude = (std::abs(int32_t(value)) + (1 << (exponent - 1))) >> exponent;
  return int16_t(value < 0 ? -magnitude : magnitude);
}

namespace {
/// A fixed-point number with 15 bits of mantissa.
struct Multiplier16 {
  int16_t value;
  int exponent;

  explicit Multiplier16(float real) {
    FixedPointMultiplier wide = quantizeMultiplier(real);
    constexpr int32_t half = 1 << 15;
    value = wide.value >= std::numeric_limits<int32_t>::max() - half
                ? std::numeric_limits<int16_t>::max()
                : int16_t((wide.value + half) >> 16);
    exponent = wide.shift;
  }
};
} // namespace

Table8 tflc::makeHardSwishTable(bool isSigned, TableScale input, TableScale output) {
  float fineScale = (1.0f / 128.0f) * input.scale;
  Multiplier16 toOutput(fineScale / output.scale);
  // 3.0 is represented by 2^15, one more than fits.
  Multiplier16 toUnit(fineScale / (3.0f / 32768.0f));
  return makeTable8(isSigned, [&](int32_t value) {
    int16_t fine = int16_t((value - input.zeroPoint) * (1 << 7));
    int16_t unshifted = roundingHighMul(fine, toOutput.value);
    int16_t unit = fine;
    // The last position goes after the product, where saturation is meant.
    if (toUnit.exponent > 0)
      unit = saturate16(int64_t(unit) << (toUnit.exponent - 1));
    unit = roundingHighMul(unit, toUnit.value);
    if (toUnit.exponent > 0)
      unit = saturate16(int64_t(unit) << 1);
    else
      unit = divideByPowerOfTwo(unit, -toUnit.exponent);
    unit = int16_t((int32_t(unit) + (1 << 15)) >> 1);
    int16_t product = saturate16(int32_t(unit) * unshifted / (1 << 15));
    return int32_t(divideByPowerOfTwo(product, -toOutput.exponent)) + output.zeroPoint;
  });
}

//===----------------------------------------------------------------------===//
// RSQRT
//===----------------------------------------------------------------------===//

/// lhs * rhs with 31 fractional bits, rounded.
static int32_t multiplyHigh(int32_t lhs, int32_t rhs) {
  return static_cast<int32_t>((int64_t(lhs) * rhs + (int64_t(1) << 30)) >> 31);
}

static int32_t saturatingShiftLeft(int32_t value, int distance) {
  return static_cast<int32_t>(std::clamp<int64_t>(int64_t(value) << distance,
                                                  std::numeric_limits<int32_t>::min(),
                                                  std::numeric_limits<int32_t>::max()));
}

/// 1 / sqrt(value) for value > 0 as a multiplier, by five steps of Newton's iteration with three
/// integer bits.
static FixedPointMultiplier invertRoot(int32_t value) {
  if (value <= 1)
    return {std::numeric_limits<int32_t>::max(), 0};
  int right = 11;
  // Pairs of positions, so that the root moves by whole ones; the value ends in [2^27, 2^29).
  int pairs = 0;
  while ((int64_t(value) << (2 * (pairs + 1))) < (int64_t(1) << 29))
    ++pairs;
  right -= pairs;
  int32_t x = (value << (2 * pairs)) >> 1;
  int32_t half = (x + 1) >> 1;
  constexpr int32_t oneAndHalf = (1 << 28) + (1 << 27);
  int32_t root = 1 << 28;
  for (int step = 0; step < 5; ++step) {
    int32_t cube = saturatingShiftLeft(multiplyHigh(multiplyHigh(root, root), root), 6);
    root = saturatingShiftLeft(multiplyHigh(oneAndHalf, root) - multiplyHigh(half, cube), 3);
  }
  constexpr int32_t halfRootOfTwo = 1518500250;
  root = multiplyHigh(root, halfRootOfTwo);
  if (right < 0) {
    root <<= -right;
    right = 0;
  }
  return {root, -right};
}

Table8 tflc::makeRsqrtTable(bool isSigned, TableScale input, TableScale output) {
  constexpr int fraction = 20;
  FixedPointMultiplier scale = quantizeMultiplier(1.0 / (std::sqrt(input.scale) * output.scale));
  scale.shift -= fraction;
  return makeTable8(isSigned, [&](int32_t value) {
    value -= input.zeroPoint;
    if (value <= 0)
      return std::numeric_limits<int32_t>::max();
    FixedPointMultiplier root = invertRoot(value);
    root.shift += fraction;
    return rescaleDouble(rescaleDouble(1, root), scale) + output.zeroPoint;
  });
}
