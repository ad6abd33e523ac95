//===- ShapeValues.cpp - shapes known at compile time ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ShapeValues.h"

#include "TFL/IR/ElementTypes.h"

using namespace mlir;
using namespace tflc::tfl;

std::optional<KnownInts> tflc::tfl::evaluateInts(Value value) {
  return ShapeEvaluator().evaluate(value);
}

std::optional<SmallVector<int64_t>> tflc::tfl::evaluateAllInts(Value value) {
  return ShapeEvaluator().evaluateAll(value);
}

std::optional<SmallVector<int64_t>> tflc::tfl::evaluateShape(Value value) {
  std::optional<KnownInts> known = evaluateInts(value);
  if (!known)
    return std::nullopt;
  return llvm::map_to_vector(*known, [](std::optional<int64_t> element) {
    return !element || *element == -1 ? ShapedType::kDynamic : *element;
  });
}

std::optional<int64_t> tflc::tfl::evaluateInt(Value value) {
  std::optional<KnownInts> known = evaluateInts(value);
  return known && known->size() == 1 ? known->front() : std::nullopt;
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

FailureOr<int64_t> tflc::tfl::normalizeAxis(Operation *op, int64_t axis, int64_t rank,
                                            StringRef what) {
  if (axis < -rank || axis >= rank)
    return op->emitError() << what << " " << axis << " is not in the range [" << -rank << ", "
                           << rank << ")";
  return axis < 0 ? axis + rank : axis;
}

std::optional<int64_t> tflc::tfl::getNumElements(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t size : shape)
    if (ShapedType::isDynamic(size))
      return std::nullopt;
  if (llvm::is_contained(shape, 0))
    return 0;
  for (int64_t size : shape)
    if (llvm::MulOverflow(count, size, count) || count > (int64_t(1) << 47))
      return std::nullopt;
  return count;
}

FailureOr<SmallVector<int64_t>> tflc::tfl::getGivenShape(Operation *op, Value operand,
                                                         StringRef name) {
  auto type = cast<RankedTensorType>(operand.getType());
  if (type.getRank() != 1)
    return op->emitError() << name << " must be a vector, found shape "
                           << getShapeText(type.getShape());
  std::optional<KnownInts> known = evaluateInts(operand);
  if (!known)
    return SmallVector<int64_t>(cast<RankedTensorType>(op->getResult(0).getType()).getRank(),
                                ShapedType::kDynamic);
  SmallVector<int64_t> shape;
  for (std::optional<int64_t> size : *known) {
    if (size && *size < 0)
      return op->emitError() << name << " must not be negative, found " << *size;
    shape.push_back(size.value_or(ShapedType::kDynamic));
  }
  return shape;
}

LogicalResult tflc::tfl::verifySameElementType(Operation *op, ValueRange values) {
  for (Value value : values.drop_front())
    if (getElementTypeName(value.getType()) != getElementTypeName(values[0].getType()))
      return op->emitError("inputs and outputs must have one type, found ")
             << getElementTypeName(values[0].getType()) << " and "
             << getElementTypeName(value.getType());
  return success();
}

LogicalResult tflc::tfl::verifyIndexOperand(Operation *op, Value value, StringRef name) {
  Type type = getElementTypeOrSelf(value.getType());
  if (!type.isSignlessInteger(32) && !type.isSignlessInteger(64))
    return op->emitError() << name << " must be int32 or int64, found "
                           << getElementTypeName(value.getType());
  return success();
}

/// The shapes of results. Fed shapes and indices decide on ranks, so that these can be larger than
/// those of all tensors of a file.
static LogicalResult inferLimitedShapes(ShapeInferenceOpInterface op,
                                        SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  if (failed(op.inferShapes(shapes)))
    return failure();
  for (ArrayRef<int64_t> shape : shapes)
    if (shape.size() > kMaxRank)
      return op->emitError("a result of rank ")
             << shape.size() << " is not supported, the limit is " << kMaxRank;
  return success();
}

LogicalResult tflc::tfl::verifyShapes(Operation *op) {
  SmallVector<SmallVector<int64_t>> shapes;
  return inferLimitedShapes(cast<ShapeInferenceOpInterface>(op), shapes);
}

LogicalResult tflc::tfl::inferResultTypes(ShapeInferenceOpInterface op) {
  SmallVector<SmallVector<int64_t>> shapes;
  if (failed(inferLimitedShapes(op, shapes)))
    return failure();
  for (auto [result, shape] : llvm::zip(op->getResults(), shapes)) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type)
      continue;
    if (!llvm::is_contained(shape, ShapedType::kDynamic) && !getNumElements(shape))
      return op->emitError("a result of shape ") << getShapeText(shape) << " is too large";
    result.setType(cast<RankedTensorType>(type.clone(shape)));
  }
  return success();
}
