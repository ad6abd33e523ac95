//===- ByteSum.h - reductions that add up bytes -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_BYTESUM_H
#define TFLC_LIB_SCHEDULE_NEST_BYTESUM_H

#include "LoopNest.h"

namespace tflc {

/// A reduction `acc + ext(byte)` in 32 bits: means and average pools.
struct ByteSum {
  unsigned input = 0; ///< number of the bytes' operand
  bool isUnsigned = false;
};
std::optional<ByteSum> matchByteSum(const Stage &stage);

/// So many bytes of either kind add up in 16 bits.
inline constexpr int64_t bytesInWord = 256;

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_BYTESUM_H
