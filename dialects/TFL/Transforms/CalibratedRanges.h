//===- CalibratedRanges.h - what calibration found out ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Ranges of tensors as attributes: of an op, `tfl.ranges` has the smallest and the largest value of
// each result (NaN where nothing is known), of a function's argument `tfl.range` its two.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_TRANSFORMS_CALIBRATEDRANGES_H
#define TFL_TRANSFORMS_CALIBRATEDRANGES_H

#include "tflc/Quantization/Parameters.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <optional>

namespace tflc::tfl {

/// The float tensors of a function that calibration looks at, in program order: its arguments, then
/// the results of its operators; no constants.
llvm::SmallVector<mlir::Value> collectActivations(mlir::func::FuncOp function);

/// The float tensors of the subgraphs that a function's operators run, and of those that these run:
/// for each operator, in program order, those of its subgraphs. A subgraph that is run in several
/// places comes as often; the condition of a loop is not looked into.
llvm::SmallVector<mlir::Value> collectInnerActivations(mlir::func::FuncOp function);

/// The tensors of collectActivations, and quantized ones among them where these have one scale
/// each.
llvm::SmallVector<mlir::Value> collectReals(mlir::func::FuncOp function);

/// Notes the range of an argument or result.
void setCalibratedRange(mlir::Value value, FloatRange range);

/// The range noted for a value, if any.
std::optional<FloatRange> getCalibratedRange(mlir::Value value);

/// Removes the notes of a whole function.
void eraseCalibratedRanges(mlir::func::FuncOp function);

} // namespace tflc::tfl

#endif // TFL_TRANSFORMS_CALIBRATEDRANGES_H
