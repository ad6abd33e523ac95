//===- ReduceWindowOps.cpp - reductions over windows ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ReduceWindowOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/PadOps.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ReduceWindowOps.cpp.inc"

/// Sizes, strides and distances of windows are at least one, and small enough for the arithmetic
/// of sizes.
static LogicalResult verifyWindow(Operation *op, ArrayRef<int64_t> values, size_t rank,
                                  StringRef name) {
  if (values.size() != rank)
    return op->emitError() << name << " must have one element for each of the " << rank
                           << " dimensions of the input, found " << values.size();
  for (int64_t value : values)
    if (value < 1 || value > std::numeric_limits<int32_t>::max())
      return op->emitError() << name << " must be positive numbers of 32 bits, found " << value;
  return success();
}

/// What is common to both: the types, and a dimension.
template <typename Op> static LogicalResult verifyOperands(Op op) {
  if (failed(verifySameElementType(op, {op.getInput(), op.getInitValue(), op.getOutput()})))
    return failure();
  if (!isElementTypeIn(op.getInput().getType(), Op::getElementTypes()))
    return op.emitError("unsupported type ") << getElementTypeName(op.getInput().getType());
  if (getNumElements(op.getInitValue().getType().getShape()) != 1)
    return op.emitError("the initial value must be a scalar, found shape ")
           << getShapeText(op.getInitValue().getType().getShape());
  if (op.getInput().getType().getRank() == 0)
    return op.emitError("the input must have a dimension, found a scalar");
  return success();
}

/// The sizes of the result for an input of this shape.
static SmallVector<int64_t> getWindowedShape(ArrayRef<int64_t> input, ArrayRef<int64_t> window,
                                             ArrayRef<int64_t> strides,
                                             ArrayRef<int64_t> dilations) {
  SmallVector<int64_t> shape;
  for (size_t i = 0; i < input.size(); ++i) {
    int64_t extent = (window[i] - 1) * dilations[i] + 1;
    if (ShapedType::isDynamic(input[i]))
      shape.push_back(ShapedType::kDynamic);
    else
      shape.push_back(input[i] < extent ? 0 : (input[i] - extent) / strides[i] + 1);
  }
  return shape;
}

//===----------------------------------------------------------------------===//
// REDUCE_WINDOW
//===----------------------------------------------------------------------===//

LogicalResult ReduceWindowOp::verify() {
  if (failed(verifyOperands(*this)))
    return failure();
  if (!llvm::is_contained({"ADD", "MUL", "MINIMUM", "MAXIMUM", "ALL", "ANY"}, getReduceFunction()))
    return emitError("unsupported reduction ") << getReduceFunction();
  for (Value value : {getWindowDimensions(), getWindowStrides(), getWindowDilations()}) {
    auto type = cast<RankedTensorType>(value.getType());
    if (!type.getElementType().isSignlessInteger(64) || type.getRank() != 1)
      return emitError("dimensions, strides and dilations must be vectors of int64, found ")
             << getElementTypeName(type) << " of shape " << getShapeText(type.getShape());
  }
  return verifyShapes(*this);
}

LogicalResult ReduceWindowOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  size_t rank = getInput().getType().getRank();
  SmallVector<SmallVector<int64_t>> window;
  for (auto [value, name] :
       {std::pair<Value, StringRef>(getWindowDimensions(), "window_dimensions"),
        std::pair<Value, StringRef>(getWindowStrides(), "window_strides"),
        std::pair<Value, StringRef>(getWindowDilations(), "window_dilations")}) {
    std::optional<SmallVector<int64_t>> known = evaluateAllInts(value);
    if (!known)
      return emitError() << name << " must be constant";
    if (failed(verifyWindow(*this, *known, rank, name)))
      return failure();
    window.push_back(*known);
  }
  shapes.push_back(
      getWindowedShape(getInput().getType().getShape(), window[0], window[1], window[2]));
  return success();
}

//===----------------------------------------------------------------------===//
// STABLEHLO_REDUCE_WINDOW
//===----------------------------------------------------------------------===//

LogicalResult StablehloReduceWindowOp::verify() {
  size_t rank = getInput().getType().getRank();
  if (failed(verifyOperands(*this)) ||
      failed(verifyWindow(*this, getWindowDimensions(), rank, "window_dimensions")) ||
      failed(verifyWindow(*this, getWindowStrides(), rank, "window_strides")) ||
      failed(verifyWindow(*this, getBaseDilations(), rank, "base_dilations")) ||
      failed(verifyWindow(*this, getWindowDilations(), rank, "window_dilations")))
    return failure();
  if (getPadding().size() != 2 * rank)
    return emitError("padding must have two elements for each of the ")
           << rank << " dimensions of the input, found " << getPadding().size();
  return verifyShapes(*this);
}

LogicalResult StablehloReduceWindowOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> low, high, interior;
  for (size_t i = 0; i < getBaseDilations().size(); ++i) {
    low.push_back(getPadding()[2 * i]);
    high.push_back(getPadding()[2 * i + 1]);
    interior.push_back(getBaseDilations()[i] - 1);
  }
  FailureOr<SmallVector<int64_t>> padded =
      getInteriorPaddedShape(*this, getInput().getType().getShape(), low, high, interior);
  if (failed(padded))
    return failure();
  if (llvm::is_contained(*padded, 0))
    return emitError("the padding leaves nothing of an input of shape ")
           << getShapeText(getInput().getType().getShape());
  shapes.push_back(
      getWindowedShape(*padded, getWindowDimensions(), getWindowStrides(), getWindowDilations()));
  return success();
}
