//===- ResizeOps.cpp - images in another size -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ResizeOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ResizeOps.cpp.inc"

template <typename Op> static LogicalResult verifyResize(Op op) {
  auto input = op.getInput().getType(), size = op.getSize().getType();
  if (input.getRank() != 4)
    return op->emitError("the input must have rank 4, found shape ")
           << getShapeText(input.getShape());
  if (failed(verifySameElementType(op, {op.getInput(), op.getOutput()})))
    return failure();
  if (!size.getElementType().isSignlessInteger(32) || size.getRank() != 1 ||
      size.getDimSize(0) != 2)
    return op->emitError("size must be a vector of two int32, found ")
           << getElementTypeName(size) << " of shape " << getShapeText(size.getShape());
  return verifyShapes(op);
}

template <typename Op>
static LogicalResult inferResized(Op op, SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = op.getInput().getType().getShape();
  SmallVector<int64_t> shape(input);
  std::optional<KnownInts> sizes = evaluateInts(op.getSize());
  for (unsigned i : {0, 1}) {
    std::optional<int64_t> size = sizes && sizes->size() == 2 ? (*sizes)[i] : std::nullopt;
    if (size && *size < op.getLeastSize())
      return op->emitError("the new size must be ")
             << op.getLeastSize() << " or more, found " << *size;
    if (input[i + 1] == 0)
      return op->emitError("there is no pixel to read in an input of shape ")
             << getShapeText(input);
    shape[i + 1] = size.value_or(ShapedType::kDynamic);
  }
  shapes.push_back(shape);
  return success();
}

LogicalResult ResizeNearestNeighborOp::verify() { return verifyResize(*this); }

LogicalResult ResizeNearestNeighborOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferResized(*this, shapes);
}

LogicalResult ResizeBilinearOp::verify() {
  // The reference looks at the options where it reads the size beforehand.
  if (getAlignCorners() && getHalfPixelCenters() && evaluateAllInts(getSize()))
    return emitError("align_corners and half_pixel_centers exclude each other");
  return verifyResize(*this);
}

LogicalResult ResizeBilinearOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferResized(*this, shapes);
}
