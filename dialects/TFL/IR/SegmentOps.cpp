//===- SegmentOps.cpp - rows combined by segment --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/SegmentOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/SegmentOps.cpp.inc"

/// The checks of all: the types, and ids that are a prefix of the input's shape.
template <typename Op> static LogicalResult verifySegments(Op op) {
  if (failed(verifySameElementType(op, {op.getInput(), op.getOutput()})))
    return failure();
  if (!isElementTypeIn(op.getInput().getType(), Op::getElementTypes()))
    return op.emitError("unsupported type ") << getElementTypeName(op.getInput().getType());
  if (!op.getSegmentIds().getType().getElementType().isSignlessInteger(32))
    return op.emitError("segment_ids must be int32, found ")
           << getElementTypeName(op.getSegmentIds().getType());
  ArrayRef<int64_t> input = op.getInput().getType().getShape();
  ArrayRef<int64_t> ids = op.getSegmentIds().getType().getShape();
  if (ids.size() > input.size() || failed(verifyCompatibleShape(ids, input.take_front(ids.size()))))
    return op.emitError("segment_ids of shape ")
           << getShapeText(ids) << " do not fit an input of shape " << getShapeText(input);
  return verifyShapes(op);
}

//===----------------------------------------------------------------------===//
// SEGMENT_SUM
//===----------------------------------------------------------------------===//

LogicalResult SegmentSumOp::verify() {
  if (getSegmentIds().getType().getRank() != 1)
    return emitError("segment_ids must be a vector, found shape ")
           << getShapeText(getSegmentIds().getType().getShape());
  return verifySegments(*this);
}

LogicalResult SegmentSumOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  std::optional<SmallVector<int64_t>> ids = evaluateAllInts(getSegmentIds());
  shape[0] = ShapedType::kDynamic;
  if (ids) {
    int64_t before = 0;
    for (auto [i, id] : llvm::enumerate(*ids)) {
      if (id != before && (i == 0 || id != before + 1))
        return emitError("segment_ids must begin with 0 and increase by at most 1, found ")
               << id << " at place " << i;
      before = id;
    }
    shape[0] = ids->empty() ? 0 : ids->back() + 1;
  }
  shapes.push_back(shape);
  return success();
}

//===----------------------------------------------------------------------===//
// UNSORTED_SEGMENT_*
//===----------------------------------------------------------------------===//

template <typename Op> static LogicalResult verifyUnsortedSegments(Op op) {
  auto count = op.getNumSegments().getType();
  if (!count.getElementType().isSignlessInteger(32) || getNumElements(count.getShape()) != 1 ||
      count.getRank() > 1)
    return op.emitError("num_segments must be a scalar of int32, found ")
           << getElementTypeName(count) << " of shape " << getShapeText(count.getShape());
  return verifySegments(op);
}

template <typename Op>
static LogicalResult inferUnsortedShape(Op op, SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  std::optional<int64_t> count = evaluateInt(op.getNumSegments());
  if (count && *count < 0)
    return op.emitError("num_segments must not be negative, found ") << *count;
  SmallVector<int64_t> shape = {count.value_or(ShapedType::kDynamic)};
  llvm::append_range(
      shape, op.getInput().getType().getShape().drop_front(op.getSegmentIds().getType().getRank()));
  shapes.push_back(shape);
  return success();
}

LogicalResult UnsortedSegmentMaxOp::verify() { return verifyUnsortedSegments(*this); }
LogicalResult UnsortedSegmentMinOp::verify() { return verifyUnsortedSegments(*this); }
LogicalResult UnsortedSegmentProdOp::verify() { return verifyUnsortedSegments(*this); }
LogicalResult UnsortedSegmentSumOp::verify() { return verifyUnsortedSegments(*this); }

LogicalResult UnsortedSegmentMaxOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferUnsortedShape(*this, shapes);
}

LogicalResult UnsortedSegmentMinOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferUnsortedShape(*this, shapes);
}

LogicalResult UnsortedSegmentProdOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferUnsortedShape(*this, shapes);
}

LogicalResult UnsortedSegmentSumOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferUnsortedShape(*this, shapes);
}
