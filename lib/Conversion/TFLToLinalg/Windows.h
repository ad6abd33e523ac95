//===- Windows.h - lowering of sliding windows ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_WINDOWS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_WINDOWS_H

#include "TFL/IR/Window.h"

#include "mlir/IR/Builders.h"

namespace tflc {

/// The sizes of a window's result and padding along each of its axes, known or computed from the
/// input's.
struct WindowGeometry {
  llvm::SmallVector<tfl::WindowAxis> axes;
  llvm::SmallVector<mlir::OpFoldResult> outputs, padLow, padHigh;

  bool isPadded() const;
};

/// The sizes of a window's result and padding along one axis of size `size`.
struct WindowExtent {
  mlir::OpFoldResult output, padLow, padHigh;
};

WindowExtent getWindowExtent(mlir::OpBuilder &builder, mlir::Location loc, tfl::WindowAxis axis,
                             mlir::OpFoldResult size, bool samePadding);

WindowGeometry getWindowGeometry(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
                                 llvm::ArrayRef<tfl::WindowAxis> axes, llvm::StringRef padding);

/// `input` with `scalar` around it; `input` itself where the geometry has no padding.
mlir::Value padForWindow(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value input,
                         const WindowGeometry &geometry, mlir::Value scalar);

/// The place in the padded input that belongs to iterator `output` of the result and iterator
/// `tap` of the window.
mlir::AffineExpr getWindowPlace(tfl::WindowAxis axis, mlir::AffineExpr output,
                                mlir::AffineExpr tap);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_WINDOWS_H
