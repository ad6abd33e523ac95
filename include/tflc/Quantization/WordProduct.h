//===- WordProduct.h - products of two bytes in 16 bits ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_WORDPRODUCT_H
#define TFLC_QUANTIZATION_WORDPRODUCT_H

#include "tflc/Quantization/Activation.h"
#include "tflc/Quantization/Multiplier.h"

#include <cstdint>
#include <optional>

namespace tflc {

/// Rescaled products in arithmetic of 16 bits, which wraps around. The factors are a `gate` from 0
/// to 255, of which the real number that it multiplies by is made first, and `value`, from -255 to
/// 255. With `high(a, b) = (a * b + 2^14) >> 15`:
///   scaled   = gate * whole                                       // units of 2^-8, unsigned
///   integer  = (scaled >> 8) + 1
///   fraction = ((scaled & 255) << 7) + high(gate << 7, part) + extra - 2^15
///                                                                 // units of 2^-15
///   product  = |value| * integer + high(|value|, fraction)        // unsigned
///   result   = sign(value) * ((product + 2^(shift - 1)) >> shift)
/// So the product is rounded to an integer first and shifted then, as gemmlowp does, and both
/// halves of the gate's number are exact to 2^-15.
struct WordProduct {
  int32_t whole = 0; ///< the multiplier's upper eight bits
  int32_t part = 0;  ///< the 15 bits below
  int32_t extra = 0; ///< more of what rounding may leave out, not negative
  int32_t shift = 0;

  int32_t apply(int32_t value, int32_t gate) const;
};

/// Numbers for which that is `rescaleDouble(value * gate, multiplier)` for all values of `values`
/// and all gates, once both are clamped to `range`: every pair is tried. Nothing where none of the
/// numbers around the multiplier passes.
std::optional<WordProduct> findWordProduct(FixedPointMultiplier multiplier, IntegerRange values,
                                           IntegerRange range);

} // namespace tflc

#endif // TFLC_QUANTIZATION_WORDPRODUCT_H
