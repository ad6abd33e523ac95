//===- HalfFloats.cpp - floats that fit in half the bytes -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/HalfFloats.h"

#include <cstdint>
#include <cstring>

using namespace tflc;

/// The bits of a magnitude as f16, or none where it is no f16.
static std::optional<uint16_t> narrowMagnitude(uint32_t single) {
  uint32_t exponent = single >> 23, fraction = single & 0x7fffff;
  if (single == 0)
    return 0;
  if (exponent == 255) { // infinity, or a NaN whose payload fits; signaling ones become quiet
    bool fits = (fraction & 0x1fff) == 0 && (fraction == 0 || fraction >> 22 == 1);
    return fits ? std::optional<uint16_t>(0x7c00 | fraction >> 13) : std::nullopt;
  }
  if (exponent > 112) { // normal, from 2^-14 on
    if (exponent > 142 || (fraction & 0x1fff) != 0)
      return std::nullopt;
    return static_cast<uint16_t>((exponent - 112) << 10 | fraction >> 13);
  }
  // Subnormal: a multiple of 2^-24.
  if (exponent < 103)
    return std::nullopt;
  uint32_t mantissa = fraction | 0x800000, distance = 126 - exponent;
  if ((mantissa & ((1u << distance) - 1)) != 0)
    return std::nullopt;
  return static_cast<uint16_t>(mantissa >> distance);
}

std::optional<std::vector<char>> tflc::narrowToHalf(llvm::ArrayRef<char> singles) {
  size_t count = singles.size() / sizeof(uint32_t);
  std::vector<char> halves(count * sizeof(uint16_t));
  for (size_t i = 0; i < count; ++i) {
    uint32_t bits;
    std::memcpy(&bits, singles.data() + i * sizeof(bits), sizeof(bits));
    std::optional<uint16_t> magnitude = narrowMagnitude(bits & 0x7fffffff);
    if (!magnitude)
      return std::nullopt;
    uint16_t half = *magnitude | static_cast<uint16_t>((bits >> 16) & 0x8000);
    std::memcpy(halves.data() + i * sizeof(half), &half, sizeof(half));
  }
  return halves;
}
