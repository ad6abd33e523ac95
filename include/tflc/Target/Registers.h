//===- Registers.h - registers of an architecture ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_REGISTERS_H
#define TFLC_TARGET_REGISTERS_H

#include "tflc/Target/TargetInfo.h"

namespace tflc {

/// General registers that hold any value: without stack pointer, program counter, constant zero and
/// what the platform keeps for itself. Of Cortex-M0 only the lower half counts, which all its
/// instructions take.
unsigned getGeneralRegisters(const TargetInfo &target);

/// What inline assembly calls the registers, in LLVM's notation, that hold vectors of floats or
/// integers; scalars where the target has no vectors.
llvm::StringRef getRegisterConstraint(const TargetInfo &target, bool isFloat);

} // namespace tflc

#endif // TFLC_TARGET_REGISTERS_H
