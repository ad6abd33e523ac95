//===- TapPairing.h - which two taps of a window make a pair ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_TAPPAIRING_H
#define TFLC_LIB_SCHEDULE_EMIT_TAPPAIRING_H

#include "mlir/Support/LLVM.h"

#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace tflc {

/// Steps of the reduction: an offset for each loop.
using Tap = mlir::SmallVector<int64_t>;

/// Two taps that join a sum at once, or a single one.
struct TapPair {
  Tap first;
  std::optional<Tap> second;
  /// Of a single one that ends a line: the tap in front of it.
  std::optional<Tap> previous;
};

/// Pairs taps so that neighbouring sums read the same pairs: lines of a window two at a time, each
/// tap with the one of the next line; in a last line each tap with the next.
mlir::SmallVector<TapPair> pairTaps(mlir::ArrayRef<Tap> steps);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_TAPPAIRING_H
