//===- TransposedWeights.h - weights by phase -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_TRANSPOSEDWEIGHTS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_TRANSPOSEDWEIGHTS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace tflc {

/// One spatial dimension. Data can decide how large the result is.
struct TransposedAxis {
  int64_t filter, stride;
  mlir::OpFoldResult input, output, padLow;
  /// Taps of one phase.
  int64_t taps;
  /// Places of one phase.
  mlir::OpFoldResult places;
};

/// A transposed convolution of any number of spatial dimensions.
struct TransposedConvolution {
  llvm::SmallVector<TransposedAxis> axes;
  /// Where the weights have their output and input channels, and the filter's dimensions.
  int64_t outputAxis, inputAxis, filterAxis;
  int64_t inputChannels, outputChannels;

  int64_t getPhases() const {
    int64_t phases = 1;
    for (const TransposedAxis &axis : axes)
      phases *= axis.stride;
    return phases;
  }
  /// phases, output channels, taps, input channels
  llvm::SmallVector<int64_t> getGroupedShape() const {
    llvm::SmallVector<int64_t> shape;
    for (const TransposedAxis &axis : axes)
      shape.push_back(axis.stride);
    shape.push_back(outputChannels);
    for (const TransposedAxis &axis : axes)
      shape.push_back(axis.taps);
    shape.push_back(inputChannels);
    return shape;
  }
  /// The same with the phases joined to the output channels.
  llvm::SmallVector<int64_t> getWeightsShape() const {
    llvm::SmallVector<int64_t> shape = {getPhases() * outputChannels};
    llvm::append_range(shape, llvm::ArrayRef(getGroupedShape()).drop_front(axes.size() + 1));
    return shape;
  }
};

/// Float weights whose taps are `dilations` apart, along the dimensions from `filterAxis` on, as
/// weights whose taps are neighbours.
mlir::Value dilateWeights(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value weights,
                          llvm::ArrayRef<int64_t> dilations, int64_t filterAxis);

/// The weights by phase, of `conv.getWeightsShape()`; `fill` are the bytes of a tap that the filter
/// does not have.
mlir::Value groupWeights(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value weights,
                         const TransposedConvolution &conv, uint8_t fill);

/// The bias once for each phase.
mlir::Value repeatBias(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value bias,
                       const TransposedConvolution &conv);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_TRANSPOSEDWEIGHTS_H
