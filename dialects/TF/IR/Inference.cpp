//===- Inference.cpp - types that follow from operands --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/Inference.h"

#include "TF/IR/ShapeValues.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tf;

TensorType tflc::tf::makeType(const std::optional<Shape> &shape, Type elementType) {
  if (!shape)
    return UnrankedTensorType::get(elementType);
  return RankedTensorType::get(*shape, elementType);
}

std::optional<Shape> tflc::tf::getShape(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? std::optional(llvm::to_vector(type.getShape())) : std::nullopt;
}

Type tflc::tf::getElementType(Value value) { return getElementTypeOrSelf(value.getType()); }

bool tflc::tf::areCompatible(TypeRange first, TypeRange second) {
  return first.size() == second.size() &&
         llvm::all_of(llvm::zip_equal(first, second), [](auto pair) {
           auto [a, b] = pair;
           return getElementTypeOrSelf(a) == getElementTypeOrSelf(b) &&
                  succeeded(verifyCompatibleShape(a, b));
         });
}

TensorType tflc::tf::refine(TensorType first, TensorType second) {
  if (!first.hasRank())
    return second;
  if (!second.hasRank())
    return first;
  Shape shape(first.getShape());
  for (auto [size, other] : llvm::zip_equal(shape, second.getShape()))
    if (ShapedType::isDynamic(size))
      size = other;
  return RankedTensorType::get(shape, first.getElementType());
}

std::optional<int64_t> tflc::tf::normalizeAxis(int64_t axis, int64_t rank, MaybeLocation location) {
  if (axis < -rank || axis >= rank) {
    (void)emitOptionalError(location, "axis ", axis, " is not in the range [", -rank, ", ", rank,
                            ")");
    return std::nullopt;
  }
  return axis < 0 ? axis + rank : axis;
}

/// The size of one dimension of a broadcast; nothing if the sizes do not fit.
static std::optional<int64_t> broadcastSizes(int64_t a, int64_t b) {
  if (a == b || b == 1)
    return a;
  if (a == 1)
    return b;
  if (ShapedType::isDynamic(a))
    return b;
  if (ShapedType::isDynamic(b))
    return a;
  return std::nullopt;
}

static std::optional<Shape> broadcastShapes(const Shape &a, const Shape &b,
                                            MaybeLocation location) {
  const Shape &longer = a.size() >= b.size() ? a : b, &shorter = a.size() >= b.size() ? b : a;
  Shape result = longer;
  size_t offset = longer.size() - shorter.size();
  for (auto [i, size] : llvm::enumerate(shorter)) {
    std::optional<int64_t> joined = broadcastSizes(longer[offset + i], size);
    if (!joined) {
      (void)emitOptionalError(location, "dimensions of sizes ", longer[offset + i], " and ", size,
                              " cannot be broadcast");
      return std::nullopt;
    }
    result[offset + i] = *joined;
  }
  return result;
}

Type tflc::tf::inferBroadcast(ValueRange operands, Type elementType, MaybeLocation location) {
  if (!elementType)
    elementType = getElementType(operands.front());
  Shape shape;
  for (Value operand : operands) {
    std::optional<Shape> next = getShape(operand);
    if (!next)
      return UnrankedTensorType::get(elementType);
    next = broadcastShapes(shape, *next, location);
    if (!next)
      return {};
    shape = *next;
  }
  return RankedTensorType::get(shape, elementType);
}

Type tflc::tf::inferBatchMatMul(Value x, Value y, bool adjointX, bool adjointY,
                                MaybeLocation location) {
  std::optional<Shape> lhs = getShape(x), rhs = getShape(y);
  Type elementType = getElementType(x);
  if (!lhs || !rhs)
    return UnrankedTensorType::get(elementType);
  if (lhs->size() < 2 || rhs->size() < 2)
    return reportFault(location, "operands must have a rank of at least 2");
  if (adjointX)
    std::swap(lhs->end()[-1], lhs->end()[-2]);
  if (adjointY)
    std::swap(rhs->end()[-1], rhs->end()[-2]);
  int64_t inner = lhs->end()[-1], other = rhs->end()[-2];
  if (!ShapedType::isDynamic(inner) && !ShapedType::isDynamic(other) && inner != other)
    return reportFault(location, "inner sizes ", inner, " and ", other, " differ");
  std::optional<Shape> shape = broadcastShapes(Shape(ArrayRef(*lhs).drop_back(2)),
                                               Shape(ArrayRef(*rhs).drop_back(2)), location);
  if (!shape)
    return {};
  shape->push_back(lhs->end()[-2]);
  shape->push_back(rhs->end()[-1]);
  return RankedTensorType::get(*shape, elementType);
}

std::optional<int64_t> tflc::tf::getWindowCount(int64_t size, int64_t window, int64_t stride,
                                                int64_t dilation, StringRef padding, int64_t before,
                                                int64_t after, MaybeLocation location) {
  int64_t extent, room;
  if (window < 1 || stride < 1 || dilation < 1 || before < 0 || after < 0 ||
      llvm::MulOverflow(window - 1, dilation, extent) || extent > INT32_MAX) {
    (void)emitOptionalError(location, "window ", window, ", stride ", stride, ", dilation ",
                            dilation, " are no valid window");
    return std::nullopt;
  }
  if (ShapedType::isDynamic(size))
    return size;
  if (padding == "SAME")
    return llvm::divideCeil(size, stride);
  if (llvm::AddOverflow(size, before, room) || llvm::AddOverflow(room, after, room) ||
      room <= extent) {
    (void)emitOptionalError(location, "a window of ", extent + 1, " does not fit into ", size,
                            " elements");
    return std::nullopt;
  }
  return (room - extent - 1) / stride + 1;
}

Type tflc::tf::inferPool(Value input, ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides,
                         StringRef padding, ArrayRef<int64_t> explicitPaddings,
                         StringRef dataFormat, MaybeLocation location) {
  std::optional<Shape> shape = getShape(input);
  if (!shape)
    return input.getType();
  size_t rank = shape->size();
  if (rank != dataFormat.size() || sizes.size() != rank || strides.size() != rank ||
      (!explicitPaddings.empty() && explicitPaddings.size() != 2 * rank))
    return reportFault(location, "rank, window and strides differ");
  for (size_t i = 0; i < rank; ++i) {
    if (dataFormat[i] == 'N' || dataFormat[i] == 'C')
      continue;
    auto at = [&](size_t k) { return explicitPaddings.empty() ? 0 : explicitPaddings[k]; };
    std::optional<int64_t> count = getWindowCount((*shape)[i], sizes[i], strides[i], 1, padding,
                                                  at(2 * i), at(2 * i + 1), location);
    if (!count)
      return {};
    (*shape)[i] = *count;
  }
  return RankedTensorType::get(*shape, getElementType(input));
}

Type tflc::tf::inferReduction(Value input, Value axes, bool keepDims, MaybeLocation location) {
  std::optional<Shape> shape = getShape(input);
  std::optional<Shape> values = evaluateAllInts(axes);
  Type elementType = getElementType(input);
  if (!shape)
    return UnrankedTensorType::get(elementType);
  if (!values) {
    if (keepDims)
      return RankedTensorType::get(Shape(shape->size(), ShapedType::kDynamic), elementType);
    // The axes are not known, but their number may be: no axis is named twice.
    std::optional<Shape> listed = getShape(axes);
    std::optional<int64_t> count = listed ? getNumElements(*listed) : std::nullopt;
    if (!count || *count > int64_t(shape->size()))
      return UnrankedTensorType::get(elementType);
    return RankedTensorType::get(Shape(shape->size() - *count, ShapedType::kDynamic), elementType);
  }
  llvm::SmallVector<bool> reduced(shape->size());
  for (int64_t axis : *values) {
    std::optional<int64_t> place = normalizeAxis(axis, shape->size(), location);
    if (!place)
      return {};
    reduced[*place] = true;
  }
  Shape result;
  for (auto [size, isReduced] : llvm::zip_equal(*shape, reduced))
    if (!isReduced || keepDims)
      result.push_back(isReduced ? 1 : size);
  return RankedTensorType::get(result, elementType);
}

Type tflc::tf::inferArg(Value input, Value axis, Type elementType, MaybeLocation location) {
  std::optional<Shape> shape = getShape(input);
  std::optional<int64_t> value = evaluateInt(axis);
  if (!shape)
    return UnrankedTensorType::get(elementType);
  if (shape->empty())
    return reportFault(location, "a scalar has no axes");
  if (!value)
    return RankedTensorType::get(Shape(shape->size() - 1, ShapedType::kDynamic), elementType);
  std::optional<int64_t> place = normalizeAxis(*value, shape->size(), location);
  if (!place)
    return {};
  shape->erase(shape->begin() + *place);
  return RankedTensorType::get(*shape, elementType);
}

Type tflc::tf::inferSegments(Value data, Value ids, Value count) {
  std::optional<Shape> shape = getShape(data), idShape = getShape(ids);
  if (!shape || !idShape || idShape->size() > shape->size())
    return UnrankedTensorType::get(getElementType(data));
  Shape result = {evaluateInt(count).value_or(ShapedType::kDynamic)};
  if (result[0] < 0)
    result[0] = ShapedType::kDynamic;
  llvm::append_range(result, ArrayRef(*shape).drop_front(idShape->size()));
  return RankedTensorType::get(result, getElementType(data));
}

Type tflc::tf::inferSequence(Value input, Value recurrent) {
  std::optional<Shape> shape = getShape(input), weights = getShape(recurrent);
  if (!shape || shape->size() != 3 || !weights || weights->size() != 2)
    return makeType(std::nullopt, getElementType(input));
  return makeType(Shape{(*shape)[0], (*shape)[1], (*weights)[0]}, getElementType(input));
}

Type tflc::tf::inferPad(Value input, Value paddings, MaybeLocation location) {
  std::optional<Shape> shape = getShape(input);
  if (!shape)
    return input.getType();
  std::optional<KnownInts> amounts = evaluateInts(paddings);
  Type elementType = getElementType(input);
  if (!amounts)
    return RankedTensorType::get(Shape(shape->size(), ShapedType::kDynamic), elementType);
  if (amounts->size() != 2 * shape->size())
    return reportFault(location, "paddings and rank differ");
  for (auto [i, size] : llvm::enumerate(*shape)) {
    std::optional<int64_t> before = (*amounts)[2 * i], after = (*amounts)[2 * i + 1];
    bool isKnown = !ShapedType::isDynamic(size) && before && after;
    if (!isKnown)
      size = ShapedType::kDynamic;
    else if (*before < 0 || *after < 0 || llvm::AddOverflow(size, *before, size) ||
             llvm::AddOverflow(size, *after, size))
      return reportFault(location, "paddings must not be negative");
  }
  return RankedTensorType::get(*shape, elementType);
}

Type tflc::tf::inferComplexPart(Value input) {
  auto type = cast<TensorType>(input.getType());
  auto complex = dyn_cast<ComplexType>(type.getElementType());
  return complex ? type.clone(complex.getElementType()) : type;
}

Type tflc::tf::getTypeOr(std::optional<Type> given, unsigned width, Value sample) {
  return given ? *given : IntegerType::get(sample.getContext(), width);
}

Type tflc::tf::inferRealFourier(Value input, Value lengths, unsigned rank, MaybeLocation location) {
  std::optional<Shape> shape = getShape(input);
  Type elementType = ComplexType::get(getElementType(input));
  if (!shape)
    return UnrankedTensorType::get(elementType);
  if (shape->size() < rank)
    return reportFault(location, "has ", shape->size(), " dimensions, expected at least ", rank);
  KnownInts known = evaluateInts(lengths).value_or(KnownInts(rank));
  if (known.size() != rank)
    return reportFault(location, "has ", known.size(), " lengths, expected ", rank);
  size_t first = shape->size() - rank;
  for (auto [i, length] : llvm::enumerate(known)) {
    int64_t size = length.value_or(ShapedType::kDynamic);
    if (length && (size < 1 || size > INT32_MAX))
      return reportFault(location, "length ", size, " is out of range");
    bool isLast = i + 1 == rank;
    (*shape)[first + i] = isLast && length ? size / 2 + 1 : size;
  }
  return RankedTensorType::get(*shape, elementType);
}

Type tflc::tf::inferSamples(Value logits, Value count, Type elementType) {
  int64_t samples = evaluateInt(count).value_or(ShapedType::kDynamic);
  std::optional<Shape> shape = getShape(logits);
  int64_t rows = shape && shape->size() == 2 ? shape->front() : ShapedType::kDynamic;
  return RankedTensorType::get({rows, samples < 0 ? ShapedType::kDynamic : samples}, elementType);
}
