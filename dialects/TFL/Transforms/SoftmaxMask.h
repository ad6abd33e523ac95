//===- SoftmaxMask.h - logits that a mask takes out -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_SOFTMAXMASK_H
#define TFL_TRANSFORMS_SOFTMAXMASK_H

#include "mlir/IR/Operation.h"

#include <optional>

namespace tflc::tfl {

/// Attention takes elements out by making their logits, the first operand of `op` (SOFTMAX), very
/// small (-1e9) in front of it. A scale that covers such a number leaves nothing of the others, and
/// need not: from some distance below the least of the others on, an exponential is nothing in
/// integers of `width` bits. Gives the number from which on logits must be told apart; nothing
/// where no mask is found. At least one element of each row is supposed to be left.
std::optional<float> findLeastNeededLogit(mlir::Operation *op, unsigned width);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_SOFTMAXMASK_H
