//===- Parameters.h - scales and zero points of ranges ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_PARAMETERS_H
#define TFLC_QUANTIZATION_PARAMETERS_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace tflc {

/// real = scale * (stored - zeroPoint). The scale is a float: that is what a model file holds.
struct QuantizationParameters {
  float scale = 1;
  int64_t zeroPoint = 0;
};

/// The real numbers that a tensor takes, both ends included.
struct FloatRange {
  float min = 0;
  float max = 0;

  void include(FloatRange other);
};

/// The smallest and the largest of `values`; zeros for none. NaN counts as nothing.
FloatRange getRange(llvm::ArrayRef<float> values);

/// Parameters with which the stored integers from `storedMin` to `storedMax` cover `range` and
/// zero. The zero point is an integer, so that zero has no error.
QuantizationParameters chooseAsymmetric(FloatRange range, int64_t storedMin, int64_t storedMax);

/// Parameters with zero point 0 with which `storedMax` stands for the largest magnitude.
QuantizationParameters chooseSymmetric(FloatRange range, int64_t storedMax);

/// round(value / scale) + zeroPoint, halves away from zero, between the two limits. NaN gives the
/// zero point.
int64_t quantizeValue(double value, QuantizationParameters parameters, int64_t storedMin,
                      int64_t storedMax);

/// The bits of the nearest float16, halves to even; what is too large becomes the largest finite
/// number, so that a weight never turns into infinity.
uint16_t narrowToHalf(float value);

/// For each slice of an axis, the range of the values in it. `shape` is the shape of `values`.
std::vector<FloatRange> getRangesAlong(llvm::ArrayRef<float> values, llvm::ArrayRef<int64_t> shape,
                                       unsigned axis);

} // namespace tflc

#endif // TFLC_QUANTIZATION_PARAMETERS_H
