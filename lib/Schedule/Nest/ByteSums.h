//===- ByteSums.h - sums of products of bytes along a run -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_BYTESUMS_H
#define TFLC_LIB_SCHEDULE_NEST_BYTESUMS_H

#include "LoopNest.h"

#include "tflc/Target/TargetInfo.h"

namespace tflc {

/// A sum of products of bytes that are neighbours along one loop of the reduction, so that an
/// instruction adds four of them to each lane.
struct ByteSum {
  static constexpr int64_t bytesInLane = 4;
  static constexpr int64_t leastRun = 16; ///< of neighbours: a vector of 128 bits

  unsigned first;  ///< input number of the factor that the instruction takes first
  bool isUnsigned; ///< whether that is extended with zeros; the other factor never is
};

/// None where the factors are others or few, or the target has no such instruction.
std::optional<ByteSum> findByteSum(const LoopNest &nest, unsigned vectorDim,
                                   const TargetInfo &target);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_BYTESUMS_H
