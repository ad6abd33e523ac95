//===- Windows.cpp - lowering of sliding windows --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Windows.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

bool WindowGeometry::isPadded() const {
  return !llvm::all_of(llvm::concat<const OpFoldResult>(padLow, padHigh), isZeroInteger);
}

WindowExtent tflc::getWindowExtent(OpBuilder &builder, Location loc, tfl::WindowAxis axis,
                                   OpFoldResult size, bool samePadding) {
  if (std::optional<int64_t> known = getConstantIntValue(size)) {
    tfl::WindowSizes sizes = tfl::getWindowSizes(axis, *known, samePadding);
    return {builder.getIndexAttr(sizes.output), builder.getIndexAttr(sizes.padLow),
            builder.getIndexAttr(sizes.padHigh)};
  }
  AffineExpr in = builder.getAffineSymbolExpr(0);
  auto apply = [&](AffineExpr expr, ArrayRef<OpFoldResult> operands) {
    return affine::makeComposedFoldedAffineApply(builder, loc, expr, operands);
  };
  if (!samePadding)
    return {apply((in - axis.getExtent()).floorDiv(axis.stride) + 1, {size}),
            builder.getIndexAttr(0), builder.getIndexAttr(0)};
  AffineExpr output = in.ceilDiv(axis.stride);
  AffineExpr missing = (output - 1) * axis.stride + axis.getExtent() - in;
  OpFoldResult total = affine::makeComposedFoldedAffineMax(
      builder, loc,
      AffineMap::get(0, 1, {missing, builder.getAffineConstantExpr(0)}, builder.getContext()),
      {size});
  OpFoldResult count = apply(output, {size}), low = apply(in.floorDiv(2), {total});
  return {count, low, apply(in - in.floorDiv(2), {total})};
}

WindowGeometry tflc::getWindowGeometry(OpBuilder &builder, Location loc, Value input,
                                       ArrayRef<tfl::WindowAxis> axes, StringRef padding) {
  WindowGeometry geometry;
  geometry.axes.assign(axes.begin(), axes.end());
  for (tfl::WindowAxis axis : axes) {
    OpFoldResult size = tensor::getMixedSize(builder, loc, input, axis.dimension);
    WindowExtent extent = getWindowExtent(builder, loc, axis, size, padding == "SAME");
    geometry.outputs.push_back(extent.output);
    geometry.padLow.push_back(extent.padLow);
    geometry.padHigh.push_back(extent.padHigh);
  }
  return geometry;
}

Value tflc::padForWindow(OpBuilder &builder, Location loc, Value input,
                         const WindowGeometry &geometry, Value scalar) {
  if (!geometry.isPadded())
    return input;
  int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
  SmallVector<OpFoldResult> low(rank, builder.getIndexAttr(0)), high = low;
  for (auto [i, axis] : llvm::enumerate(geometry.axes)) {
    low[axis.dimension] = geometry.padLow[i];
    high[axis.dimension] = geometry.padHigh[i];
  }
  return tensor::PadOp::create(builder, loc, Type(), input, low, high, scalar);
}

AffineExpr tflc::getWindowPlace(tfl::WindowAxis axis, AffineExpr output, AffineExpr tap) {
  return output * axis.stride + tap * axis.dilation;
}
