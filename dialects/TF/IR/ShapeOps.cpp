//===- ShapeOps.cpp - shapes and order of elements ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ShapeOps.h"

#include "TF/IR/ConstantOps.h"

#include "mlir/IR/PatternMatch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/ShapeOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// The type of a vector that holds the shape of a value.
static Type getShapeType(Value value, Type elementType) {
  std::optional<Shape> shape = getShape(value);
  return RankedTensorType::get({shape ? int64_t(shape->size()) : ShapedType::kDynamic},
                               elementType);
}

Type ShapeOp::inferType(Adaptor op, std::optional<Location>) {
  return getShapeType(op.getInput(), getTypeOr(op.getOutType(), 32, op.getInput()));
}

LogicalResult ShapeNOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor op,
                                         SmallVectorImpl<Type> &types) {
  for (Value input : op.getInput())
    types.push_back(getShapeType(input, getTypeOr(op.getOutType(), 32, input)));
  return success();
}

Type SizeOp::inferType(Adaptor op, std::optional<Location>) {
  return RankedTensorType::get({}, getTypeOr(op.getOutType(), 32, op.getInput()));
}

Type RankOp::inferType(Adaptor op, std::optional<Location>) {
  return RankedTensorType::get({}, IntegerType::get(op.getInput().getContext(), 32));
}

//===----------------------------------------------------------------------===//
// Order and repetition
//===----------------------------------------------------------------------===//

Type TransposeOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getX());
  std::optional<SmallVector<int64_t>> perm = evaluateAllInts(op.getPerm());
  Type elementType = getElementType(op.getX());
  if (!shape)
    return UnrankedTensorType::get(elementType);
  if (!perm)
    return RankedTensorType::get(Shape(shape->size(), ShapedType::kDynamic), elementType);
  if (perm->size() != shape->size())
    return reportFault(location, "the permutation has ", perm->size(), " entries");
  Shape result;
  llvm::SmallVector<bool> seen(shape->size());
  for (int64_t entry : *perm) {
    std::optional<int64_t> dim = normalizeAxis(entry, shape->size(), location);
    if (!dim)
      return {};
    if (seen[*dim])
      return reportFault(location, "dimension ", *dim, " occurs twice");
    seen[*dim] = true;
    result.push_back((*shape)[*dim]);
  }
  return RankedTensorType::get(result, elementType);
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  auto type = dyn_cast<RankedTensorType>(getType());
  std::optional<SmallVector<int64_t>> perm = evaluateAllInts(getPerm());
  if (!type || !perm || int64_t(perm->size()) != type.getRank())
    return {};
  for (int64_t &entry : *perm)
    entry += entry < 0 ? type.getRank() : 0;
  if (llvm::equal(*perm, llvm::seq<int64_t>(0, type.getRank())) && getX().getType() == type)
    return getX();
  auto value = dyn_cast_or_null<DenseElementsAttr>(adaptor.getX());
  if (!value || !type.hasStaticShape() || value.getNumElements() != type.getNumElements())
    return {};
  SmallVector<int64_t> from = getStrides(value.getType().getShape()),
                       to = getStrides(type.getShape());
  return pickElements(value, type, [&](int64_t i) {
    int64_t at = 0;
    for (auto [dim, entry] : llvm::enumerate(*perm))
      at += i / to[dim] % type.getDimSize(dim) * from[entry];
    return at;
  });
}

/// Two transpositions in a row are one.
LogicalResult TransposeOp::canonicalize(TransposeOp op, PatternRewriter &rewriter) {
  auto source = op.getX().getDefiningOp<TransposeOp>();
  std::optional<SmallVector<int64_t>> outer = evaluateAllInts(op.getPerm());
  std::optional<SmallVector<int64_t>> inner =
      source ? evaluateAllInts(source.getPerm()) : std::nullopt;
  if (!inner || !outer || inner->size() != outer->size())
    return rewriter.notifyMatchFailure(op, "no transposition before it");
  int64_t rank = inner->size();
  std::vector<int64_t> joined;
  for (int64_t entry : *outer) {
    std::optional<int64_t> dim = normalizeAxis(entry, rank, std::nullopt);
    if (!dim)
      return failure();
    joined.push_back((*inner)[*dim]);
  }
  auto type = RankedTensorType::get({rank}, rewriter.getI32Type());
  Value perm = ConstOp::create(rewriter, op.getLoc(), makeIntegers(type, joined));
  rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), source.getX(), perm);
  return success();
}

OpFoldResult InvertPermutationOp::fold(FoldAdaptor) {
  std::optional<SmallVector<int64_t>> perm = evaluateAllInts(getX());
  if (!perm)
    return {};
  std::vector<int64_t> inverse(perm->size());
  for (auto [i, entry] : llvm::enumerate(*perm)) {
    if (entry < 0 || entry >= int64_t(perm->size()))
      return {};
    inverse[entry] = i;
  }
  return makeIntegers(RankedTensorType::get({int64_t(perm->size())}, getElementType(getX())),
                      inverse);
}

Type TileOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getInput());
  std::optional<KnownInts> multiples = evaluateInts(op.getMultiples());
  Type elementType = getElementType(op.getInput());
  if (!shape)
    return UnrankedTensorType::get(elementType);
  if (!multiples)
    return RankedTensorType::get(Shape(shape->size(), ShapedType::kDynamic), elementType);
  if (multiples->size() != shape->size())
    return reportFault(location, "there are ", multiples->size(), " multiples");
  for (auto [size, multiple] : llvm::zip_equal(*shape, *multiples)) {
    if (ShapedType::isDynamic(size) || !multiple)
      size = ShapedType::kDynamic;
    else if (*multiple < 0 || llvm::MulOverflow(size, *multiple, size))
      return reportFault(location, "a multiple of ", *multiple, " is not possible");
  }
  return RankedTensorType::get(*shape, elementType);
}

Type BroadcastToOp::inferType(Adaptor op, std::optional<Location>) {
  return makeType(evaluateShape(op.getShape()), getElementType(op.getInput()));
}

OpFoldResult BroadcastToOp::fold(FoldAdaptor adaptor) {
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || !type.hasStaticShape())
    return {};
  if (getInput().getType() == type)
    return getInput();
  auto value = dyn_cast_or_null<DenseElementsAttr>(adaptor.getInput());
  return value && isWorthFolding(type, 0) ? broadcastConstant(value, type) : OpFoldResult();
}

Type BroadcastArgsOp::inferType(Adaptor op, std::optional<Location>) {
  std::optional<Shape> a = getShape(op.getS0()), b = getShape(op.getS1());
  Type elementType = getElementType(op.getS0());
  bool isKnown = a && b && a->size() == 1 && b->size() == 1 && !ShapedType::isDynamic((*a)[0]) &&
                 !ShapedType::isDynamic((*b)[0]);
  int64_t size = isKnown ? std::max((*a)[0], (*b)[0]) : ShapedType::kDynamic;
  return RankedTensorType::get({size}, elementType);
}

Type FillOp::inferType(Adaptor op, std::optional<Location>) {
  return makeType(evaluateShape(op.getDims()), getElementType(op.getValue()));
}

OpFoldResult FillOp::fold(FoldAdaptor adaptor) {
  auto value = dyn_cast_or_null<DenseElementsAttr>(adaptor.getValue());
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!value || value.getNumElements() != 1 || !type || !type.hasStaticShape() ||
      !isWorthFolding(type, 0))
    return {};
  return value.reshape(RankedTensorType::get({}, value.getElementType())).resizeSplat(type);
}

Type EmptyOp::inferType(Adaptor op, std::optional<Location>) {
  return makeType(evaluateShape(op.getShape()), op.getDtype());
}

Type RangeOp::inferType(Adaptor op, std::optional<Location> location) {
  Type elementType = getElementType(op.getStart());
  std::optional<int64_t> start = evaluateInt(op.getStart()), limit = evaluateInt(op.getLimit()),
                         delta = evaluateInt(op.getDelta());
  int64_t count = ShapedType::kDynamic;
  if (start && limit && delta) {
    int64_t distance;
    if (*delta == 0 || llvm::SubOverflow(*limit, *start, distance))
      return reportFault(location, "there is no such range");
    bool isEmpty = distance == 0 || (distance > 0) != (*delta > 0);
    count = isEmpty ? 0 : (std::abs(distance) - 1) / std::abs(*delta) + 1;
  }
  return RankedTensorType::get({count}, elementType);
}

OpFoldResult RangeOp::fold(FoldAdaptor adaptor) {
  auto type = dyn_cast<RankedTensorType>(getType());
  auto start = dyn_cast_or_null<DenseElementsAttr>(adaptor.getStart());
  auto limit = dyn_cast_or_null<DenseElementsAttr>(adaptor.getLimit());
  auto delta = dyn_cast_or_null<DenseElementsAttr>(adaptor.getDelta());
  if (!type || !start || !limit || !delta || start.getNumElements() != 1 ||
      limit.getNumElements() != 1 || delta.getNumElements() != 1)
    return {};
  if (isa<FloatType>(type.getElementType())) {
    double first = getReals(start)[0], step = getReals(delta)[0];
    double count = std::ceil((getReals(limit)[0] - first) / step);
    if (!(count <= 1 << 14))
      return {};
    std::vector<double> values;
    for (double i = 0; i < count; ++i)
      values.push_back(first + i * step);
    return makeReals(type.clone({int64_t(values.size())}), values);
  }
  if (!type.hasStaticShape() || !isWorthFolding(type, 0))
    return {};
  std::vector<int64_t> values;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    values.push_back(getIntegers(start)[0] + i * getIntegers(delta)[0]);
  return makeIntegers(type, values);
}

Type LinSpaceOp::inferType(Adaptor op, std::optional<Location>) {
  int64_t count = evaluateInt(op.getNum()).value_or(ShapedType::kDynamic);
  return RankedTensorType::get({count < 0 ? ShapedType::kDynamic : count},
                               getElementType(op.getStart()));
}

Type OneHotOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getIndices());
  Type elementType = getElementType(op.getOnValue());
  if (!shape)
    return UnrankedTensorType::get(elementType);
  std::optional<int64_t> axis = normalizeAxis(op.getAxis(), shape->size() + 1, location);
  if (!axis)
    return {};
  int64_t depth = evaluateInt(op.getDepth()).value_or(ShapedType::kDynamic);
  shape->insert(shape->begin() + *axis, depth < 0 ? ShapedType::kDynamic : depth);
  return RankedTensorType::get(*shape, elementType);
}

//===----------------------------------------------------------------------===//
// Diagonals
//===----------------------------------------------------------------------===//

Type MatrixDiagOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getDiagonal());
  if (shape) {
    if (shape->empty())
      return reportFault(location, "a scalar is no diagonal");
    shape->push_back(shape->back());
  }
  return makeType(shape, getElementType(op.getDiagonal()));
}

/// A main diagonal gives a square matrix, unless rows and columns say otherwise.
template <typename Adaptor> static Type inferDiagonal(Adaptor op, MaybeLocation location) {
  std::optional<Shape> shape = getShape(op.getDiagonal());
  Type elementType = getElementType(op.getDiagonal());
  if (!shape || evaluateInt(op.getK()) != 0)
    return UnrankedTensorType::get(elementType);
  if (shape->empty())
    return reportFault(location, "a scalar is no diagonal");
  std::optional<int64_t> rows = evaluateInt(op.getNumRows()),
                         columns = evaluateInt(op.getNumCols());
  int64_t length = shape->back();
  shape->pop_back();
  for (std::optional<int64_t> size : {rows, columns})
    shape->push_back(!size ? ShapedType::kDynamic : *size < 0 ? length : *size);
  return RankedTensorType::get(*shape, elementType);
}

Type MatrixDiagV2Op::inferType(Adaptor op, std::optional<Location> location) {
  return inferDiagonal(op, location);
}

Type MatrixDiagV3Op::inferType(Adaptor op, std::optional<Location> location) {
  return inferDiagonal(op, location);
}
