//===- SliceOps.cpp - parts of a tensor -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/SliceOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/IR/SliceItems.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/SliceOps.cpp.inc"

static constexpr int64_t kDynamic = ShapedType::kDynamic;

/// Checks a vector operand with one element for each dimension of the input.
static LogicalResult verifyPerDimension(Operation *op, Value vector, int64_t rank, StringRef name) {
  auto type = cast<RankedTensorType>(vector.getType());
  if (failed(verifyIndexOperand(op, vector, name)))
    return failure();
  if (type.getRank() != 1 || (!type.isDynamicDim(0) && type.getDimSize(0) != rank))
    return op->emitError() << name << " must have one element for each of the " << rank
                           << " dimensions of the input, found shape "
                           << getShapeText(type.getShape());
  return success();
}

//===----------------------------------------------------------------------===//
// SLICE, STRIDED_SLICE
//===----------------------------------------------------------------------===//

LogicalResult SliceOp::verify() {
  int64_t rank = getInput().getType().getRank();
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyPerDimension(*this, getBegin(), rank, "begin")) ||
      failed(verifyPerDimension(*this, getSize(), rank, "size")))
    return failure();
  return verifyShapes(*this);
}

LogicalResult SliceOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  std::optional<KnownInts> begins = evaluateInts(getBegin()), sizes = evaluateInts(getSize());
  SmallVector<int64_t> result;
  for (size_t i = 0; i < input.size(); ++i) {
    auto get = [&](const std::optional<KnownInts> &values) {
      return values && i < values->size() ? (*values)[i] : std::nullopt;
    };
    std::optional<int64_t> begin = get(begins), size = get(sizes);
    bool isKnown = !ShapedType::isDynamic(input[i]);
    if ((begin && (*begin < 0 || (isKnown && *begin > input[i]))) || (size && *size < -1) ||
        (begin && size && isKnown && *size > input[i] - *begin))
      return emitError("the slice of dimension ")
             << i << " does not lie inside of " << getShapeText(input);
    if (size && *size != -1)
      result.push_back(*size);
    else
      result.push_back(size && begin && isKnown ? input[i] - *begin : kDynamic);
  }
  shapes.push_back(result);
  return success();
}

LogicalResult StridedSliceOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})))
    return failure();
  auto beginType = getBegin().getType();
  for (auto [value, name] : {std::pair<Value, StringRef>{getBegin(), "begin"},
                             {getEnd(), "end"},
                             {getStrides(), "strides"}}) {
    auto type = cast<RankedTensorType>(value.getType());
    if (failed(verifyIndexOperand(*this, value, name)))
      return failure();
    if (type.getRank() != 1 || type.getShape() != beginType.getShape())
      return emitError("begin, end and strides must be vectors of one length");
  }
  return verifyShapes(*this);
}

LogicalResult StridedSliceOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  std::optional<SmallVector<SliceItem>> items = getSliceItems(*this);
  if (!items)
    return emitError("begin, end and strides do not fit the input's shape ") << getShapeText(input);
  std::optional<KnownInts> begins = evaluateInts(getBegin()), ends = evaluateInts(getEnd()),
                           strides = evaluateInts(getStrides());
  auto get = [&](const std::optional<KnownInts> &values, unsigned entry) {
    return values && entry < values->size() ? (*values)[entry] : std::nullopt;
  };
  SmallVector<int64_t> result;
  for (const SliceItem &item : *items) {
    if (item.kind == SliceItem::Kind::NewAxis) {
      result.push_back(1);
      continue;
    }
    int64_t size = input[*item.dim];
    if (!item.entry) {
      result.push_back(size);
      continue;
    }
    std::optional<int64_t> begin = get(begins, *item.entry), end = get(ends, *item.entry),
                           stride = get(strides, *item.entry);
    if (stride && *stride == 0)
      return emitError("the stride of entry ") << *item.entry << " is zero";
    if (item.kind == SliceItem::Kind::Index) {
      if (size == 0)
        return emitError("there is no element at the index of entry ")
               << *item.entry << ", the dimension is empty";
      continue;
    }
    bool isWhole = !item.hasBegin && !item.hasEnd && stride && (*stride == 1 || *stride == -1);
    bool isKnown = !ShapedType::isDynamic(size) && stride && (begin || !item.hasBegin) &&
                   (end || !item.hasEnd);
    if (isWhole)
      result.push_back(size);
    else if (isKnown)
      result.push_back(
          getSliceRange(item, begin.value_or(0), end.value_or(0), *stride, getOffset(), size).size);
    else
      result.push_back(kDynamic);
  }
  shapes.push_back(result);
  return success();
}

//===----------------------------------------------------------------------===//
// SPLIT, SPLIT_V, UNPACK
//===----------------------------------------------------------------------===//

template <typename Op> static LogicalResult verifyParts(Op op, int64_t number, StringRef option) {
  if (int64_t(op.getOutputs().size()) != number || number < 1)
    return op->emitError() << option << " is " << number << ", but the operator has "
                           << op.getOutputs().size() << " outputs";
  if (op.getInput().getType().getRank() == 0)
    return op->emitError("a scalar cannot be cut into parts");
  SmallVector<Value> values = {op.getInput()};
  llvm::append_range(values, op.getOutputs());
  if (failed(verifySameElementType(op, values)))
    return failure();
  return verifyShapes(op);
}

LogicalResult SplitOp::verify() {
  if (failed(verifyIndexOperand(*this, getAxis(), "axis")))
    return failure();
  return verifyParts(*this, getNumSplits(), "num_splits");
}

LogicalResult SplitOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  if (std::optional<int64_t> given = evaluateInt(getAxis())) {
    FailureOr<int64_t> axis = normalizeAxis(*this, *given, shape.size());
    if (failed(axis))
      return failure();
    if (!ShapedType::isDynamic(shape[*axis])) {
      if (shape[*axis] % getNumSplits() != 0)
        return emitError("dimension ")
               << *axis << " of " << getShapeText(shape) << " cannot be cut into " << getNumSplits()
               << " equal parts";
      shape[*axis] /= getNumSplits();
    }
  } else {
    shape.assign(shape.size(), kDynamic);
  }
  shapes.append(getOutputs().size(), shape);
  return success();
}

LogicalResult SplitVOp::verify() {
  auto sizes = getSizeSplits().getType();
  if (failed(verifyIndexOperand(*this, getSizeSplits(), "size_splits")))
    return failure();
  if (sizes.getRank() != 1 ||
      (!sizes.isDynamicDim(0) && sizes.getDimSize(0) != int64_t(getOutputs().size())))
    return emitError("size_splits must have one size for each of the ")
           << getOutputs().size() << " outputs, found shape " << getShapeText(sizes.getShape());
  return verifyParts(*this, getNumSplits(), "num_splits");
}

LogicalResult SplitVOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  std::optional<int64_t> given = evaluateInt(getAxis());
  std::optional<KnownInts> sizes = evaluateInts(getSizeSplits());
  if (!given) {
    shapes.append(getOutputs().size(), SmallVector<int64_t>(shape.size(), kDynamic));
    return success();
  }
  FailureOr<int64_t> axis = normalizeAxis(*this, *given, shape.size());
  if (failed(axis))
    return failure();
  if (!sizes)
    sizes.emplace(getOutputs().size(), std::nullopt);
  int64_t sum = 0;
  bool isKnown = !ShapedType::isDynamic(shape[*axis]);
  unsigned numRest = 0;
  for (std::optional<int64_t> size : *sizes) {
    isKnown &= size.has_value();
    if (!size || *size == -1)
      ++numRest;
    else if (*size < 0 || llvm::AddOverflow(sum, *size, sum))
      return emitError("size_splits has the negative size ") << *size;
  }
  if (numRest > 1 && isKnown)
    return emitError("more than one element of size_splits is -1");
  if (isKnown && (sum > shape[*axis] || (numRest == 0 && sum != shape[*axis])))
    return emitError("the sizes of the parts do not add up to ") << shape[*axis];
  for (std::optional<int64_t> size : *sizes) {
    SmallVector<int64_t> part = shape;
    if (size && *size != -1)
      part[*axis] = *size;
    else
      part[*axis] = isKnown ? shape[*axis] - sum : kDynamic;
    shapes.push_back(part);
  }
  return success();
}

LogicalResult UnpackOp::verify() { return verifyParts(*this, getNum(), "num"); }

LogicalResult UnpackOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  FailureOr<int64_t> axis = normalizeAxis(*this, int32_t(getAxis()), shape.size());
  if (failed(axis))
    return failure();
  if (!ShapedType::isDynamic(shape[*axis]) && shape[*axis] != int64_t(getNum()))
    return emitError("dimension ")
           << *axis << " of " << getShapeText(shape) << " is not of size " << getNum();
  shape.erase(shape.begin() + *axis);
  shapes.append(getOutputs().size(), shape);
  return success();
}

/// The places of a slice among the elements of its input, in order; -1 for one outside.
static SmallVector<int64_t> listPlaces(ArrayRef<SliceRange> ranges, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> places = {0};
  for (auto [range, size] : llvm::zip_equal(ranges, shape)) {
    SmallVector<int64_t> next;
    for (int64_t place : places)
      for (int64_t i = 0; i < range.size; ++i) {
        int64_t at = range.begin + i * range.stride;
        next.push_back(place < 0 || at < 0 || at >= size ? -1 : place * size + at);
      }
    places = std::move(next);
  }
  return places;
}

std::optional<KnownInts> StridedSliceOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  auto input = evaluator.evaluate(getInput());
  auto begin = evaluator.evaluateAll(getBegin()), end = evaluator.evaluateAll(getEnd());
  auto strides = evaluator.evaluateAll(getStrides());
  std::optional<SmallVector<SliceItem>> items = getSliceItems(*this);
  if (!input || !begin || !end || !strides || !items)
    return std::nullopt;
  SmallVector<int64_t> shape(getInput().getType().getShape());
  if (shape.size() == 1)
    shape[0] = input->size();
  if (getNumElements(shape) != int64_t(input->size()))
    return std::nullopt;
  SmallVector<SliceRange> ranges;
  for (const SliceItem &item : *items) {
    if (!item.dim)
      continue;
    ranges.push_back({0, shape[*item.dim], 1});
    if (!item.entry)
      continue;
    unsigned entry = *item.entry;
    if ((*strides)[entry] == 0)
      return std::nullopt;
    ranges.back() = getSliceRange(item, (*begin)[entry], (*end)[entry], (*strides)[entry],
                                  getOffset(), shape[*item.dim]);
  }
  if (ranges.size() != shape.size())
    return std::nullopt;
  KnownInts result;
  for (int64_t place : listPlaces(ranges, shape))
    result.push_back(place < 0 ? std::nullopt : (*input)[place]);
  return result;
}

std::optional<KnownInts> SliceOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  auto input = evaluator.evaluate(getInput());
  auto begins = evaluator.evaluateAll(getBegin()), sizes = evaluator.evaluateAll(getSize());
  if (!input || !begins || !sizes || begins->size() != 1 || sizes->size() != 1 ||
      getInput().getType().getRank() != 1)
    return std::nullopt;
  int64_t begin = begins->front();
  int64_t count = sizes->front() == -1 ? int64_t(input->size()) - begin : sizes->front();
  if (begin < 0 || count < 0 || begin > int64_t(input->size()) ||
      count > int64_t(input->size()) - begin)
    return std::nullopt;
  return KnownInts(ArrayRef(*input).slice(begin, count));
}

/// Elements [begin, begin + size) of a vector, as far as the vector has them.
static std::optional<KnownInts> takePart(const std::optional<KnownInts> &input, int64_t begin,
                                         int64_t size) {
  if (!input || begin < 0 || size < 0 || begin > int64_t(input->size()) ||
      size > int64_t(input->size()) - begin)
    return std::nullopt;
  return KnownInts(ArrayRef(*input).slice(begin, size));
}

std::optional<KnownInts> SplitOp::computeInts(ShapeEvaluator &evaluator, unsigned number) {
  std::optional<KnownInts> input = evaluator.evaluate(getInput());
  if (!input || getInput().getType().getRank() != 1)
    return std::nullopt;
  int64_t size = input->size() / getNumResults();
  return takePart(input, number * size, size);
}

std::optional<KnownInts> SplitVOp::computeInts(ShapeEvaluator &evaluator, unsigned number) {
  std::optional<KnownInts> input = evaluator.evaluate(getInput());
  auto sizes = evaluator.evaluateAll(getSizeSplits());
  if (!input || !sizes || sizes->size() != getNumResults() || getInput().getType().getRank() != 1)
    return std::nullopt;
  // One size may be -1: what the others leave.
  int64_t known = 0;
  for (int64_t size : *sizes)
    known += std::max<int64_t>(size, 0);
  auto sizeOf = [&](unsigned part) {
    return (*sizes)[part] == -1 ? int64_t(input->size()) - known : (*sizes)[part];
  };
  int64_t begin = 0;
  for (unsigned part = 0; part < number; ++part)
    begin += sizeOf(part);
  return takePart(input, begin, sizeOf(number));
}

std::optional<KnownInts> UnpackOp::computeInts(ShapeEvaluator &evaluator, unsigned number) {
  if (getInput().getType().getRank() != 1)
    return std::nullopt;
  return takePart(evaluator.evaluate(getInput()), number, 1);
}
