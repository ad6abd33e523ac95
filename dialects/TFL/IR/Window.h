//===- Window.h - windows of convolutions and pooling -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_WINDOW_H
#define TFL_IR_WINDOW_H

#include "mlir/IR/Operation.h"

namespace tflc::tfl {

/// One spatial dimension of a window that slides over an input.
struct WindowAxis {
  /// The input's dimension: 1 is the height and 2 the width, or 1 to 3 depth, height and width.
  int64_t dimension;
  int64_t filter, stride, dilation;

  /// From the window's first to its last place.
  int64_t getExtent() const { return (filter - 1) * dilation + 1; }
};

/// Sizes of a result along one dimension.
struct WindowSizes {
  int64_t output, padLow, padHigh;
};

/// How a window slides over `size` elements, with "SAME" padding or without. The result's `output`
/// is not positive where the window is larger than the input.
WindowSizes getWindowSizes(WindowAxis axis, int64_t size, bool samePadding);

/// Checks padding, filter, stride and dilation, and that the window fits a known input size.
llvm::LogicalResult verifyWindow(mlir::Operation *op, llvm::StringRef padding,
                                 llvm::ArrayRef<WindowAxis> axes,
                                 llvm::ArrayRef<int64_t> inputShape);

/// The result's shape, [n, oh, ow, channels], of a verified window; unknown sizes stay unknown.
llvm::SmallVector<int64_t> getWindowOutputShape(llvm::StringRef padding,
                                                llvm::ArrayRef<WindowAxis> axes,
                                                llvm::ArrayRef<int64_t> inputShape,
                                                int64_t channels);

/// Checks that `fused_activation_function` is one that the output's type allows.
llvm::LogicalResult verifyActivation(mlir::Operation *op, llvm::StringRef activation,
                                     mlir::Type output);

} // namespace tflc::tfl

#endif // TFL_IR_WINDOW_H
