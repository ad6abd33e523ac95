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
    if (!low || !high || ShapedType::isDynamic(input[i]))
      continue;
    if (distanceOfLimit &&
        std::max(*low, *high) > std::max<int64_t>(0, input[i] - *distanceOfLimit))
      return op->emitError("dimension ")
             << i << " of " << getShapeText(input) << " cannot be mirrored for a padding of "
             << std::max(*low, *high);
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
