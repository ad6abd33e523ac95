//===- NeededRanges.h - which values make a difference ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_NEEDEDRANGES_H
#define TFL_TRANSFORMS_NEEDEDRANGES_H

#include "TFL/IR/TFLDialect.h"
#include "tflc/Quantization/Parameters.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace tflc::tfl {

/// What readers leave of a tensor: RELU nothing below zero, LOGISTIC in 8 bits nothing that is far
/// from zero, MINIMUM nothing above its result, SOFTMAX nothing of what a mask has taken out. A
/// scale need not cover more, and integers saturate just where it makes no difference.
class NeededRanges {
public:
  /// `getWidth`: the bits of the integers that an operator computes with, 0 for one in float.
  /// Operators in float and callers need all values.
  NeededRanges(mlir::func::FuncOp function,
               llvm::function_ref<unsigned(mlir::Operation *)> getWidth);

  /// The part of the calibrated range that all readers together need, and that one of them needs;
  /// a single number where that is none of it. Nothing where neither calibration nor a constant
  /// says the range.
  std::optional<FloatRange> get(mlir::Value value) const;
  std::optional<FloatRange> get(mlir::OpOperand &operand) const;

private:
  FloatRange findNeed(mlir::OpOperand &operand) const;
  FloatRange getNeed(mlir::Value value) const;
  float findLeastExtent(mlir::Value value, FloatRange calibrated) const;
  void noteRange(mlir::Value value);

  /// Of operators that compute with integers.
  llvm::DenseMap<mlir::Operation *, unsigned> widths;
  /// What readers need, and what of it calibration has seen.
  llvm::DenseMap<mlir::Value, FloatRange> needs;
  llvm::DenseMap<mlir::Value, FloatRange> ranges;
};

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_NEEDEDRANGES_H
