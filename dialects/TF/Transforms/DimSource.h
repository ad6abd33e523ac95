//===- DimSource.h - where open sizes can be read ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_TRANSFORMS_DIMSOURCE_H
#define TF_TRANSFORMS_DIMSOURCE_H

#include "mlir/IR/Value.h"

#include <optional>

namespace tflc::tf {

/// A dimension of a value that is computed before the loops.
struct DimSource {
  mlir::Value value;
  int64_t dim;

  bool operator==(const DimSource &other) const { return value == other.value && dim == other.dim; }
};

/// Follows a dimension of a value in a loop to one from outside that it equals. Nothing if there is
/// none, or if it is not found in a number of steps.
std::optional<DimSource> findSource(mlir::Value value, int64_t dim);

/// The dimension that one is in a value before it was transposed or reversed.
DimSource followDim(mlir::Value value, int64_t dim);

/// The dimension, followed as far, whose size a number or a vector of one number is. Nothing if it
/// is any other number.
std::optional<DimSource> findReadDim(mlir::Value number);

} // namespace tflc::tf

#endif // TF_TRANSFORMS_DIMSOURCE_H
