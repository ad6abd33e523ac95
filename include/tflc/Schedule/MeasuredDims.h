//===- MeasuredDims.h - shapes that data decide -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SCHEDULE_MEASUREDDIMS_H
#define TFLC_SCHEDULE_MEASUREDDIMS_H

#include "llvm/ADT/StringRef.h"

namespace tflc {

/// On an entry function after its arena has been planned, where invocations decide shapes: for each
/// unknown dimension of the outputs, in order, `unit` where plan computes it, else the constant
/// that bounds it, or -1.
constexpr llvm::StringLiteral kMeasuredDimsAttrName = "tflc.measured_dims";

/// On the argument of an output: its shape as the model has it, with `ShapedType::kDynamic` where
/// that is unknown. Where none is, the attribute is absent.
constexpr llvm::StringLiteral kOutputShapeAttrName = "tflc.output_shape";

/// On the argument of such an output whose dimensions all became known since: its shape.
constexpr llvm::StringLiteral kKnownShapeAttrName = "tflc.known_shape";

/// On a module that was given up because data decide a size that has to be known or bounded: the
/// model asks for what there is no code for, which is no defect.
constexpr llvm::StringLiteral kUnboundedAttrName = "tflc.unbounded";

} // namespace tflc

#endif // TFLC_SCHEDULE_MEASUREDDIMS_H
