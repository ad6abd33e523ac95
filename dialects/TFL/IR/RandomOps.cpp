//===- RandomOps.cpp - numbers from a counter -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/RandomOps.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/RandomOps.cpp.inc"

//===----------------------------------------------------------------------===//
// RANDOM_UNIFORM, RANDOM_STANDARD_NORMAL
//===----------------------------------------------------------------------===//

template <typename Op> static LogicalResult verifyRandomTensor(Op op) {
  RankedTensorType shape = op.getShape().getType(), output = op.getOutput().getType();
  if (!shape.getElementType().isSignlessInteger(32) || shape.getRank() != 1)
    return op.emitError("the shape must be a vector of int32, found ")
           << getElementTypeName(shape) << " of shape " << getShapeText(shape.getShape());
  if (!output.getElementType().isF32())
    return op.emitError("the result must be float32, found ") << getElementTypeName(output);
  return verifyShapes(op);
}

template <typename Op>
static LogicalResult inferRandomTensor(Op op, SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  std::optional<KnownInts> known = evaluateInts(op.getShape());
  int64_t rank = op.getOutput().getType().getRank();
  SmallVector<int64_t> result(known ? known->size() : rank, ShapedType::kDynamic);
  for (size_t i = 0; known && i < known->size(); ++i) {
    std::optional<int64_t> size = (*known)[i];
    if (size && *size < 0)
      return op.emitError("the shape must not be negative, found ") << *size;
    result[i] = size.value_or(ShapedType::kDynamic);
  }
  shapes.push_back(result);
  return success();
}

LogicalResult RandomUniformOp::verify() { return verifyRandomTensor(*this); }

LogicalResult RandomUniformOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferRandomTensor(*this, shapes);
}

LogicalResult RandomStandardNormalOp::verify() { return verifyRandomTensor(*this); }

LogicalResult RandomStandardNormalOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferRandomTensor(*this, shapes);
}

//===----------------------------------------------------------------------===//
// MULTINOMIAL
//===----------------------------------------------------------------------===//

LogicalResult MultinomialOp::verify() {
  RankedTensorType logits = getLogits().getType(), samples = getNumSamples().getType();
  if (!logits.getElementType().isF32() || logits.getRank() != 2)
    return emitError("logits must be a matrix of float32, found ")
           << getElementTypeName(logits) << " of shape " << getShapeText(logits.getShape());
  if (logits.getDimSize(1) == 0)
    return emitError("there must be at least one class");
  if (!samples.getElementType().isSignlessInteger(32) || samples.getRank() != 0)
    return emitError("num_samples must be an int32 scalar, found ")
           << getElementTypeName(samples) << " of shape " << getShapeText(samples.getShape());
  Type output = getOutput().getType().getElementType();
  if (!output.isSignlessInteger(32) && !output.isSignlessInteger(64))
    return emitError("the result must be int32 or int64, found ") << getElementTypeName(output);
  return verifyShapes(*this);
}

LogicalResult MultinomialOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  std::optional<int64_t> samples = evaluateInt(getNumSamples());
  if (samples && *samples < 0)
    return emitError("num_samples must not be negative, found ") << *samples;
  shapes.push_back({getLogits().getType().getDimSize(0), samples.value_or(ShapedType::kDynamic)});
  return success();
}

//===----------------------------------------------------------------------===//
// Counters
//===----------------------------------------------------------------------===//

/// A counter of 128 bits. Only its upper half begins as something else than zero.
static StateInfo getCounter(MLIRContext *context, int64_t seed2) {
  auto type = RankedTensorType::get({2}, IntegerType::get(context, 64));
  return {"", type, DenseElementsAttr::get(type, ArrayRef<int64_t>{0, seed2})};
}

StateInfo RandomUniformOp::getStateInfo() { return getCounter(getContext(), getSeed2()); }

StateInfo RandomStandardNormalOp::getStateInfo() { return getCounter(getContext(), getSeed2()); }

StateInfo MultinomialOp::getStateInfo() { return getCounter(getContext(), getSeed2()); }
