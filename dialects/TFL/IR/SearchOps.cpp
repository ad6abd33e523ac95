//===- SearchOps.cpp - elements found in a tensor -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/SearchOps.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/SearchOps.cpp.inc"

//===----------------------------------------------------------------------===//
// TOPK_V2
//===----------------------------------------------------------------------===//

LogicalResult TopkV2Op::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})))
    return failure();
  if (getInput().getType().getRank() == 0)
    return emitError("the input must have at least one dimension");
  Type k = getK().getType().getElementType(), indices = getIndices().getType().getElementType();
  if (!k.isSignlessInteger(16) && !k.isSignlessInteger(32))
    return emitError("k must be int16 or int32, found ") << getElementTypeName(k);
  if (getNumElements(getK().getType().getShape()) != 1)
    return emitError("k must be a scalar, found shape ")
           << getShapeText(getK().getType().getShape());
  if (!indices.isSignlessInteger(16) && !indices.isSignlessInteger(32))
    return emitError("the indices must be int16 or int32, found ") << getElementTypeName(indices);
  return verifyShapes(*this);
}

LogicalResult TopkV2Op::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  std::optional<int64_t> k = evaluateInt(getK());
  if (k && (*k < 0 || (!ShapedType::isDynamic(shape.back()) && *k > shape.back())))
    return emitError("k is ") << *k << ", a row has " << shape.back() << " elements";
  shape.back() = k.value_or(ShapedType::kDynamic);
  shapes.append(2, shape);
  return success();
}

//===----------------------------------------------------------------------===//
// UNIQUE
//===----------------------------------------------------------------------===//

LogicalResult UniqueOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})))
    return failure();
  if (getInput().getType().getRank() != 1)
    return emitError("the input must be a vector, found shape ")
           << getShapeText(getInput().getType().getShape());
  if (getIdxOutType() != "INT32" && getIdxOutType() != "INT64")
    return emitError("idx_out_type must be INT32 or INT64, found ") << getIdxOutType();
  unsigned width = getIdxOutType() == "INT32" ? 32 : 64;
  if (!getIndices().getType().getElementType().isSignlessInteger(width))
    return emitError("idx_out_type is ")
           << getIdxOutType() << ", the indices are " << getElementTypeName(getIndices().getType());
  return verifyShapes(*this);
}

LogicalResult UniqueOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back({ShapedType::kDynamic});
  shapes.push_back(SmallVector<int64_t>(getInput().getType().getShape()));
  return success();
}

//===----------------------------------------------------------------------===//
// WHERE
//===----------------------------------------------------------------------===//

LogicalResult WhereOp::verify() {
  if (!getOutput().getType().getElementType().isSignlessInteger(64))
    return emitError("the result must be int64, found ")
           << getElementTypeName(getOutput().getType());
  return verifyShapes(*this);
}

LogicalResult WhereOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back({ShapedType::kDynamic, getCondition().getType().getRank()});
  return success();
}
