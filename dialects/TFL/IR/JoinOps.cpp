//===- JoinOps.cpp - several tensors become one ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/JoinOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/JoinOps.cpp.inc"

static LogicalResult verifyJoin(Operation *op, ValueRange inputs) {
  if (inputs.empty())
    return op->emitError("there must be at least one input");
  SmallVector<Value> values(inputs);
  values.push_back(op->getResult(0));
  if (failed(verifySameElementType(op, values)))
    return failure();
  return verifyShapes(op);
}

/// The common sizes of all inputs but for dimension `except`; known sizes complete unknown ones.
static FailureOr<SmallVector<int64_t>> mergeShapes(Operation *op, ValueRange inputs,
                                                   std::optional<int64_t> except) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(inputs[0].getType()).getShape());
  for (Value input : inputs) {
    ArrayRef<int64_t> other = cast<RankedTensorType>(input.getType()).getShape();
    bool fits = other.size() == shape.size();
    for (size_t i = 0; fits && i < shape.size(); ++i) {
      if (int64_t(i) == except || ShapedType::isDynamic(other[i]))
        continue;
      if (ShapedType::isDynamic(shape[i]))
        shape[i] = other[i];
      fits = shape[i] == other[i];
    }
    if (!fits)
      return op->emitError("inputs of shapes ")
             << getShapeText(shape) << " and " << getShapeText(other) << " do not fit together";
  }
  return shape;
}

LogicalResult ConcatenationOp::verify() {
  if (getFusedActivationFunction() != "NONE")
    return emitError("a fused activation function is not allowed here, found ")
           << getFusedActivationFunction();
  return verifyJoin(*this, getInputs());
}

LogicalResult ConcatenationOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  auto first = cast<RankedTensorType>(getInputs()[0].getType());
  FailureOr<int64_t> axis = normalizeAxis(*this, int32_t(getAxis()), first.getRank());
  if (failed(axis))
    return failure();
  FailureOr<SmallVector<int64_t>> shape = mergeShapes(*this, getInputs(), *axis);
  if (failed(shape))
    return failure();
  int64_t sum = 0;
  for (Value input : getInputs()) {
    int64_t size = cast<RankedTensorType>(input.getType()).getDimSize(*axis);
    if (ShapedType::isDynamic(size)) {
      sum = ShapedType::kDynamic;
      break;
    }
    if (llvm::AddOverflow(sum, size, sum))
      return emitError("the result is too large");
  }
  (*shape)[*axis] = sum;
  shapes.push_back(*shape);
  return success();
}

LogicalResult PackOp::verify() {
  if (getValuesCount() != getValues().size())
    return emitError("values_count is ")
           << getValuesCount() << ", but the operator has " << getValues().size() << " inputs";
  return verifyJoin(*this, getValues());
}

LogicalResult PackOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  FailureOr<SmallVector<int64_t>> shape = mergeShapes(*this, getValues(), std::nullopt);
  if (failed(shape))
    return failure();
  FailureOr<int64_t> axis = normalizeAxis(*this, int32_t(getAxis()), shape->size() + 1);
  if (failed(axis))
    return failure();
  shape->insert(shape->begin() + *axis, getValues().size());
  shapes.push_back(*shape);
  return success();
}

std::optional<KnownInts> PackOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  // What is joined along the first dimension stands one after the other; single elements do so
  // anyway.
  auto isSingle = [](Value value) {
    return getNumElements(cast<RankedTensorType>(value.getType()).getShape()) == 1;
  };
  if (getAxis() != 0 && !llvm::all_of(getValues(), isSingle))
    return std::nullopt;
  return evaluateJoin(evaluator, getValues());
}

std::optional<KnownInts> ConcatenationOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  if (getOutput().getType().getRank() != 1)
    return std::nullopt;
  return evaluateJoin(evaluator, getInputs());
}
