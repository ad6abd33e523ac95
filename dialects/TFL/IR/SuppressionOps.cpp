//===- SuppressionOps.cpp - the best of boxes that overlap ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/SuppressionOps.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/SuppressionOps.cpp.inc"

static RankedTensorType getTensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static LogicalResult verifyScalar(Operation *op, Value value, StringRef name, Type type) {
  if (getNumElements(getTensorType(value).getShape()) != 1)
    return op->emitError() << name << " must be a scalar, found shape "
                           << getShapeText(getTensorType(value).getShape());
  if (getElementTypeOrSelf(value.getType()) != type)
    return op->emitError() << name << " must be " << getElementTypeName(type) << ", found "
                           << getElementTypeName(value.getType());
  return success();
}

/// What both versions have in common.
template <typename Op> static LogicalResult verifySuppression(Op op) {
  Builder builder(op.getContext());
  Type f32 = builder.getF32Type(), i32 = builder.getI32Type();
  RankedTensorType boxes = op.getBoxes().getType(), scores = op.getScores().getType();
  if (boxes.getElementType() != f32 || scores.getElementType() != f32)
    return op.emitError("boxes and scores must be float32, found ")
           << getElementTypeName(boxes) << " and " << getElementTypeName(scores);
  if (boxes.getRank() != 2 || (!boxes.isDynamicDim(1) && boxes.getDimSize(1) != 4))
    return op.emitError("boxes must have shape [number, 4], found ")
           << getShapeText(boxes.getShape());
  if (scores.getRank() != 1 || (!scores.isDynamicDim(0) && !boxes.isDynamicDim(0) &&
                                scores.getDimSize(0) != boxes.getDimSize(0)))
    return op.emitError("scores of shape ")
           << getShapeText(scores.getShape()) << " do not fit boxes of shape "
           << getShapeText(boxes.getShape());
  if (failed(verifyScalar(op, op.getMaxOutputSize(), "max_output_size", i32)) ||
      failed(verifyScalar(op, op.getIouThreshold(), "iou_threshold", f32)) ||
      failed(verifyScalar(op, op.getScoreThreshold(), "score_threshold", f32)))
    return failure();
  if (op.getSelectedIndices().getType().getElementType() != i32 ||
      op.getValidOutputs().getType().getElementType() != i32)
    return op.emitError("selected_indices and valid_outputs must be int32");
  return verifyShapes(op);
}

template <typename Op>
static LogicalResult inferSelection(Op op, SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  std::optional<int64_t> size = evaluateInt(op.getMaxOutputSize());
  if (size && *size < 0)
    return op.emitError("max_output_size must not be negative, found ") << *size;
  // The last result is the number of those that count.
  shapes.append(op->getNumResults() - 1, {size.value_or(ShapedType::kDynamic)});
  shapes.push_back({});
  return success();
}

LogicalResult NonMaxSuppressionV4Op::verify() { return verifySuppression(*this); }

LogicalResult NonMaxSuppressionV4Op::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferSelection(*this, shapes);
}

LogicalResult NonMaxSuppressionV5Op::verify() {
  Type f32 = Float32Type::get(getContext());
  if (failed(verifyScalar(*this, getSoftNmsSigma(), "soft_nms_sigma", f32)))
    return failure();
  if (getSelectedScores().getType().getElementType() != f32)
    return emitError("selected_scores must be float32");
  return verifySuppression(*this);
}

LogicalResult NonMaxSuppressionV5Op::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferSelection(*this, shapes);
}
