//===- SliceOps.cpp - parts and joins of tensors --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/SliceOps.h"

#include "TF/IR/SliceItems.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/SliceOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Joins
//===----------------------------------------------------------------------===//

static Type inferConcat(ValueRange values, Value axis, MaybeLocation location) {
  if (values.empty())
    return reportFault(location, "has no inputs");
  Type elementType = getElementType(values.front());
  std::optional<Shape> result;
  for (Value value : values)
    if (std::optional<Shape> shape = getShape(value))
      result = shape;
  if (!result)
    return UnrankedTensorType::get(elementType);
  std::optional<int64_t> given = evaluateInt(axis);
  if (!given)
    return RankedTensorType::get(Shape(result->size(), ShapedType::kDynamic), elementType);
  std::optional<int64_t> dim = normalizeAxis(*given, result->size(), location);
  if (!dim)
    return {};
  int64_t total = 0;
  for (Value value : values) {
    std::optional<Shape> shape = getShape(value);
    if (!shape) {
      total = ShapedType::kDynamic;
      continue;
    }
    if (shape->size() != result->size())
      return reportFault(location, "ranks differ");
    for (auto [i, size] : llvm::enumerate(*shape)) {
      if (int64_t(i) == *dim) {
        bool isOpen = ShapedType::isDynamic(total) || ShapedType::isDynamic(size);
        total = isOpen ? ShapedType::kDynamic : total;
        if (!isOpen && llvm::AddOverflow(total, size, total))
          return reportFault(location, "the result is too large");
      } else if (ShapedType::isDynamic((*result)[i])) {
        (*result)[i] = size;
      } else if (!ShapedType::isDynamic(size) && size != (*result)[i]) {
        return reportFault(location, "sizes ", size, " and ", (*result)[i], " differ");
      }
    }
  }
  (*result)[*dim] = total;
  return RankedTensorType::get(*result, elementType);
}

Type ConcatOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferConcat(op.getValues(), op.getConcatDim(), location);
}

Type ConcatV2Op::inferType(Adaptor op, std::optional<Location> location) {
  return inferConcat(op.getValues(), op.getAxis(), location);
}

/// Joins constants along a dimension; null where they are of no kind that can be joined.
static DenseElementsAttr joinConstants(ArrayRef<Attribute> operands, RankedTensorType type,
                                       int64_t dim) {
  int64_t inner = 1, outer = 1, given = 0;
  for (int64_t i = 0; i < type.getRank(); ++i)
    (i < dim ? outer : inner) *= type.getDimSize(i);
  SmallVector<DenseElementsAttr> values;
  for (Attribute operand : operands) {
    values.push_back(dyn_cast_or_null<DenseElementsAttr>(operand));
    if (!values.back())
      return {};
    given += values.back().getNumElements();
  }
  bool isReal = isa<FloatType>(type.getElementType());
  if (given != type.getNumElements() || outer == 0 ||
      (!isReal && !type.getElementType().isInteger()))
    return {};
  auto join = [&](auto read) {
    decltype(read(values[0])) result(given);
    int64_t offset = 0;
    for (DenseElementsAttr value : values) {
      auto elements = read(value);
      int64_t each = elements.size() / outer;
      for (int64_t row = 0; row < outer; ++row)
        std::copy_n(elements.begin() + row * each, each, result.begin() + row * inner + offset);
      offset += each;
    }
    return result;
  };
  return isReal ? makeReals(type, join(getReals)) : makeIntegers(type, join(getIntegers));
}

OpFoldResult ConcatV2Op::fold(FoldAdaptor adaptor) {
  if (getValues().size() == 1 && getValues().front().getType() == getType())
    return getValues().front();
  auto type = dyn_cast<RankedTensorType>(getType());
  std::optional<int64_t> axis = evaluateInt(getAxis());
  if (!type || !type.hasStaticShape() || !axis)
    return {};
  std::optional<int64_t> dim = normalizeAxis(*axis, type.getRank(), std::nullopt);
  if (!dim)
    return {};
  return joinConstants(adaptor.getValues(), type, *dim);
}

LogicalResult ConcatOffsetOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor op,
                                               SmallVectorImpl<Type> &types) {
  llvm::append_range(types, op.getShape().getTypes());
  return success();
}

Type PackOp::inferType(Adaptor op, std::optional<Location> location) {
  if (op.getValues().empty())
    return reportFault(location, "has no inputs");
  Type elementType = getElementType(op.getValues().front());
  std::optional<TensorType> joined;
  for (Value value : op.getValues()) {
    auto type = cast<TensorType>(value.getType());
    if (joined && !areCompatible({type}, {*joined}))
      return reportFault(location, "the inputs' types ", type, " and ", *joined, " differ");
    joined = joined ? refine(*joined, type) : type;
  }
  if (!joined->hasRank())
    return UnrankedTensorType::get(elementType);
  Shape shape(joined->getShape());
  std::optional<int64_t> axis = normalizeAxis(int64_t(op.getAxis()), shape.size() + 1, location);
  if (!axis)
    return {};
  shape.insert(shape.begin() + *axis, op.getValues().size());
  return RankedTensorType::get(shape, elementType);
}

OpFoldResult PackOp::fold(FoldAdaptor adaptor) {
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || !type.hasStaticShape())
    return {};
  std::optional<int64_t> axis = normalizeAxis(int64_t(getAxis()), type.getRank(), std::nullopt);
  if (!axis)
    return {};
  return joinConstants(adaptor.getValues(), type, *axis);
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

Type SliceOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getInput());
  Type elementType = getElementType(op.getInput());
  std::optional<KnownInts> begin = evaluateInts(op.getBegin()), size = evaluateInts(op.getSize());
  if (!shape && size)
    shape = Shape(size->size(), ShapedType::kDynamic);
  if (!shape)
    return UnrankedTensorType::get(elementType);
  if (!begin || !size)
    return RankedTensorType::get(Shape(shape->size(), ShapedType::kDynamic), elementType);
  if (begin->size() != shape->size() || size->size() != shape->size())
    return reportFault(location, "begin, size and rank differ");
  for (auto [i, dim] : llvm::enumerate(*shape)) {
    std::optional<int64_t> from = (*begin)[i], count = (*size)[i];
    if (!count || (*count == -1 && (!from || ShapedType::isDynamic(dim)))) {
      dim = ShapedType::kDynamic;
      continue;
    }
    int64_t taken = *count == -1 ? dim - *from : *count;
    bool isOutside = from && *from < 0;
    if (from && !ShapedType::isDynamic(dim))
      isOutside = isOutside || *from > dim || taken > dim - *from;
    if (taken < 0 || isOutside)
      return reportFault(location, "the slice lies outside of dimension ", i);
    dim = taken;
  }
  return RankedTensorType::get(*shape, elementType);
}

/// Rows of a constant: the elements at `begin + i * stride` in each dimension.
static OpFoldResult sliceConstant(Attribute operand, ArrayRef<SliceRange> ranges, Type type) {
  auto value = dyn_cast_or_null<DenseElementsAttr>(operand);
  auto ranked = dyn_cast<RankedTensorType>(type);
  if (!value || !ranked || !ranked.hasStaticShape() || !isWorthFolding(ranked, 0))
    return {};
  SmallVector<int64_t> sizes =
      llvm::map_to_vector(ranges, [](SliceRange range) { return range.size; });
  SmallVector<int64_t> strides = getStrides(value.getType().getShape()), steps = getStrides(sizes);
  if (getNumElements(sizes) != ranked.getNumElements())
    return {};
  return pickElements(value, ranked, [&](int64_t i) {
    int64_t at = 0;
    for (auto [dim, range] : llvm::enumerate(ranges))
      at += (range.begin + i / steps[dim] % range.size * range.stride) * strides[dim];
    return at;
  });
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  std::optional<Shape> shape = getShape(getInput());
  auto begin = evaluateAllInts(getBegin()), size = evaluateAllInts(getSize());
  if (!shape || !begin || !size || begin->size() != shape->size() || size->size() != shape->size())
    return {};
  auto type = dyn_cast<RankedTensorType>(getType());
  if (type && type.hasStaticShape() && getInput().getType() == type)
    return getInput();
  SmallVector<SliceRange> ranges;
  for (auto [i, dim] : llvm::enumerate(*shape)) {
    int64_t count = (*size)[i] == -1 ? dim - (*begin)[i] : (*size)[i];
    if (ShapedType::isDynamic(dim) || (*begin)[i] < 0 || count < 0 || count > dim - (*begin)[i])
      return {};
    ranges.push_back({(*begin)[i], count, 1});
  }
  return sliceConstant(adaptor.getInput(), ranges, type);
}

/// The items of an op where begin, end and strides are known, else those without ranges.
template <typename Op> static std::optional<SmallVector<SliceItem>> getItems(Op op, unsigned rank) {
  auto begin = evaluateAllInts(op.getBegin()), end = evaluateAllInts(op.getEnd());
  auto strides = evaluateAllInts(op.getStrides());
  if (begin && end && strides)
    return getSliceItems(SliceMasks(op), rank, *begin, *end, *strides, {});
  std::optional<KnownInts> entries = evaluateInts(op.getBegin());
  if (!entries)
    entries = evaluateInts(op.getStrides());
  if (!entries)
    return std::nullopt;
  return getSliceItems(SliceMasks(op), rank, {}, {}, {}, entries->size());
}

Type StridedSliceOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getInput());
  Type elementType = getElementType(op.getInput());
  if (!shape)
    return UnrankedTensorType::get(elementType);
  std::optional<SmallVector<SliceItem>> items = getItems(op, shape->size());
  if (!items) {
    if (evaluateInts(op.getStrides()) || evaluateInts(op.getBegin()))
      return reportFault(location, "begin, end and strides do not fit the rank");
    return UnrankedTensorType::get(elementType);
  }
  Shape result;
  for (const SliceItem &item : *items) {
    if (!item.dim) {
      result.push_back(1);
      continue;
    }
    int64_t size = (*shape)[*item.dim];
    if (item.shrink)
      continue;
    bool isWhole = item.isKnown && !item.begin && !item.end && std::abs(item.stride) == 1;
    if (isWhole || (item.isKnown && !ShapedType::isDynamic(size))) {
      std::optional<SliceRange> range =
          isWhole ? SliceRange{0, size, 1} : getSliceRange(item, size);
      if (!range)
        return reportFault(location, "a stride is 0");
      result.push_back(range->size);
    } else {
      result.push_back(ShapedType::kDynamic);
    }
  }
  return RankedTensorType::get(result, elementType);
}

OpFoldResult StridedSliceOp::fold(FoldAdaptor adaptor) {
  std::optional<Shape> shape = getShape(getInput());
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!shape || !type)
    return {};
  if (std::optional<KnownInts> known = evaluateInts(getOutput());
      known && type.hasStaticShape() && !llvm::is_contained(*known, std::nullopt) &&
      int64_t(known->size()) == type.getNumElements())
    return makeIntegers(type, llvm::map_to_vector(*known, [](auto element) { return *element; }));
  std::optional<SmallVector<SliceItem>> items = getItems(*this, shape->size());
  if (!items)
    return {};
  auto isWhole = [](const SliceItem &item) {
    return item.dim && item.isKnown && !item.begin && !item.end && item.stride == 1;
  };
  if (type == getInput().getType() && llvm::all_of(*items, isWhole))
    return getInput();
  SmallVector<SliceRange> ranges;
  for (const SliceItem &item : *items) {
    if (!item.dim)
      continue;
    std::optional<SliceRange> range = getSliceRange(item, (*shape)[*item.dim]);
    if (!range)
      return {};
    ranges.push_back(*range);
  }
  if (type == getInput().getType() && type.hasStaticShape() &&
      llvm::all_of(ranges, [](SliceRange range) { return range.stride == 1; }))
    return getInput();
  return sliceConstant(adaptor.getInput(), ranges, type);
}

//===----------------------------------------------------------------------===//
// Elements by index
//===----------------------------------------------------------------------===//

Type GatherOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> params = getShape(op.getParams()), indices = getShape(op.getIndices());
  Type elementType = getElementType(op.getParams());
  if (!params || !indices)
    return UnrankedTensorType::get(elementType);
  if (params->empty())
    return reportFault(location, "a scalar has no elements to gather");
  indices->append(params->begin() + 1, params->end());
  return RankedTensorType::get(*indices, elementType);
}

Type GatherV2Op::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> params = getShape(op.getParams()), indices = getShape(op.getIndices());
  Type elementType = getElementType(op.getParams());
  std::optional<int64_t> given = evaluateInt(op.getAxis());
  if (!params || !indices || !given)
    return UnrankedTensorType::get(elementType);
  std::optional<int64_t> axis = normalizeAxis(*given, params->size(), location);
  if (!axis)
    return {};
  int64_t batchDims = op.getBatchDims();
  if (batchDims < 0)
    batchDims += indices->size();
  if (batchDims < 0 || batchDims > *axis || batchDims > int64_t(indices->size()))
    return reportFault(location, "batch_dims ", batchDims, " does not fit");
  Shape result(params->begin(), params->begin() + *axis);
  result.append(indices->begin() + batchDims, indices->end());
  result.append(params->begin() + *axis + 1, params->end());
  return RankedTensorType::get(result, elementType);
}

OpFoldResult GatherV2Op::fold(FoldAdaptor adaptor) {
  auto value = dyn_cast_or_null<DenseElementsAttr>(adaptor.getParams());
  auto indices = dyn_cast_or_null<DenseElementsAttr>(adaptor.getIndices());
  auto type = dyn_cast<RankedTensorType>(getType());
  std::optional<Shape> shape = getShape(getParams());
  std::optional<int64_t> given = evaluateInt(getAxis());
  if (!value || !indices || !type || !type.hasStaticShape() || !shape || !given ||
      getBatchDims() != 0 || !isWorthFolding(type, 0))
    return {};
  std::optional<int64_t> axis = normalizeAxis(*given, shape->size(), std::nullopt);
  if (!axis)
    return {};
  std::vector<int64_t> places = getIntegers(indices);
  int64_t size = (*shape)[*axis], inner = getStrides(*shape)[*axis];
  for (int64_t place : places)
    if (place < 0 || place >= size)
      return {};
  int64_t count = places.size();
  return pickElements(value, type, [&](int64_t i) {
    int64_t place = places[i / inner % count];
    return (i / (inner * count) * size + place) * inner + i % inner;
  });
}

Type GatherNdOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> params = getShape(op.getParams()), indices = getShape(op.getIndices());
  Type elementType = getElementType(op.getParams());
  if (!params || !indices || indices->empty() || ShapedType::isDynamic(indices->back()))
    return UnrankedTensorType::get(elementType);
  int64_t depth = indices->pop_back_val();
  if (depth > int64_t(params->size()))
    return reportFault(location, "indices of ", depth, " numbers for a rank of ", params->size());
  indices->append(params->begin() + depth, params->end());
  return RankedTensorType::get(*indices, elementType);
}

Type ScatterNdOp::inferType(Adaptor op, std::optional<Location>) {
  return makeType(evaluateShape(op.getShape()), getElementType(op.getUpdates()));
}

Type WhereOp::inferType(Adaptor op, std::optional<Location>) {
  std::optional<Shape> shape = getShape(op.getCondition());
  Type elementType = IntegerType::get(op.getCondition().getContext(), 64);
  return RankedTensorType::get(
      {ShapedType::kDynamic, shape ? int64_t(shape->size()) : ShapedType::kDynamic}, elementType);
}

Type SparseToDenseOp::inferType(Adaptor op, std::optional<Location>) {
  return makeType(evaluateShape(op.getOutputShape()), getElementType(op.getSparseValues()));
}
