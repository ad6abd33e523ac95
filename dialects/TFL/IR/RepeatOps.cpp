//===- RepeatOps.cpp - elements picked and repeated -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/RepeatOps.h"
#include "TFL/IR/BlockQuantization.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/RepeatOps.cpp.inc"

static constexpr int64_t kDynamic = ShapedType::kDynamic;

//===----------------------------------------------------------------------===//
// GATHER, GATHER_ND
//===----------------------------------------------------------------------===//

static LogicalResult verifyIndices(Operation *op, Value indices) {
  Type type = getElementTypeOrSelf(indices.getType());
  if (!type.isSignlessInteger(16) && !type.isSignlessInteger(32) && !type.isSignlessInteger(64))
    return op->emitError("indices must be int16, int32 or int64, found ")
           << getElementTypeName(indices.getType());
  return success();
}

/// Constant indices lie inside of [0, size).
static LogicalResult verifyConstantIndices(Operation *op, Value indices, int64_t size) {
  DenseElementsAttr constant;
  if (ShapedType::isDynamic(size) || !matchPattern(indices, m_Constant(&constant)))
    return success();
  for (const APInt &value : constant.getValues<APInt>())
    if (int64_t index = value.getSExtValue(); index < 0 || index >= size)
      return op->emitError("index ") << index << " is not in the range [0, " << size << ")";
  return success();
}

LogicalResult GatherOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndices(*this, getIndices())))
    return failure();
  return verifyShapes(*this);
}

LogicalResult GatherOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  ArrayRef<int64_t> indices = getIndices().getType().getShape();
  FailureOr<int64_t> axis = normalizeAxis(*this, int32_t(getAxis()), input.size());
  if (failed(axis))
    return failure();
  int64_t numBatch = int32_t(getBatchDims());
  if (numBatch < 0)
    numBatch += indices.size();
  if (numBatch < 0 || numBatch > *axis || numBatch > int64_t(indices.size()))
    return emitError("batch_dims ") << int32_t(getBatchDims()) << " does not fit axis " << *axis
                                    << " and indices of shape " << getShapeText(indices);
  for (int64_t i = 0; i < numBatch; ++i)
    if (!ShapedType::isDynamic(input[i]) && !ShapedType::isDynamic(indices[i]) &&
        input[i] != indices[i])
      return emitError("input ") << getShapeText(input) << " and indices " << getShapeText(indices)
                                 << " differ in batch dimension " << i;
  if (failed(verifyConstantIndices(*this, getIndices(), input[*axis])))
    return failure();
  SmallVector<int64_t> result(input.take_front(*axis));
  llvm::append_range(result, indices.drop_front(numBatch));
  llvm::append_range(result, input.drop_front(*axis + 1));
  shapes.push_back(result);
  return success();
}

LogicalResult GatherNdOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndices(*this, getIndices())))
    return failure();
  ArrayRef<int64_t> indices = getIndices().getType().getShape();
  if (indices.empty() || ShapedType::isDynamic(indices.back()) ||
      indices.back() > getInput().getType().getRank())
    return emitError("indices of shape ")
           << getShapeText(indices) << " do not fit an input of shape "
           << getShapeText(getInput().getType().getShape());
  return success();
}

LogicalResult GatherNdOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  ArrayRef<int64_t> indices = getIndices().getType().getShape();
  DenseElementsAttr elements;
  if (matchPattern(getIndices(), m_Constant(&elements)))
    for (auto [i, index] : llvm::enumerate(elements.getValues<APInt>())) {
      int64_t size = input[i % indices.back()], place = index.getSExtValue();
      if (!ShapedType::isDynamic(size) && (place < 0 || place >= size))
        return emitError("index ") << place << " is not in the range [0, " << size << ")";
    }
  SmallVector<int64_t> result(indices.drop_back());
  llvm::append_range(result, input.drop_front(indices.back()));
  shapes.push_back(result);
  return success();
}

//===----------------------------------------------------------------------===//
// EMBEDDING_LOOKUP
//===----------------------------------------------------------------------===//

LogicalResult EmbeddingLookupOp::verify() {
  RankedTensorType lookup = getLookup().getType(), value = getValue().getType();
  if (!lookup.getElementType().isSignlessInteger(32) || lookup.getRank() != 1)
    return emitError("lookup must be a vector of int32, found ")
           << getElementTypeName(lookup) << " of shape " << getShapeText(lookup.getShape());
  if (value.getRank() < 2)
    return emitError("the table must have two or more dimensions, found shape ")
           << getShapeText(value.getShape());
  std::optional<Quantization> quantization = getQuantization(value);
  bool isWidened = getOutput().getType().getElementType().isF32() &&
                   (isStoredInteger(value, 8) || isStoredInteger(value, 4));
  if (!isWidened)
    return failed(verifySameElementType(*this, {getValue(), getOutput()})) ? failure()
                                                                           : verifyShapes(*this);
  if (std::optional<BlockQuantization> blocks = getBlockQuantization(value)) {
    if (!blocks->fits(value))
      return emitError("a table with a scale for each block must have rank 2 and whole blocks, "
                       "found shape ")
             << getShapeText(value.getShape());
    return verifyShapes(*this);
  }
  if (!quantization || quantization->hasZeroPoint() || quantization->axis.value_or(0) != 0)
    return emitError(
        "a table that becomes float32 must have one scale, or one for each row, and the "
        "zero point 0");
  return verifyShapes(*this);
}

LogicalResult EmbeddingLookupOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getValue().getType().getShape());
  if (failed(verifyConstantIndices(*this, getLookup(), shape[0])))
    return failure();
  shape[0] = getLookup().getType().getDimSize(0);
  shapes.push_back(shape);
  return success();
}

//===----------------------------------------------------------------------===//
// TILE, BROADCAST_TO, BROADCAST_ARGS, FILL, ZEROS_LIKE
//===----------------------------------------------------------------------===//

LogicalResult TileOp::verify() {
  auto multiples = getMultiples().getType();
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getMultiples(), "multiples")))
    return failure();
  if (multiples.getRank() != 1 || multiples.getDimSize(0) != getInput().getType().getRank())
    return emitError("multiples must have one element for each of the ")
           << getInput().getType().getRank() << " dimensions of the input, found shape "
           << getShapeText(multiples.getShape());
  return verifyShapes(*this);
}

LogicalResult TileOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  std::optional<KnownInts> multiples = evaluateInts(getMultiples());
  for (size_t i = 0; i < shape.size(); ++i) {
    std::optional<int64_t> multiple = multiples ? (*multiples)[i] : std::nullopt;
    if (multiple && *multiple < 0)
      return emitError("multiples must not be negative, found ") << *multiple;
    if (!multiple || ShapedType::isDynamic(shape[i]))
      shape[i] = kDynamic;
    else if (llvm::MulOverflow(shape[i], *multiple, shape[i]))
      return emitError("the result is too large");
  }
  shapes.push_back(shape);
  return success();
}

LogicalResult BroadcastToOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getShape(), "the shape")))
    return failure();
  return verifyShapes(*this);
}

LogicalResult BroadcastToOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  FailureOr<SmallVector<int64_t>> shape = getGivenShape(*this, getShape(), "the shape");
  if (failed(shape))
    return failure();
  bool fits = input.size() <= shape->size();
  for (size_t i = 0; fits && i < input.size(); ++i) {
    int64_t size = (*shape)[shape->size() - input.size() + i];
    fits = input[i] == 1 || input[i] == size || ShapedType::isDynamic(input[i]) ||
           ShapedType::isDynamic(size);
  }
  if (!fits)
    return emitError("cannot broadcast ") << getShapeText(input) << " to " << getShapeText(*shape);
  shapes.push_back(*shape);
  return success();
}

LogicalResult BroadcastArgsOp::verify() {
  if (failed(verifySameElementType(*this, {getS0(), getS1(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getS0(), "a shape")))
    return failure();
  for (Value shape : {getS0(), getS1()})
    if (cast<RankedTensorType>(shape.getType()).getRank() != 1)
      return emitError("a shape must be a vector, found shape ")
             << getShapeText(cast<RankedTensorType>(shape.getType()).getShape());
  return success();
}

LogicalResult BroadcastArgsOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  int64_t first = getS0().getType().getDimSize(0), second = getS1().getType().getDimSize(0);
  bool isKnown = !ShapedType::isDynamic(first) && !ShapedType::isDynamic(second);
  shapes.push_back({isKnown ? std::max(first, second) : kDynamic});
  return success();
}

LogicalResult FillOp::verify() {
  if (failed(verifySameElementType(*this, {getValue(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getDims(), "dims")))
    return failure();
  if (getNumElements(getValue().getType().getShape()) != 1)
    return emitError("the value must be a scalar, found shape ")
           << getShapeText(getValue().getType().getShape());
  return verifyShapes(*this);
}

LogicalResult FillOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  FailureOr<SmallVector<int64_t>> shape = getGivenShape(*this, getDims(), "dims");
  if (failed(shape))
    return failure();
  shapes.push_back(*shape);
  return success();
}

LogicalResult ZerosLikeOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(SmallVector<int64_t>(getInput().getType().getShape()));
  return success();
}

//===----------------------------------------------------------------------===//
// ONE_HOT
//===----------------------------------------------------------------------===//

LogicalResult OneHotOp::verify() {
  if (failed(verifySameElementType(*this, {getOnValue(), getOffValue(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getIndices(), "indices")) ||
      failed(verifyIndexOperand(*this, getDepth(), "the depth")))
    return failure();
  for (Value value : getOperands().drop_front())
    if (getNumElements(cast<RankedTensorType>(value.getType()).getShape()) != 1)
      return emitError("depth, on_value and off_value must be scalars");
  return verifyShapes(*this);
}

LogicalResult OneHotOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getIndices().getType().getShape());
  FailureOr<int64_t> axis = normalizeAxis(*this, int32_t(getAxis()), shape.size() + 1);
  if (failed(axis))
    return failure();
  std::optional<int64_t> depth = evaluateInt(getDepth());
  if (depth && *depth < 0)
    return emitError("the depth must not be negative, found ") << *depth;
  shape.insert(shape.begin() + *axis, depth.value_or(kDynamic));
  shapes.push_back(shape);
  return success();
}

//===----------------------------------------------------------------------===//
// RANGE
//===----------------------------------------------------------------------===//

LogicalResult RangeOp::verify() {
  if (failed(verifySameElementType(*this, {getStart(), getLimit(), getDelta(), getOutput()})))
    return failure();
  for (Value value : getOperands())
    if (getNumElements(cast<RankedTensorType>(value.getType()).getShape()) != 1)
      return emitError("start, limit and delta must be scalars");
  Type type = getOutput().getType().getElementType();
  if (!type.isF32() && !type.isSignlessInteger(32) && !type.isSignlessInteger(64))
    return emitError("unsupported type ") << getElementTypeName(type);
  return verifyShapes(*this);
}

LogicalResult RangeOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  int64_t size = kDynamic;
  DenseElementsAttr start, limit, delta;
  if (getStart().getType().getElementType().isF32()) {
    if (matchPattern(getStart(), m_Constant(&start)) &&
        matchPattern(getLimit(), m_Constant(&limit)) &&
        matchPattern(getDelta(), m_Constant(&delta))) {
      float step = *delta.getValues<float>().begin();
      float length = *limit.getValues<float>().begin() - *start.getValues<float>().begin();
      if (step == 0 || !std::isfinite(length / step) || length / step < 0 ||
          length / step > float(int64_t(1) << 40))
        return emitError("start, limit and delta do not make a range");
      size = int64_t(std::ceil(std::abs(length / step)));
    }
  } else {
    auto first = evaluateInt(getStart()), last = evaluateInt(getLimit()),
         step = evaluateInt(getDelta());
    if (first && last && step) {
      int64_t length;
      if (*step == 0 || llvm::SubOverflow(*last, *first, length) ||
          *step == std::numeric_limits<int64_t>::min() ||
          (length != 0 && (length < 0) != (*step < 0)))
        return emitError("start, limit and delta do not make a range");
      uint64_t distance = length < 0 ? -uint64_t(length) : uint64_t(length);
      uint64_t stride = std::abs(*step);
      size = int64_t(distance / stride + (distance % stride != 0));
    }
  }
  shapes.push_back({size});
  return success();
}

std::optional<KnownInts> GatherOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  auto input = evaluator.evaluate(getInput()), indices = evaluator.evaluate(getIndices());
  if (!input || !indices || getInput().getType().getRank() != 1)
    return std::nullopt;
  return llvm::map_to_vector(*indices, [&](std::optional<int64_t> index) {
    bool isInside = index && *index >= 0 && *index < int64_t(input->size());
    return isInside ? (*input)[*index] : std::nullopt;
  });
}

std::optional<KnownInts> BroadcastArgsOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  auto first = evaluator.evaluate(getS0()), second = evaluator.evaluate(getS1());
  if (!first || !second)
    return std::nullopt;
  size_t rank = std::max(first->size(), second->size());
  KnownInts result;
  for (size_t i = 0; i < rank; ++i) {
    auto get = [&](const KnownInts &shape) -> std::optional<int64_t> {
      return i + shape.size() < rank ? 1 : shape[i + shape.size() - rank];
    };
    std::optional<int64_t> a = get(*first), b = get(*second);
    // Sizes that do not fit are the invocation's to report.
    if (!a || !b || (*a != *b && *a != 1 && *b != 1))
      result.push_back(std::nullopt);
    else
      result.push_back(*a == 1 ? b : a);
  }
  return result;
}

std::optional<KnownInts> RangeOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  auto start = evaluator.evaluateAll(getStart()), limit = evaluator.evaluateAll(getLimit());
  auto delta = evaluator.evaluateAll(getDelta());
  constexpr int64_t mostElements = 64, largest = int64_t(1) << 40;
  auto isSmall = [&](const auto &value) {
    return value && value->size() == 1 && std::abs(value->front()) < largest;
  };
  if (!isSmall(start) || !isSmall(limit) || !isSmall(delta) || delta->front() == 0)
    return std::nullopt;
  KnownInts result;
  for (int64_t at = start->front(), step = delta->front();
       step > 0 ? at < limit->front() : at > limit->front(); at += step) {
    if (result.size() == mostElements)
      return std::nullopt;
    result.push_back(at);
  }
  return result;
}
