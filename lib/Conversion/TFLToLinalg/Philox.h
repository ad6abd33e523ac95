//===- Philox.h - random bits from a counter --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_PHILOX_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_PHILOX_H

#include "ScalarBuilder.h"

#include <array>

namespace tflc {

/// A counter of 128 bits as two i64.
struct PhiloxCounter {
  mlir::Value low, high;

  /// The counter after `count` (an i64) more values.
  PhiloxCounter advance(ScalarBuilder &b, mlir::Value count) const;
};

/// The four i32 words that Philox-4x32-10 makes of a counter under a key.
std::array<mlir::Value, 4> generateWords(ScalarBuilder &b, const PhiloxCounter &counter,
                                         uint64_t key);

/// The lower 23 bits of a word as a fraction in [0, 1), an f32.
mlir::Value convertToFraction(ScalarBuilder &b, mlir::Value word);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_PHILOX_H
