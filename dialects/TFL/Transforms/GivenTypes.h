//===- GivenTypes.h - quantization that the model brings --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A model that was trained with quantization says how its float tensors quantize. It is noted as an
// attribute: of an op, `tfl.given_types` has a type or `unit` for each result, of a function's
// argument `tfl.given_type` is the type.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_GIVENTYPES_H
#define TFL_TRANSFORMS_GIVENTYPES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

namespace tflc::tfl {

void setGivenType(mlir::Value value, mlir::quant::QuantizedType type);

/// Null where the model says nothing.
mlir::quant::QuantizedType getGivenType(mlir::Value value);

/// Whether any tensor of the function has a given type.
bool hasGivenTypes(mlir::func::FuncOp function);

/// Removes the notes of a whole function.
void eraseGivenTypes(mlir::func::FuncOp function);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_GIVENTYPES_H
