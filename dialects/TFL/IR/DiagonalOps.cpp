//===- DiagonalOps.cpp - matrices and their diagonals ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/DiagonalOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/DiagonalOps.cpp.inc"

LogicalResult MatrixDiagOp::verify() {
  if (failed(verifyElementwise(*this, getElementTypes())))
    return failure();
  if (getDiagonal().getType().getRank() == 0)
    return emitError("the diagonal must have a dimension, found a scalar");
  return success();
}

LogicalResult MatrixDiagOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getDiagonal().getType().getShape());
  shape.push_back(shape.back());
  shapes.push_back(shape);
  return success();
}

LogicalResult MatrixSetDiagOp::verify() {
  if (failed(verifyElementwise(*this, getElementTypes())))
    return failure();
  ArrayRef<int64_t> input = getInput().getType().getShape();
  ArrayRef<int64_t> diagonal = getDiagonal().getType().getShape();
  if (input.size() < 2)
    return emitError("the input must have two dimensions or more, found shape ")
           << getShapeText(input);
  SmallVector<int64_t> expected(input.drop_back());
  expected.back() = llvm::is_contained(input.take_back(2), ShapedType::kDynamic)
                        ? ShapedType::kDynamic
                        : std::min(expected.back(), input.back());
  if (failed(verifyCompatibleShape(diagonal, expected)))
    return emitError("a diagonal of shape ")
           << getShapeText(diagonal) << " does not fit an input of shape " << getShapeText(input);
  return success();
}

LogicalResult MatrixSetDiagOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(SmallVector<int64_t>(getInput().getType().getShape()));
  return success();
}
