//===- ScanOps.cpp - sums of all elements before --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ScanOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ScanOps.cpp.inc"

LogicalResult CumsumOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})))
    return failure();
  if (!isElementTypeIn(getInput().getType(), getElementTypes()))
    return emitError("unsupported type ") << getElementTypeName(getInput().getType());
  auto axis = getAxis().getType();
  if (!axis.getElementType().isSignlessInteger(32) || getNumElements(axis.getShape()) != 1)
    return emitError("the axis must be a scalar of int32, found ")
           << getElementTypeName(axis) << " of shape " << getShapeText(axis.getShape());
  if (getInput().getType().getRank() == 0)
    return emitError("the input must have a dimension, found a scalar");
  return verifyShapes(*this);
}

LogicalResult CumsumOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  if (std::optional<int64_t> axis = evaluateInt(getAxis()))
    if (failed(normalizeAxis(*this, *axis, getInput().getType().getRank())))
      return failure();
  shapes.push_back(SmallVector<int64_t>(getInput().getType().getShape()));
  return success();
}
