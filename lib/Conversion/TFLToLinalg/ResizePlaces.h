//===- ResizePlaces.h - which pixels a resized image reads ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_RESIZEPLACES_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_RESIZEPLACES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace tflc {

/// How one dimension of an image is resized. Sizes that are unknown when the model is compiled are
/// positive in an invocation: who makes this has guarded them.
struct ResizedAxis {
  mlir::OpFoldResult input, output;
  bool alignCorners, halfPixelCenters;
};

/// For each place of the result the place in the input that is nearest, as a vector of i32. A
/// constant where both sizes are known.
mlir::Value createNearestTable(mlir::OpBuilder &builder, mlir::Location loc,
                               const ResizedAxis &axis);

/// The two neighbours in the input of each place of the result, and its distance from the lower
/// one.
struct NeighbourTables {
  /// Vectors of i32.
  mlir::Value low, high;
  /// A vector of f32, or of i32 with 10 fractional bits.
  mlir::Value distance;
};

NeighbourTables createNeighbourTables(mlir::OpBuilder &builder, mlir::Location loc,
                                      const ResizedAxis &axis, bool isFixedPoint);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_RESIZEPLACES_H
