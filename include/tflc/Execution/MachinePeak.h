//===- MachinePeak.h - how fast this machine can be -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_EXECUTION_MACHINEPEAK_H
#define TFLC_EXECUTION_MACHINEPEAK_H

#include "tflc/Target/FactorKind.h"
#include "tflc/Target/TargetInfo.h"

#include "llvm/Support/Error.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace tflc {

/// What one thread of this machine reaches at most, measured with loops that do nothing else.
struct MachinePeak {
  /// Multiply-accumulates a second of bytes and of 16 bit words, in the target's instructions, and
  /// of f32.
  double byteMacs = 0, wordMacs = 0, floatMacs = 0;
  /// Bytes read a second, for buffers of so many bytes, in rising order.
  std::vector<std::pair<int64_t, double>> readBandwidth;

  /// Of the smallest measured buffer that holds `bytes`; of the largest one beyond.
  double getReadBandwidth(int64_t bytes) const;

  double getMacs(FactorKind factors) const;

  /// The shortest time in seconds for `macs` multiply-accumulates with `bytes` of memory passed
  /// through.
  double getLeastSeconds(int64_t macs, FactorKind factors, int64_t bytes) const;
};

/// Compiles the loops for `target`, which must be able to run here, executes them in this process,
/// and takes the best of several readings. Takes about half a second.
llvm::Expected<MachinePeak> measureMachinePeak(const TargetInfo &target);

} // namespace tflc

#endif // TFLC_EXECUTION_MACHINEPEAK_H
