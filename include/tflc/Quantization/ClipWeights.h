//===- ClipWeights.h - weights clipped for the least error ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_CLIPWEIGHTS_H
#define TFLC_QUANTIZATION_CLIPWEIGHTS_H

#include "tflc/Quantization/Parameters.h"

namespace tflc {

/// The sum of squared errors of values that are quantized symmetrically so that `storedMax` stands
/// for `magnitude`, and larger ones are clipped.
double getClippingError(llvm::ArrayRef<float> values, float magnitude, int64_t storedMax);

/// The magnitude at which clipping makes the squared error least, by the fixed-point iteration of
/// OCTAV (Sakr et al., "Optimal Clipping and Magnitude-aware Differentiation for Improved
/// Quantization-aware Training", 2022):
///   s <- sum of |x| over |x| > s / (4^-bits / 3 * number of |x| <= s + number of |x| > s)
/// The largest magnitude where clipping gains nothing.
float chooseMagnitude(llvm::ArrayRef<float> values, unsigned bits);

} // namespace tflc

#endif // TFLC_QUANTIZATION_CLIPWEIGHTS_H
