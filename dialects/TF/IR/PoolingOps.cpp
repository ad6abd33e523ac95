//===- PoolingOps.cpp - windows and images --------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/PoolingOps.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/PoolingOps.cpp.inc"

/// `kernel`: whether the result has the element type of the images.
static Type inferResize(Value images, Value size, Type elementType, MaybeLocation location) {
  std::optional<Shape> shape = getShape(images), spatial = evaluateShape(size);
  if (!shape)
    return UnrankedTensorType::get(elementType);
  if (shape->size() != 4 || (spatial && spatial->size() != 2))
    return reportFault(location, "expected four dimensions and two sizes");
  for (unsigned i : {0, 1})
    (*shape)[1 + i] = spatial ? (*spatial)[i] : ShapedType::kDynamic;
  return RankedTensorType::get(*shape, elementType);
}

Type ResizeBicubicOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferResize(op.getImages(), op.getSize(), Float32Type::get(op.getImages().getContext()),
                     location);
}

Type ResizeBilinearOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferResize(op.getImages(), op.getSize(), Float32Type::get(op.getImages().getContext()),
                     location);
}

Type ResizeNearestNeighborOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferResize(op.getImages(), op.getSize(), getElementType(op.getImages()), location);
}

/// Multiplies or divides by `factor`; nothing where that is not exact.
static std::optional<int64_t> scale(int64_t size, int64_t factor, bool divide) {
  if (ShapedType::isDynamic(size))
    return size;
  int64_t result;
  if (divide)
    return factor > 0 && size % factor == 0 ? std::optional(size / factor) : std::nullopt;
  return factor < 1 || llvm::MulOverflow(size, factor, result) ? std::nullopt
                                                               : std::optional(result);
}

static Type inferBlocks(Value input, int64_t block, bool toDepth, StringRef format,
                        MaybeLocation location) {
  std::optional<Shape> shape = getShape(input);
  if (!shape || shape->size() != 4 || (format != "NHWC" && format != "NCHW"))
    return UnrankedTensorType::get(getElementType(input));
  unsigned height = format == "NHWC" ? 1 : 2, depth = format == "NHWC" ? 3 : 1;
  bool isExact = block > 0 && block < (1 << 15);
  for (unsigned dim : {height, height + 1, depth}) {
    if (!isExact)
      break;
    int64_t factor = dim == depth ? block * block : block;
    std::optional<int64_t> size = scale((*shape)[dim], factor, (dim != depth) == toDepth);
    isExact = size.has_value();
    (*shape)[dim] = size.value_or(0);
  }
  if (!isExact)
    return reportFault(location, "blocks of ", block, " do not fit the sizes");
  return RankedTensorType::get(*shape, getElementType(input));
}

Type SpaceToDepthOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferBlocks(op.getInput(), op.getBlockSize(), /*toDepth=*/true, op.getDataFormat(),
                     location);
}

Type DepthToSpaceOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferBlocks(op.getInput(), op.getBlockSize(), /*toDepth=*/false, op.getDataFormat(),
                     location);
}

/// The batch and the spatial sizes trade a factor of the block's size; `edges` are paddings or
/// crops.
static Type inferBatches(Value input, Value blockShape, Value edges, bool toBatch,
                         MaybeLocation location) {
  std::optional<Shape> shape = getShape(input);
  std::optional<SmallVector<int64_t>> blocks = evaluateAllInts(blockShape);
  std::optional<KnownInts> amounts = evaluateInts(edges);
  Type elementType = getElementType(input);
  if (!shape || !blocks || !amounts) {
    if (shape)
      return RankedTensorType::get(Shape(shape->size(), ShapedType::kDynamic), elementType);
    return UnrankedTensorType::get(elementType);
  }
  if (blocks->size() >= shape->size() || amounts->size() != 2 * blocks->size())
    return reportFault(location, "blocks, edges and rank do not fit");
  std::optional<int64_t> batch = shape->front();
  for (auto [i, block] : llvm::enumerate(*blocks)) {
    int64_t &size = (*shape)[1 + i];
    std::optional<int64_t> before = (*amounts)[2 * i], after = (*amounts)[2 * i + 1];
    if (batch)
      batch = scale(*batch, block, /*divide=*/!toBatch);
    if (!before || !after || ShapedType::isDynamic(size)) {
      size = ShapedType::kDynamic;
      continue;
    }
    int64_t edge = *before + *after;
    std::optional<int64_t> scaled =
        toBatch ? scale(size + edge, block, true) : scale(size, block, false);
    if (!batch || !scaled || *before < 0 || *after < 0 || edge > INT32_MAX ||
        (!toBatch && *scaled < edge))
      return reportFault(location, "blocks and edges do not fit the sizes");
    size = toBatch ? *scaled : *scaled - edge;
  }
  shape->front() = batch.value_or(ShapedType::kDynamic);
  return RankedTensorType::get(*shape, elementType);
}

Type SpaceToBatchNDOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferBatches(op.getInput(), op.getBlockShape(), op.getPaddings(), /*toBatch=*/true,
                      location);
}

Type BatchToSpaceNDOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferBatches(op.getInput(), op.getBlockShape(), op.getCrops(), /*toBatch=*/false,
                      location);
}

/// How many boxes are chosen is known where the result is filled up to the most.
static Shape getSuppressedShape(Value most, bool isPadded) {
  int64_t count = isPadded ? evaluateInt(most).value_or(-1) : -1;
  return {count < 0 ? ShapedType::kDynamic : count};
}

static Type getIndexType(Value sample, const Shape &shape) {
  return RankedTensorType::get(shape, IntegerType::get(sample.getContext(), 32));
}

LogicalResult NonMaxSuppressionV2Op::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                                      Adaptor op, SmallVectorImpl<Type> &types) {
  types.push_back(getIndexType(op.getBoxes(), {ShapedType::kDynamic}));
  return success();
}

LogicalResult NonMaxSuppressionV3Op::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                                      Adaptor op, SmallVectorImpl<Type> &types) {
  types.push_back(getIndexType(op.getBoxes(), {ShapedType::kDynamic}));
  return success();
}

LogicalResult NonMaxSuppressionV4Op::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                                      Adaptor op, SmallVectorImpl<Type> &types) {
  Shape shape = getSuppressedShape(op.getMaxOutputSize(), op.getPadToMaxOutputSize());
  types.push_back(getIndexType(op.getBoxes(), shape));
  types.push_back(getIndexType(op.getBoxes(), {}));
  return success();
}

LogicalResult NonMaxSuppressionV5Op::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                                      Adaptor op, SmallVectorImpl<Type> &types) {
  Shape shape = getSuppressedShape(op.getMaxOutputSize(), op.getPadToMaxOutputSize());
  types.push_back(getIndexType(op.getBoxes(), shape));
  types.push_back(RankedTensorType::get(shape, getElementType(op.getScores())));
  types.push_back(getIndexType(op.getBoxes(), {}));
  return success();
}
