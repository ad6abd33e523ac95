//===- FloatSum.h - sums of two bytes in float, where exact -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_FLOATSUM_H
#define TFLC_QUANTIZATION_FLOATSUM_H

#include "tflc/Quantization/Activation.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstdint>
#include <optional>

namespace tflc {

/// The arithmetic
///   nearest(fma(float(a), lhsScale, fma(float(b), rhsScale, offset))) + base
/// in IEEE single precision, rounding to nearest even.
struct FloatSum {
  float lhsScale = 0, rhsScale = 0;
  float offset = 0;
  int32_t base = 0;

  int32_t apply(int32_t a, int32_t b) const;
};

/// A quantized sum of two bytes: `rescale(lhs[a - first] + rhs[b - first'])`, with one table of 256
/// values for each byte, whose least values are `lhsFirst` and `rhsFirst`.
struct ByteSum {
  llvm::ArrayRef<int64_t> lhs, rhs;
  int32_t lhsFirst = -128, rhsFirst = -128;
  llvm::function_ref<int32_t(int32_t)> rescale;
  double scale = 1; ///< of the rescale
};

/// Float arithmetic that gives the same as the sum for all 65,536 pairs, once both are clamped to
/// `range`: each of them is tried. Nothing where the tables are no straight lines, or none of the
/// numbers around the real ones passes.
std::optional<FloatSum> findFloatSum(const ByteSum &sum, IntegerRange range);

} // namespace tflc

#endif // TFLC_QUANTIZATION_FLOATSUM_H
