//===- MultiplyAccumulate.h - how much work an op is ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_MULTIPLYACCUMULATE_H
#define TFL_IR_MULTIPLYACCUMULATE_H

#include "TFL/IR/TFLDialect.h"

#include "TFL/IR/MultiplyAccumulate.h.inc"

namespace tflc::tfl {

/// The trait of an op whose kernels read int4 weights.
template <typename ConcreteOp>
class TakesInt4Weights : public mlir::OpTrait::TraitBase<ConcreteOp, TakesInt4Weights> {};

/// Elements of a tensor of this shape, unknown dimensions taken as one.
int64_t countElements(llvm::ArrayRef<int64_t> shape);

/// Every element of every weight matrix of a recurrent operator meets each step in time of each
/// batch. The first operand is the input, with its features last; weights are constant matrices.
int64_t countRecurrentProducts(mlir::Operation *op);

} // namespace tflc::tfl

#endif // TFL_IR_MULTIPLYACCUMULATE_H
