//===- PadOps.cpp - elements around a tensor ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/PadOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/PadOps.cpp.inc"

template <typename Op> static LogicalResult verifyPadding(Op op) {
  auto input = op.getInput().getType(), paddings = op.getPaddings().getType();
  if (failed(verifySameElementType(op, {op.getInput(), op.getOutput()})) ||
      failed(verifyIndexOperand(op, op.getPaddings(), "paddings")))
    return failure();
  if (paddings.getRank() != 2 || paddings.getDimSize(1) != 2 ||
      paddings.getDimSize(0) != input.getRank())
    return op->emitError("paddings must have shape [")
           << input.getRank() << ", 2], found " << getShapeText(paddings.getShape());
  return verifyShapes(op);
}

template <typename Op>
static LogicalResult inferPaddedShape(Op op, SmallVectorImpl<SmallVector<int64_t>> &shapes,
                                      std::optional<int64_t> distanceOfLimit = std::nullopt) {
  ArrayRef<int64_t> input = op.getInput().getType().getShape();
  std::optional<KnownInts> paddings = evaluateInts(op.getPaddings());
  SmallVector<int64_t> result(input.size(), ShapedType::kDynamic);
  for (size_t i = 0; paddings && i < input.size() && 2 * i + 1 < paddings->size(); ++i) {
    std::optional<int64_t> low = (*paddings)[2 * i], high = (*paddings)[2 * i + 1];
    if ((low && *low < 0) || (high && *high < 0))
      return op->emitError("the padding of dimension ") << i << " is negative";
    if (ShapedType::isDynamic(input[i]))
      continue;
    int64_t larger = std::max(low.value_or(0), high.value_or(0));
    if (distanceOfLimit && larger > std::max<int64_t>(0, input[i] - *distanceOfLimit))
      return op->emitError("dimension ") << i << " of " << getShapeText(input)
                                         << " cannot be mirrored for a padding of " << larger;
    if (!low || !high)
      continue;
    int64_t size;
    if (llvm::AddOverflow(input[i], *low, size) || llvm::AddOverflow(size, *high, size))
      return op->emitError("the result is too large");
    result[i] = size;
  }
  shapes.push_back(result);
  return success();
}

LogicalResult PadOp::verify() { return verifyPadding(*this); }

LogicalResult PadOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferPaddedShape(*this, shapes);
}

LogicalResult PadV2Op::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getConstantValues()})))
    return failure();
  if (getNumElements(getConstantValues().getType().getShape()) != 1)
    return emitError("constant_values must be a single element, found shape ")
           << getShapeText(getConstantValues().getType().getShape());
  return verifyPadding(*this);
}

LogicalResult PadV2Op::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferPaddedShape(*this, shapes);
}

LogicalResult MirrorPadOp::verify() {
  if (getMode() != "REFLECT" && getMode() != "SYMMETRIC")
    return emitError("unknown mode ") << getMode();
  return verifyPadding(*this);
}

LogicalResult MirrorPadOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  return inferPaddedShape(*this, shapes, getMode() == "REFLECT" ? 1 : 0);
}

//===----------------------------------------------------------------------===//
// DILATE, STABLEHLO_PAD
//===----------------------------------------------------------------------===//

/// The value between elements is one element of their type.
static LogicalResult verifyPaddingValue(Operation *op, Value input, Value value, Value output) {
  if (failed(verifySameElementType(op, {input, value, output})))
    return failure();
  if (getNumElements(cast<RankedTensorType>(value.getType()).getShape()) != 1)
    return op->emitError("the padding value must be a scalar, found shape ")
           << getShapeText(cast<RankedTensorType>(value.getType()).getShape());
  if (cast<RankedTensorType>(input.getType()).getRank() == 0)
    return op->emitError("the input must have a dimension, found a scalar");
  return success();
}

FailureOr<SmallVector<int64_t>>
tflc::tfl::getInteriorPaddedShape(Operation *op, ArrayRef<int64_t> input, ArrayRef<int64_t> low,
                                  ArrayRef<int64_t> high, ArrayRef<int64_t> interior) {
  // Keeps the sums below in 64 bits; no dimension of a file is larger.
  constexpr int64_t limit = int64_t(1) << 31;
  if (low.size() != input.size() || high.size() != input.size() || interior.size() != input.size())
    return op->emitError("paddings must have one element for each of the ")
           << input.size() << " dimensions of the input";
  SmallVector<int64_t> shape;
  for (auto [size, before, after, between] : llvm::zip_equal(input, low, high, interior)) {
    if (between < 0)
      return op->emitError("interior padding must not be negative, found ") << between;
    if (std::abs(before) >= limit || std::abs(after) >= limit || between >= limit ||
        (!ShapedType::isDynamic(size) && size >= limit))
      return op->emitError("the result is too large");
    if (ShapedType::isDynamic(size)) {
      shape.push_back(ShapedType::kDynamic);
      continue;
    }
    int64_t padded = size + std::max<int64_t>(size - 1, 0) * between + before + after;
    shape.push_back(std::max<int64_t>(padded, 0));
  }
  if (llvm::is_contained(shape, 0))
    shape.assign(shape.size(), 0);
  return shape;
}

LogicalResult DilateOp::verify() {
  if (failed(verifyPaddingValue(*this, getInput(), getPaddingValue(), getOutput())))
    return failure();
  auto dilations = getDilations().getType();
  if (!dilations.getElementType().isSignlessInteger(32) || dilations.getRank() != 1 ||
      dilations.getDimSize(0) != getInput().getType().getRank())
    return emitError("dilations must be int32, one for each of the ")
           << getInput().getType().getRank() << " dimensions of the input, found "
           << getElementTypeName(dilations) << " of shape " << getShapeText(dilations.getShape());
  return verifyShapes(*this);
}

LogicalResult DilateOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  std::optional<KnownInts> dilations = evaluateInts(getDilations());
  for (size_t i = 0; i < shape.size(); ++i) {
    std::optional<int64_t> dilation = dilations ? (*dilations)[i] : std::nullopt;
    if (dilation && *dilation < 1)
      return emitError("dilations must be positive, found ") << *dilation;
    if (!dilation)
      shape[i] = ShapedType::kDynamic;
    else if (!ShapedType::isDynamic(shape[i]) && shape[i] > 0 &&
             (llvm::MulOverflow(shape[i] - 1, *dilation, shape[i]) ||
              llvm::AddOverflow(shape[i], int64_t(1), shape[i])))
      return emitError("the result is too large");
  }
  shapes.push_back(shape);
  return success();
}

LogicalResult StablehloPadOp::verify() {
  if (failed(verifyPaddingValue(*this, getInput(), getPaddingValue(), getOutput())))
    return failure();
  return verifyShapes(*this);
}

LogicalResult StablehloPadOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  FailureOr<SmallVector<int64_t>> shape =
      getInteriorPaddedShape(*this, getInput().getType().getShape(), getEdgePaddingLow(),
                             getEdgePaddingHigh(), getInteriorPadding());
  if (failed(shape))
    return failure();
  shapes.push_back(*shape);
  return success();
}
