//===- State.h - ops with a variable ----------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_STATE_H
#define TFL_IR_STATE_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"

namespace tflc::tfl {

/// A variable of the model.
struct StateInfo {
  /// Empty where an op owns the variable.
  llvm::StringRef name;
  /// Null where nothing shows it: a resource that is never read nor written.
  mlir::RankedTensorType type;
  /// What a reset stores; null for zeros, and where a function of the model assigns it.
  mlir::DenseElementsAttr initial;
};

} // namespace tflc::tfl

#include "TFL/IR/State.h.inc"

#endif // TFL_IR_STATE_H
