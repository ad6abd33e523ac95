//===- Table.h - functions of quantized values as tables --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_TABLE_H
#define TFLC_QUANTIZATION_TABLE_H

#include "llvm/ADT/STLFunctionalExtras.h"

#include <array>
#include <cstdint>

namespace tflc {

/// Scale and zero point of one side of a table.
struct TableScale {
  float scale;
  int32_t zeroPoint;
};

/// A function of 8 bit integers. The index is the stored byte read as unsigned; values are bytes
/// likewise.
using Table8 = std::array<uint8_t, 256>;

/// A function of 16 bit integers: one value for each 128th argument, ascending, to be interpolated
/// linearly.
using Table16 = std::array<int16_t, 513>;

/// `function` of the integer that each byte stands for, clamped to the type.
Table8 makeTable8(bool isSigned, llvm::function_ref<int32_t(int32_t)> function);

/// The real function between quantized integers, in float: dequantize, apply, times the reciprocal
/// of the scale, round halves away from zero, clamp.
Table8 makeRealTable8(bool isSigned, TableScale input, TableScale output,
                      llvm::function_ref<float(float)> function);

/// The same for 16 bits. Each entry is moved by half of the error that interpolation would make in
/// the middle of its interval. The function is computed in `Real`, float or double.
template <typename Real>
Table16 makeRealTable16(Real inputScale, int32_t inputZeroPoint, Real outputScale,
                        int32_t outputZeroPoint, llvm::function_ref<Real(Real)> function);

/// What a table of 16 bits says about `value`.
int16_t lookUp(const Table16 &table, int16_t value);

/// sigmoid(i / 24) in 16 fractional bits, the table of 16 bit LOGISTIC and TANH, moved for
/// interpolation.
std::array<uint16_t, 256> makeSigmoidTable();

/// HARD_SWISH of 8 bit integers in the reference's 16 bit fixed point.
Table8 makeHardSwishTable(bool isSigned, TableScale input, TableScale output);

/// RSQRT of 8 bit integers in the reference's fixed point; the largest value where the input is not
/// positive.
Table8 makeRsqrtTable(bool isSigned, TableScale input, TableScale output);

} // namespace tflc

#endif // TFLC_QUANTIZATION_TABLE_H
