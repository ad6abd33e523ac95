//===- Contraction.h - reductions that add up products ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The one place that looks at what a reduction's body does: convolutions, fully connected layers,
// depthwise windows and products of matrices all add a product to what their output held.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_CONTRACTION_H
#define TFLC_LIB_SCHEDULE_NEST_CONTRACTION_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"

#include <optional>

namespace tflc {

/// A body `acc + a * b`, in either order, with any values a and b.
struct ProductSum {
  mlir::Operation *add = nullptr;
  mlir::Operation *multiply = nullptr;
  bool isFloat = false;
};
/// `body` is that of a linalg op with one output; its last argument is the accumulator.
std::optional<ProductSum> matchProductSum(mlir::Block *body);

/// A factor of a contraction: an input of the op, or the extension of one.
struct Factor {
  unsigned input = 0;                   ///< number of the op's input
  mlir::Operation *extension = nullptr; ///< arith.extsi, arith.extui; null for none

  bool isUnsigned() const; ///< is extended with zeros
};

/// A body `acc + ext(a) * ext(b)`, with two different inputs a and b.
struct Contraction {
  Factor lhs, rhs;
  bool isFloat = false;

  /// Whether both factors are narrower than the accumulator.
  bool isExtended() const { return lhs.extension && rhs.extension; }
  const Factor &factorOf(unsigned input) const { return input == lhs.input ? lhs : rhs; }
  /// Whether the input with this number is extended with zeros.
  bool isUnsigned(unsigned input) const { return factorOf(input).isUnsigned(); }
};
/// None where the op has other inputs beside the factors.
std::optional<Contraction> matchContraction(mlir::Block *body);

/// The op that joins the accumulator with what does not depend on it: `acc + x`, `max(acc, x)`.
/// Null where the body has another form or the op has no neutral element.
mlir::Operation *matchCombiner(mlir::Block *body);

/// A body `acc + ext(byte)` in 32 bits: means and average pools.
struct AddedByte {
  unsigned input = 0; ///< number of the bytes' operand
  bool isUnsigned = false;
};
std::optional<AddedByte> matchAddedByte(mlir::Block *body);

/// So many bytes of either kind add up in 16 bits.
inline constexpr int64_t bytesInWord = 256;

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_CONTRACTION_H
