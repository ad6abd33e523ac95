//===- Clock.cpp - the time as a program can read it ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/Clock.h"

#include "llvm/TargetParser/Triple.h"

using namespace tflc;

/// Each one waits for the instructions before it, as the time between two readings shall be that of
/// the work between them.
std::optional<ClockRead> tflc::getClock(const TargetInfo &target) {
  llvm::Triple triple(target.triple);
  if (target.isBareMetal())
    return std::nullopt;
  switch (triple.getArch()) {
  case llvm::Triple::x86_64:
    return ClockRead{"lfence\n\trdtsc\n\tshlq $$32, %rdx\n\torq %rdx, %rax",
                     "={ax},~{dx},~{memory},~{dirflag},~{fpsr},~{flags}"};
  case llvm::Triple::aarch64:
    return ClockRead{"isb\n\tmrs $0, cntvct_el0", "=r,~{memory}"};
  case llvm::Triple::riscv64:
    return ClockRead{"fence\n\trdtime $0", "=r,~{memory}"};
  default:
    return std::nullopt;
  }
}
