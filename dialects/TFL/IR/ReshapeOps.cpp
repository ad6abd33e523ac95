//===- ReshapeOps.cpp - the same elements in another shape ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ReshapeOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ReshapeOps.cpp.inc"

/// A constant vector of sizes with the element type of `type`.
static DenseElementsAttr getSizesAttr(ArrayRef<int64_t> sizes, RankedTensorType type) {
  auto element = dyn_cast<IntegerType>(type.getElementType());
  if (!element)
    return {};
  auto values = llvm::map_to_vector(
      sizes, [&](int64_t size) { return APInt(element.getWidth(), uint64_t(size)); });
  return DenseElementsAttr::get(type.clone({int64_t(sizes.size())}), values);
}

//===----------------------------------------------------------------------===//
// RESHAPE
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})))
    return failure();
  if (getShape() && failed(verifyIndexOperand(*this, getShape(), "the shape")))
    return failure();
  return verifyShapes(*this);
}

/// The wanted shape: -1 for the dimension that takes the rest, kDynamic for what is unknown.
/// Nothing where not even the rank is known.
static std::optional<SmallVector<int64_t>> getWantedShape(ReshapeOp op) {
  // Old files give the shape as a tensor of another rank, which does not count.
  if (Value operand = op.getShape(); operand && op.getShape().getType().getRank() == 1) {
    std::optional<KnownInts> known = evaluateInts(operand);
    if (!known)
      return std::nullopt;
    return llvm::map_to_vector(
        *known, [](std::optional<int64_t> size) { return size ? *size : ShapedType::kDynamic; });
  }
  std::optional<ArrayRef<int32_t>> attribute = op.getNewShape();
  if (!attribute)
    return std::nullopt;
  if (attribute->size() == 1 && attribute->front() == 0)
    return SmallVector<int64_t>();
  return SmallVector<int64_t>(attribute->begin(), attribute->end());
}

LogicalResult ReshapeOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  std::optional<SmallVector<int64_t>> wanted = getWantedShape(*this);
  ArrayRef<int64_t> input = getInput().getType().getShape();
  if (!wanted) {
    if (!getShape() && !getNewShape())
      return emitError("neither an operand nor an option gives the new shape");
    shapes.push_back(SmallVector<int64_t>(getOutput().getType().getRank(), ShapedType::kDynamic));
    return success();
  }
  std::optional<unsigned> rest;
  int64_t product = 1;
  unsigned numUnknown = llvm::count(*wanted, ShapedType::kDynamic);
  for (auto [i, size] : llvm::enumerate(*wanted)) {
    if (ShapedType::isDynamic(size))
      continue;
    if (size == -1) {
      if (rest)
        return emitError("more than one dimension of the new shape ")
               << getShapeText(*wanted) << " is -1";
      rest = i;
      continue;
    }
    if (size < 0 || llvm::MulOverflow(product, size, product))
      return emitError("the new shape ") << getShapeText(*wanted) << " is not valid";
  }
  std::optional<int64_t> count = getNumElements(input);
  auto mismatch = [&] {
    return emitError("cannot reshape ") << getShapeText(input) << " to " << getShapeText(*wanted)
                                        << ", the number of elements differs";
  };
  SmallVector<int64_t> result = *wanted;
  // The one size that is unknown follows from the others, whether it is marked or computed at run
  // time.
  if (!rest && numUnknown == 1)
    rest = llvm::find(*wanted, ShapedType::kDynamic) - wanted->begin();
  else if (rest && numUnknown > 0)
    count = std::nullopt;
  if (rest) {
    if (!count || numUnknown > 1) {
      result[*rest] = ShapedType::kDynamic;
    } else {
      if (product == 0 ? *count != 0 : *count % product != 0)
        return mismatch();
      result[*rest] = product == 0 ? 0 : *count / product;
    }
  } else if (count && numUnknown == 0 && *count != product) {
    return mismatch();
  }
  shapes.push_back(result);
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  auto type = getOutput().getType();
  if (getInput().getType() == type && type.hasStaticShape())
    return getInput();
  if (auto elements = dyn_cast_or_null<DenseElementsAttr>(adaptor.getInput());
      elements && type.hasStaticShape())
    return elements.reshape(elements.getType().clone(type.getShape()));
  return {};
}

namespace {

/// reshape(reshape(x)) is one reshape of x.
struct MergeReshapes : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    auto producer = op.getInput().getDefiningOp<ReshapeOp>();
    if (!producer || !op.getOutput().getType().hasStaticShape())
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.getInputMutable().assign(producer.getInput()); });
    return success();
  }
};

} // namespace

void ReshapeOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<MergeReshapes>(context);
}

//===----------------------------------------------------------------------===//
// SQUEEZE, EXPAND_DIMS
//===----------------------------------------------------------------------===//

LogicalResult SqueezeOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})))
    return failure();
  return verifyShapes(*this);
}

LogicalResult SqueezeOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  SmallVector<bool> isDropped(input.size(), false);
  ArrayRef<int32_t> dims = getSqueezeDims().value_or(ArrayRef<int32_t>());
  for (auto [i, size] : llvm::enumerate(input))
    isDropped[i] = dims.empty() && size == 1;
  for (int32_t dim : dims) {
    FailureOr<int64_t> axis = normalizeAxis(*this, dim, input.size(), "squeezed dimension");
    if (failed(axis))
      return failure();
    if (input[*axis] != 1 && !ShapedType::isDynamic(input[*axis]))
      return emitError("dimension ")
             << *axis << " of " << getShapeText(input) << " is not of size one";
    isDropped[*axis] = true;
  }
  SmallVector<int64_t> result;
  for (auto [size, drop] : llvm::zip(input, isDropped))
    if (!drop)
      result.push_back(size);
  shapes.push_back(result);
  return success();
}

OpFoldResult SqueezeOp::fold(FoldAdaptor adaptor) {
  auto type = getOutput().getType();
  if (getInput().getType() == type)
    return getInput();
  if (auto elements = dyn_cast_or_null<DenseElementsAttr>(adaptor.getInput());
      elements && type.hasStaticShape())
    return elements.reshape(elements.getType().clone(type.getShape()));
  return {};
}

LogicalResult ExpandDimsOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getAxis(), "the axis")))
    return failure();
  return verifyShapes(*this);
}

LogicalResult ExpandDimsOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  std::optional<int64_t> axis = evaluateInt(getAxis());
  if (!axis) {
    shapes.push_back(SmallVector<int64_t>(input.size() + 1, ShapedType::kDynamic));
    return success();
  }
  FailureOr<int64_t> place = normalizeAxis(*this, *axis, input.size() + 1);
  if (failed(place))
    return failure();
  SmallVector<int64_t> result(input);
  result.insert(result.begin() + *place, 1);
  shapes.push_back(result);
  return success();
}

//===----------------------------------------------------------------------===//
// SHAPE, RANK, DENSIFY
//===----------------------------------------------------------------------===//

LogicalResult ShapeOp::verify() { return verifyIndexOperand(*this, getOutput(), "the result"); }

LogicalResult ShapeOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back({getInput().getType().getRank()});
  return success();
}

OpFoldResult ShapeOp::fold(FoldAdaptor) {
  if (!getInput().getType().hasStaticShape() || getOutput().getType().getRank() != 1)
    return {};
  return getSizesAttr(getInput().getType().getShape(), getOutput().getType());
}

LogicalResult RankOp::verify() { return verifyIndexOperand(*this, getOutput(), "the result"); }

LogicalResult RankOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back({});
  return success();
}

OpFoldResult RankOp::fold(FoldAdaptor) {
  auto type = getOutput().getType();
  if (type.getRank() != 0)
    return {};
  DenseElementsAttr vector = getSizesAttr({getInput().getType().getRank()}, type);
  return vector ? vector.reshape(type) : OpFoldResult();
}

LogicalResult DensifyOp::verify() {
  return verifySameElementType(*this, {getInput(), getOutput()});
}

LogicalResult DensifyOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(SmallVector<int64_t>(getInput().getType().getShape()));
  return success();
}

OpFoldResult DensifyOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getOutput().getType())
    return getInput();
  return adaptor.getInput();
}

std::optional<KnownInts> ShapeOp::computeInts(ShapeEvaluator &, unsigned) {
  return llvm::map_to_vector(getInput().getType().getShape(), [](int64_t size) {
    return ShapedType::isDynamic(size) ? std::nullopt : std::optional<int64_t>(size);
  });
}

std::optional<KnownInts> RankOp::computeInts(ShapeEvaluator &, unsigned) {
  return KnownInts{getInput().getType().getRank()};
}

std::optional<KnownInts> ReshapeOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  return evaluator.evaluate(getInput());
}

std::optional<KnownInts> SqueezeOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  return evaluator.evaluate(getInput());
}

std::optional<KnownInts> ExpandDimsOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  return evaluator.evaluate(getInput());
}
