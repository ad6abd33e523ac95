//===- ViewOps.cpp - other shapes of the same elements --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConstantOps.h"
#include "TF/IR/ShapeOps.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

#include "mlir/IR/PatternMatch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tf;

/// The value of a constant operand with another shape of as many elements.
static OpFoldResult reshapeConstant(Attribute operand, Type type) {
  auto value = dyn_cast_or_null<DenseElementsAttr>(operand);
  auto ranked = dyn_cast<RankedTensorType>(type);
  if (!value || !ranked || !ranked.hasStaticShape() ||
      ranked.getNumElements() != value.getNumElements() ||
      ranked.getElementType() != value.getElementType())
    return {};
  return value.reshape(ranked);
}

/// The product of all sizes that are neither 0 nor open.
static int64_t getNonZeroProduct(ArrayRef<int64_t> shape) {
  int64_t product = 1;
  for (int64_t size : shape)
    if (size > 0 && llvm::MulOverflow(product, size, product))
      return 1;
  return product;
}

Type ReshapeOp::inferType(Adaptor op, std::optional<Location> location) {
  Type elementType = getElementType(op.getTensor());
  std::optional<KnownInts> sizes = evaluateInts(op.getShape());
  if (!sizes)
    return UnrankedTensorType::get(elementType);
  std::optional<Shape> from = tflc::tf::getShape(op.getTensor());
  Shape shape;
  int64_t known = 1;
  std::optional<unsigned> open;
  unsigned unknown = 0;
  for (auto [i, size] : llvm::enumerate(*sizes)) {
    shape.push_back(size.value_or(ShapedType::kDynamic));
    if (!size) {
      ++unknown;
    } else if (*size == -1) {
      if (open)
        return reportFault(location, "more than one size is -1");
      open = i;
      shape.back() = ShapedType::kDynamic;
    } else if (*size < 0 || llvm::MulOverflow(known, *size, known)) {
      return reportFault(location, "there is no shape with a size of ", *size);
    }
  }
  // An unknown size is the only open one where everything else is known.
  std::optional<int64_t> count = from ? getNumElements(*from) : std::nullopt;
  if (count && !open && unknown == 1) {
    for (auto [i, size] : llvm::enumerate(*sizes))
      if (!size)
        open = i;
    unknown = 0;
  }
  if (count && unknown == 0) {
    bool fits = open ? known != 0 && *count % known == 0 : *count == known;
    if (open && known == 0 && *count == 0) {
      // Where both are empty, the sizes other than 0 say what is left.
      int64_t left = getNonZeroProduct(*from), taken = getNonZeroProduct(shape);
      fits = left % taken == 0;
      shape[*open] = fits ? left / taken : 0;
    } else if (open && fits) {
      shape[*open] = *count / known;
    }
    if (!fits)
      return reportFault(location, "the shape does not hold the input's ", *count, " elements");
  }
  return RankedTensorType::get(shape, elementType);
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  auto from = dyn_cast<RankedTensorType>(getTensor().getType());
  // One open size is the same in both, as all others are.
  if (from && from == getType() && llvm::count(from.getShape(), ShapedType::kDynamic) <= 1)
    return getTensor();
  return reshapeConstant(adaptor.getTensor(), getType());
}

/// Whether a constant has one number for all elements, or one for each place of the last dimension.
static bool variesAlongLast(Value value, Type first, Type second) {
  DenseElementsAttr constant;
  auto a = dyn_cast<RankedTensorType>(first), b = dyn_cast<RankedTensorType>(second);
  if (!matchPattern(value, m_Constant(&constant)) || !a || !b || a.getRank() == 0 ||
      b.getRank() == 0 || constant.getType().getRank() > 1)
    return false;
  int64_t count = constant.getNumElements();
  return count == 1 || (a.getShape().back() == count && b.getShape().back() == count);
}

/// A view that restores the shape from before another view: what a constant is added to or
/// multiplied with in between may as well keep its shape.
template <typename Op> static LogicalResult skipViews(Op op, PatternRewriter &rewriter) {
  Operation *source = op->getOperand(0).getDefiningOp();
  if (!source || !isa<AddOp, AddV2Op, MulOp, RealDivOp, SubOp>(source) || !source->hasOneUse())
    return rewriter.notifyMatchFailure(op, "no arithmetic before it");
  for (unsigned i : {0, 1}) {
    Operation *view = source->getOperand(i).getDefiningOp();
    if (!view || !isa<ReshapeOp, SqueezeOp, ExpandDimsOp>(view) ||
        view->getOperand(0).getType() != op.getType() ||
        view->getResult(0).getType() != source->getResult(0).getType() ||
        !variesAlongLast(source->getOperand(1 - i), op.getType(), view->getResult(0).getType()))
      continue;
    rewriter.setInsertionPoint(source);
    IRMapping mapping;
    mapping.map(source->getOperand(i), view->getOperand(0));
    Operation *moved = rewriter.clone(*source, mapping);
    moved->getResult(0).setType(op.getType());
    rewriter.replaceOp(op, moved->getResults());
    return success();
  }
  return rewriter.notifyMatchFailure(op, "no view before the arithmetic");
}

/// Of several views in a row only the last shape counts.
LogicalResult ReshapeOp::canonicalize(ReshapeOp op, PatternRewriter &rewriter) {
  if (succeeded(skipViews(op, rewriter)))
    return success();
  Operation *source = op.getTensor().getDefiningOp();
  if (!source || !isa<ReshapeOp, SqueezeOp, ExpandDimsOp>(source))
    return rewriter.notifyMatchFailure(op, "no view before it");
  rewriter.modifyOpInPlace(op, [&] { op->setOperand(0, source->getOperand(0)); });
  return success();
}

Type SqueezeOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getInput());
  Type elementType = getElementType(op.getInput());
  if (!shape)
    return UnrankedTensorType::get(elementType);
  SmallVector<bool> removed(shape->size());
  for (int64_t dim : op.getSqueezeDims()) {
    std::optional<int64_t> place = normalizeAxis(dim, shape->size(), location);
    if (!place)
      return {};
    int64_t size = (*shape)[*place];
    if (size != 1 && !ShapedType::isDynamic(size))
      return reportFault(location, "dimension ", *place, " has ", size, " elements");
    removed[*place] = true;
  }
  Shape result;
  for (auto [i, size] : llvm::enumerate(*shape)) {
    if (op.getSqueezeDims().empty()) {
      // Whether an open dimension stays is open as well.
      if (ShapedType::isDynamic(size))
        return UnrankedTensorType::get(elementType);
      removed[i] = size == 1;
    }
    if (!removed[i])
      result.push_back(size);
  }
  return RankedTensorType::get(result, elementType);
}

OpFoldResult SqueezeOp::fold(FoldAdaptor adaptor) {
  if (isa<RankedTensorType>(getType()) && getInput().getType() == getType())
    return getInput();
  return reshapeConstant(adaptor.getInput(), getType());
}

/// Another shape of what a view shows, with one open size at most.
template <typename Op> static LogicalResult joinViews(Op op, PatternRewriter &rewriter) {
  Operation *source = op.getInput().getDefiningOp();
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!source || !isa<ReshapeOp, SqueezeOp, ExpandDimsOp>(source) || !type ||
      llvm::count(type.getShape(), ShapedType::kDynamic) > 1 ||
      llvm::is_contained(type.getShape(), 0))
    return rewriter.notifyMatchFailure(op, "no view before it, or its shape is not known");
  SmallVector<int64_t> sizes = llvm::map_to_vector(
      type.getShape(), [](int64_t size) { return ShapedType::isDynamic(size) ? -1 : size; });
  auto vector = RankedTensorType::get({int64_t(sizes.size())}, rewriter.getI32Type());
  Value shape = ConstOp::create(rewriter, op.getLoc(), makeIntegers(vector, sizes));
  rewriter.replaceOpWithNewOp<ReshapeOp>(op, type, source->getOperand(0), shape);
  return success();
}

LogicalResult SqueezeOp::canonicalize(SqueezeOp op, PatternRewriter &rewriter) {
  return success(succeeded(skipViews(op, rewriter)) || succeeded(joinViews(op, rewriter)));
}

LogicalResult ExpandDimsOp::canonicalize(ExpandDimsOp op, PatternRewriter &rewriter) {
  return success(succeeded(skipViews(op, rewriter)) || succeeded(joinViews(op, rewriter)));
}

Type ExpandDimsOp::inferType(Adaptor op, std::optional<Location> location) {
  std::optional<Shape> shape = getShape(op.getInput());
  std::optional<int64_t> dim = evaluateInt(op.getDim());
  Type elementType = getElementType(op.getInput());
  if (!shape)
    return UnrankedTensorType::get(elementType);
  if (!dim)
    return RankedTensorType::get(Shape(shape->size() + 1, ShapedType::kDynamic), elementType);
  std::optional<int64_t> place = normalizeAxis(*dim, shape->size() + 1, location);
  if (!place)
    return {};
  shape->insert(shape->begin() + *place, 1);
  return RankedTensorType::get(*shape, elementType);
}

OpFoldResult ExpandDimsOp::fold(FoldAdaptor adaptor) {
  return reshapeConstant(adaptor.getInput(), getType());
}
