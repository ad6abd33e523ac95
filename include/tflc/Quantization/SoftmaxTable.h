//===- SoftmaxTable.h - exponentials of softmax -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_SOFTMAXTABLE_H
#define TFLC_QUANTIZATION_SOFTMAXTABLE_H

#include <array>
#include <cstdint>

namespace tflc {

/// -i * beta * scale for i in 0..255 with 26 fractional bits; INT32_MIN where that does not fit.
std::array<int32_t, 256> makeDifferenceTable(double beta, double scale);

/// exp(-i * beta * scale) for i in 0..255 with 31 fractional bits, as 8 bit SOFTMAX computes it: in
/// fixed point, a factor for each quarter and a polynomial of fourth degree in between. What is so
/// small that the reference leaves it out of the sum is zero.
std::array<int32_t, 256> makeSoftmaxTable(double beta, double scale);

} // namespace tflc

#endif // TFLC_QUANTIZATION_SOFTMAXTABLE_H
