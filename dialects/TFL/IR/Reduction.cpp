//===- Reduction.cpp - checks that reductions share -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/Reduction.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/TFLDialect.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tflc::tfl;

std::optional<SmallVector<int64_t>> tflc::tfl::getReducedAxes(Value axes, int64_t rank) {
  DenseIntElementsAttr elements;
  if (!matchPattern(axes, m_Constant(&elements)))
    return std::nullopt;
  SmallVector<int64_t> result;
  // Axes of a scalar name nothing, as in the reference.
  if (rank == 0)
    return result;
  for (const APInt &element : elements) {
    int64_t axis = element.getSExtValue();
    if (axis < -rank || axis >= rank)
      return std::nullopt;
    result.push_back(axis < 0 ? axis + rank : axis);
  }
  llvm::sort(result);
  result.erase(llvm::unique(result), result.end());
  return result;
}

LogicalResult tflc::tfl::inferReducedShape(Operation *op, bool keepDims,
                                           SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = cast<RankedTensorType>(op->getOperand(0).getType()).getShape();
  auto axes = getReducedAxes(op->getOperand(1), input.size());
  SmallVector<int64_t> &shape = shapes.emplace_back();
  if (!axes) {
    // The file knows how many dimensions are left.
    auto output = cast<RankedTensorType>(op->getResult(0).getType());
    shape.assign(keepDims ? input.size() : output.getRank(), ShapedType::kDynamic);
    return success();
  }
  for (auto [i, size] : llvm::enumerate(input)) {
    if (!llvm::is_contained(*axes, int64_t(i)))
      shape.push_back(size);
    else if (keepDims)
      shape.push_back(1);
  }
  return success();
}

/// Constant axes are integers that name dimensions.
static LogicalResult verifyAxes(Operation *op) {
  auto input = cast<RankedTensorType>(op->getOperand(0).getType());
  auto axes = cast<RankedTensorType>(op->getOperand(1).getType());
  if (!isElementTypeIn(axes, "int32 int64"))
    return op->emitError("the axes must be int32 or int64, found ") << getElementTypeName(axes);
  if (matchPattern(op->getOperand(1), m_Constant()) &&
      !getReducedAxes(op->getOperand(1), input.getRank()))
    return op->emitError("an axis is not a dimension of the input's shape ")
           << getShapeText(input.getShape());
  return success();
}

LogicalResult tflc::tfl::verifyReduction(Operation *op, StringRef types) {
  Type input = op->getOperand(0).getType(), output = op->getResult(0).getType();
  if (getElementTypeName(input) != getElementTypeName(output) ||
      getQuantization(input).has_value() != getQuantization(output).has_value())
    return op->emitError("input and result must have one type, found ")
           << getElementTypeName(input) << " and " << getElementTypeName(output);
  if (!isElementTypeIn(input, types))
    return op->emitError("unsupported type ") << getElementTypeName(input);
  return verifyAxes(op);
}

LogicalResult tflc::tfl::verifyArgReduction(Operation *op) {
  Type input = op->getOperand(0).getType(), output = op->getResult(0).getType();
  if (!isElementTypeIn(input, "float32 bool int8 uint8 int16 int32 int64 qint8 quint8 qint16"))
    return op->emitError("unsupported type ") << getElementTypeName(input);
  if (!isElementTypeIn(output, "int32 int64"))
    return op->emitError("the result must be int32 or int64, found ") << getElementTypeName(output);
  if (cast<RankedTensorType>(input).getRank() == 0)
    return op->emitError("a scalar has no axis");
  auto axis = cast<RankedTensorType>(op->getOperand(1).getType());
  if (axis.hasStaticShape() && axis.getNumElements() != 1)
    return op->emitError("there must be one axis, found shape ") << getShapeText(axis.getShape());
  return verifyAxes(op);
}
