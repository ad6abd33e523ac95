//===- KeptStates.h - states of layers over sequences -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_KEPTSTATES_H
#define TFLC_LIB_IMPORT_KERAS_KEPTSTATES_H

#include "LayerBuilder.h"

namespace tflc::keras {

/// Zeros whose first `dims` sizes are those of `x`, and whose others are `rest`.
mlir::Value makeZeros(LayerBuilder &layer, mlir::Value x, int64_t dims,
                      llvm::ArrayRef<int64_t> rest);

/// The size of a dimension, a scalar.
mlir::Value readSize(LayerBuilder &layer, mlir::Value x, int64_t dim);

/// States that live on between invocations, in variables of the model.
class KeptStates {
public:
  explicit KeptStates(LayerBuilder &layer) : layer(layer) {}

  /// What the last invocation has left of one more state; zeros at first. Its sizes must be known.
  mlir::Value read(llvm::ArrayRef<int64_t> shape);

  /// Keeps the states for the next invocation, in the order in which they were read.
  void write(llvm::ArrayRef<mlir::Value> states);

private:
  mlir::Value makeHandle(llvm::StringRef name);

  LayerBuilder &layer;
  llvm::SmallVector<std::string> variables;
};

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_KEPTSTATES_H
