//===- ScatterOps.cpp - elements put in places that data give -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ScatterOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ScatterOps.cpp.inc"

static bool mayDiffer(int64_t lhs, int64_t rhs) {
  return !ShapedType::isDynamic(lhs) && !ShapedType::isDynamic(rhs) && lhs != rhs;
}

//===----------------------------------------------------------------------===//
// SCATTER_ND
//===----------------------------------------------------------------------===//

LogicalResult ScatterNdOp::verify() {
  if (failed(verifySameElementType(*this, {getUpdates(), getOutput()})))
    return failure();
  if (!isElementTypeIn(getUpdates().getType(), getElementTypes()))
    return emitError("unsupported type ") << getElementTypeName(getUpdates().getType());
  for (Value value : {Value(getIndices()), Value(getShape())})
    if (!getElementTypeOrSelf(value.getType()).isSignlessInteger(32))
      return emitError("indices and shape must be int32, found ")
             << getElementTypeName(value.getType());
  ArrayRef<int64_t> indices = getIndices().getType().getShape();
  if (indices.empty() || ShapedType::isDynamic(indices.back()))
    return emitError("indices must have a last dimension of known size, found shape ")
           << getShapeText(indices);
  return verifyShapes(*this);
}

LogicalResult ScatterNdOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  FailureOr<SmallVector<int64_t>> shape = getGivenShape(*this, getShape(), "the shape");
  if (failed(shape))
    return failure();
  ArrayRef<int64_t> indices = getIndices().getType().getShape();
  ArrayRef<int64_t> updates = getUpdates().getType().getShape();
  int64_t numPicked = indices.back(), numInner = int64_t(shape->size()) - numPicked;
  SmallVector<int64_t> expected(indices.drop_back());
  if (numInner >= 0)
    llvm::append_range(expected, ArrayRef(*shape).drop_front(numPicked));
  if (numInner < 0 || failed(verifyCompatibleShape(expected, updates)))
    return emitError("updates of shape ")
           << getShapeText(updates) << " and indices of shape " << getShapeText(indices)
           << " do not fit a result of shape " << getShapeText(*shape);
  shapes.push_back(*shape);
  return success();
}

//===----------------------------------------------------------------------===//
// SPARSE_TO_DENSE
//===----------------------------------------------------------------------===//

LogicalResult SparseToDenseOp::verify() {
  if (failed(verifySameElementType(*this, {getValues(), getDefaultValue(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getIndices(), "indices")) ||
      failed(verifyIndexOperand(*this, getShape(), "the shape")))
    return failure();
  if (!isElementTypeIn(getValues().getType(), getElementTypes()))
    return emitError("unsupported type ") << getElementTypeName(getValues().getType());
  if (getNumElements(getDefaultValue().getType().getShape()) != 1)
    return emitError("the default value must be a scalar, found shape ")
           << getShapeText(getDefaultValue().getType().getShape());
  ArrayRef<int64_t> indices = getIndices().getType().getShape();
  ArrayRef<int64_t> values = getValues().getType().getShape();
  if (indices.size() > 2)
    return emitError("indices must have at most two dimensions, found shape ")
           << getShapeText(indices);
  if (values.size() > 1 ||
      (values.size() == 1 && mayDiffer(values[0], indices.empty() ? 1 : indices[0])))
    return emitError("values of shape ")
           << getShapeText(values) << " do not fit indices of shape " << getShapeText(indices);
  return verifyShapes(*this);
}

LogicalResult SparseToDenseOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  constexpr size_t maxRank = 4;
  FailureOr<SmallVector<int64_t>> shape = getGivenShape(*this, getShape(), "the shape");
  if (failed(shape))
    return failure();
  ArrayRef<int64_t> indices = getIndices().getType().getShape();
  if (shape->size() > maxRank)
    return emitError("the result must have at most four dimensions, found shape ")
           << getShapeText(*shape);
  if (mayDiffer(indices.size() == 2 ? indices[1] : 1, shape->size()))
    return emitError("indices of shape ")
           << getShapeText(indices) << " do not fit a result of shape " << getShapeText(*shape);
  shapes.push_back(*shape);
  return success();
}

//===----------------------------------------------------------------------===//
// DYNAMIC_UPDATE_SLICE
//===----------------------------------------------------------------------===//

LogicalResult DynamicUpdateSliceOp::verify() {
  if (failed(verifySameElementType(*this, {getOperand(), getUpdate(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getStartIndices(), "start_indices")))
    return failure();
  ArrayRef<int64_t> operand = getOperand().getType().getShape();
  ArrayRef<int64_t> update = getUpdate().getType().getShape();
  ArrayRef<int64_t> start = getStartIndices().getType().getShape();
  if (start.size() != 1 || mayDiffer(start[0], operand.size()))
    return emitError("start_indices must have one element for each of the ")
           << operand.size() << " dimensions, found shape " << getShapeText(start);
  bool fits = operand.size() == update.size();
  for (size_t i = 0; fits && i < operand.size(); ++i)
    fits = ShapedType::isDynamic(operand[i]) || ShapedType::isDynamic(update[i]) ||
           update[i] <= operand[i];
  if (!fits)
    return emitError("an update of shape ")
           << getShapeText(update) << " does not fit a tensor of shape " << getShapeText(operand);
  return success();
}

LogicalResult DynamicUpdateSliceOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(SmallVector<int64_t>(getOperand().getType().getShape()));
  return success();
}
