//===- Clock.h - the time as a program can read it --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_CLOCK_H
#define TFLC_TARGET_CLOCK_H

#include "tflc/Target/TargetInfo.h"

namespace tflc {

/// Inline assembly, in LLVM's notation, that gives the ticks of a steady clock as an i64. It is for
/// measurements alone: no compiled model contains it.
struct ClockRead {
  llvm::StringRef assembly;
  llvm::StringRef constraints;
};
/// None where a program has no such clock.
std::optional<ClockRead> getClock(const TargetInfo &target);

} // namespace tflc

#endif // TFLC_TARGET_CLOCK_H
