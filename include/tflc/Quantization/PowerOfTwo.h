//===- PowerOfTwo.h - scales that are powers of two -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_POWEROFTWO_H
#define TFLC_QUANTIZATION_POWEROFTWO_H

#include <optional>

namespace tflc {

/// The exponent of a scale that is a power of two, to a thousandth of the exponent, as kernels with
/// arithmetic for such scales decide it.
std::optional<int> getLog2OfPowerOfTwo(float scale);

} // namespace tflc

#endif // TFLC_QUANTIZATION_POWEROFTWO_H
