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

WindowGeometry tflc::getWindowGeometry(OpBuilder &builder, Location loc, Value input,
                                       ArrayRef<tfl::WindowAxis> axes, StringRef padding) {
  WindowGeometry geometry;
  geometry.axes.assign(axes.begin(), axes.end());
  bool isSame = padding == "SAME";
  for (tfl::WindowAxis axis : axes) {
    OpFoldResult size = tensor::getMixedSize(builder, loc, input, axis.dimension);
    if (std::optional<int64_t> known = getConstantIntValue(size)) {
      tfl::WindowSizes sizes = tfl::getWindowSizes(axis, *known, isSame);
      geometry.outputs.push_back(builder.getIndexAttr(sizes.output));
      geometry.padLow.push_back(builder.getIndexAttr(sizes.padLow));
      geometry.padHigh.push_back(builder.getIndexAttr(sizes.padHigh));
      continue;
    }
    AffineExpr in = builder.getAffineSymbolExpr(0);
    auto apply = [&](AffineExpr expr, ArrayRef<OpFoldResult> operands) {
      return affine::makeComposedFoldedAffineApply(builder, loc, expr, operands);
    };
    if (!isSame) {
      geometry.outputs.push_back(apply((in - axis.getExtent()).floorDiv(axis.stride) + 1, {size}));
      geometry.padLow.push_back(builder.getIndexAttr(0));
      geometry.padHigh.push_back(builder.getIndexAttr(0));
      continue;
    }
    AffineExpr output = in.ceilDiv(axis.stride);
    AffineExpr missing = (output - 1) * axis.stride + axis.getExtent() - in;
    OpFoldResult total = affine::makeComposedFoldedAffineMax(
        builder, loc,
        AffineMap::get(0, 1, {missing, builder.getAffineConstantExpr(0)}, builder.getContext()),
        {size});
    geometry.outputs.push_back(apply(output, {size}));
    geometry.padLow.push_back(apply(in.floorDiv(2), {total}));
    geometry.padHigh.push_back(apply(in - in.floorDiv(2), {total}));
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
