//===- FloatRescale.h - rescaling in float, where it is exact ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_FLOATRESCALE_H
#define TFLC_QUANTIZATION_FLOATRESCALE_H

#include "tflc/Quantization/Activation.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace tflc {

/// How a `FloatRescale` makes an integer of its float sum.
enum class FloatRounding {
  Nearest,  ///< to the nearest integer, halves to the even one
  Truncate, ///< towards zero
};

/// The arithmetic
///   round(fma(float(x), scale, x < 0 ? offsetBelow : offset)) + base + (x is raised ? 1 : 0)
/// in IEEE single precision, rounding to nearest even; `round` is what `rounding` says.
struct FloatRescale {
  float scale = 0;
  float offset = 0;      ///< of inputs from zero on
  float offsetBelow = 0; ///< of negative inputs
  FloatRounding rounding = FloatRounding::Nearest;
  int32_t base = 0;
  /// Inputs for which the float arithmetic alone would give one less; mostly there are none.
  llvm::SmallVector<int32_t, 2> raised;

  int32_t apply(int32_t x) const;
};

/// The thresholds of an integer rescale of inputs in `domain`, as seen through a clamp: element i
/// is the least input whose result is at least `range.min + 1 + i`, or `domain.max + 1` where there
/// is none. `rescale` must not decrease; `estimate` is about its slope.
std::vector<int64_t> findThresholds(llvm::function_ref<int32_t(int32_t)> rescale, double estimate,
                                    IntegerRange range, IntegerRange domain);

/// What is asked of `findFloatRescale`.
struct FloatRescaleRequest {
  double scale;        ///< about the slope of the integer rescale
  IntegerRange range;  ///< what results are clamped to
  IntegerRange domain; ///< of the inputs
  FloatRounding rounding = FloatRounding::Nearest;
  bool twoOffsets = false; ///< whether the offset of negative inputs may be another one
  int32_t base = 0;        ///< of the result
  unsigned mostRaised = 0;
};

/// Float arithmetic that gives the same as an integer rescale with these thresholds for every input
/// in the domain, once both are clamped to the range; nothing where none was found.
///
/// Both functions never decrease among inputs of one sign, so they are equal if and only if they
/// are so at the inputs next to zero, and reach every value of the range at the same input: that is
/// tested, value by value. A threshold leaves the offset an interval of one step of the input
/// (`scale`); the thresholds of all values together leave about a 256th of that, which is enough
/// for the accumulators of most networks. Integers that are rounded twice move halves away from
/// zero, which is about a step of the input: positive and negative results have no offset in
/// common, but one each. Where the 24 bits of the scale leave no interval, up to `mostRaised`
/// inputs may be exceptions.
std::optional<FloatRescale> findFloatRescale(const std::vector<int64_t> &thresholds,
                                             const FloatRescaleRequest &request);

} // namespace tflc

#endif // TFLC_QUANTIZATION_FLOATRESCALE_H
