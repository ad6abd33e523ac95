//===- Multiplier.h - real numbers as fixed point ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_MULTIPLIER_H
#define TFLC_QUANTIZATION_MULTIPLIER_H

#include <cstdint>

namespace tflc {

/// The real number `value * 2^(shift - 31)`; `value` is zero or in [2^30, 2^31).
struct FixedPointMultiplier {
  int32_t value = 0;
  int32_t shift = 0;
};

/// The nearest fixed-point number, as TensorFlow Lite's kernels compute it when they prepare:
/// halves away from zero, and zero where the number is too small for a right shift by 31. `real` is
/// finite and not negative.
FixedPointMultiplier quantizeMultiplier(double real);

/// The three roundings of `tflrt.rescale`, bit for bit. `shift` is at most 30 and at least -31.
int32_t rescaleDouble(int32_t input, FixedPointMultiplier multiplier);
int32_t rescaleSingle(int64_t input, FixedPointMultiplier multiplier);
int32_t rescaleReduced(int64_t input, FixedPointMultiplier multiplier);

} // namespace tflc

#endif // TFLC_QUANTIZATION_MULTIPLIER_H
