//===- NonDecreasing.h - epilogues that keep an order -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_NONDECREASING_H
#define TFLC_LIB_SCHEDULE_NEST_NONDECREASING_H

#include "LoopNest.h"

namespace tflc {

/// Whether the body of `stage`, an integer from an i32 accumulator, never decreases where that
/// grows and all else stays, as signed numbers. Then the largest of several results is the result
/// of the largest accumulator. Each op is judged by itself, so that this may be unknown though it
/// is so; the answer is false then, too.
bool neverDecreases(const Stage &stage);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_NONDECREASING_H
