//===- FactorKind.h - what is multiplied ------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_FACTORKIND_H
#define TFLC_TARGET_FACTORKIND_H

namespace tflc {

/// What multiply-accumulates multiply, which decides how many of them a machine does at once. Where
/// factors differ, the wider one counts.
enum class FactorKind { Byte, Word, Float };

} // namespace tflc

#endif // TFLC_TARGET_FACTORKIND_H
