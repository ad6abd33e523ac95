//===- OperationHelpers.h - what families of keras.ops share ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_OPERATIONHELPERS_H
#define TFLC_LIB_IMPORT_KERAS_OPERATIONHELPERS_H

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

namespace tflc::keras {

/// Whether there are two inputs; anything else is a fault.
inline bool hasTwo(LayerBuilder &layer, llvm::ArrayRef<mlir::Value> inputs) {
  if (inputs.size() == 2)
    return true;
  layer.fault("it has " + llvm::Twine(inputs.size()) + " inputs, expected 2");
  return false;
}

/// An operation of TensorFlow on one input.
template <typename Op> Values buildUnary(LayerBuilder &layer, llvm::ArrayRef<mlir::Value> inputs) {
  return {layer.make<Op>(inputs.front())};
}

/// An operation of TensorFlow on two inputs.
template <typename Op> Values buildBinary(LayerBuilder &layer, llvm::ArrayRef<mlir::Value> inputs) {
  if (!hasTwo(layer, inputs))
    return {};
  return {layer.make<Op>(inputs[0], inputs[1])};
}

/// A number counts as true unless it is zero.
inline mlir::Value toBool(LayerBuilder &layer, mlir::Value x) {
  return layer.cast(x, layer.b.getI1Type());
}

inline mlir::Value select(LayerBuilder &layer, mlir::Value condition, mlir::Value yes,
                          mlir::Value no) {
  return layer.makeAs<tf::SelectV2Op>(layer.getElementType(yes), condition, yes, no);
}

template <typename Op> mlir::Value compare(LayerBuilder &layer, mlir::Value x, mlir::Value y) {
  return layer.makeAs<Op>(layer.b.getI1Type(), x, y);
}

inline mlir::Value isNan(LayerBuilder &layer, mlir::Value x) {
  return layer.makeAs<tf::IsNanOp>(layer.b.getI1Type(), x);
}

inline mlir::Value scale(LayerBuilder &layer, mlir::Value x, double factor) {
  return layer.make<tf::MulOp>(x, layer.makeScalar(factor, x));
}

/// The sum of products over pairs of axes; what is left of `y` follows what is left of `x`. With
/// `isBatched`, the first axes of both are those of one batch.
mlir::Value contract(LayerBuilder &layer, mlir::Value x, mlir::Value y,
                     llvm::ArrayRef<int64_t> xAxes, llvm::ArrayRef<int64_t> yAxes,
                     bool isBatched = false);

/// The axes that the key `axis` names, counted from the front: all where there is none.
inline Integers getReducedAxes(LayerBuilder &layer, mlir::Value x) {
  Integers all = llvm::to_vector(llvm::seq<int64_t>(0, layer.getRank(x)));
  return all.empty() ? all : layer.getAxes("axis", x, all);
}

/// The same as an operand of a reduction.
inline mlir::Value makeReducedAxes(LayerBuilder &layer, mlir::Value x) {
  return layer.makeVector(getReducedAxes(layer, x));
}

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_OPERATIONHELPERS_H
