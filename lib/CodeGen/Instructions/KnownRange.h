//===- KnownRange.h - bounds of integers at compile time --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_INSTRUCTIONS_KNOWNRANGE_H
#define TFLC_LIB_CODEGEN_INSTRUCTIONS_KNOWNRANGE_H

#include "mlir/IR/Value.h"

namespace tflc {

/// What is known of an integer (or of every lane of a vector) at compile time; both ends belong to
/// it.
struct KnownRange {
  int64_t min;
  int64_t max;

  bool isConstant() const { return min == max; }
  /// The largest distance from zero.
  int64_t magnitude() const { return std::max(-min, max); }
};

/// The values of a constant, or of a broadcast of one; `otherwise` for anything else.
KnownRange getKnownRange(mlir::Value value, KnownRange otherwise);

/// Bounds of an integer of at most 32 bits, followed through the arithmetic that makes it, products
/// of 64 bits included, up to where it was loaded. Every step that could leave the value's type
/// gives the type's own range.
KnownRange deriveRange(mlir::Value value);

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_INSTRUCTIONS_KNOWNRANGE_H
