//===- MatMulOps.cpp - products of matrices -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/MatMulOps.h"
#include "TFL/IR/BlockQuantization.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ProductTypes.h"
#include "TFL/IR/Window.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/MatMulOps.cpp.inc"

//===----------------------------------------------------------------------===//
// FullyConnectedOp
//===----------------------------------------------------------------------===//

static LogicalResult verifyBlockwise(FullyConnectedOp op, const BlockQuantization &blocks) {
  RankedTensorType weights = op.getWeights().getType();
  if (!getElementTypeOrSelf(op.getInput()).isF32() || !getElementTypeOrSelf(op.getOutput()).isF32())
    return op.emitError("weights with a scale for each block need float32 activations, found ")
           << getElementTypeName(op.getInput().getType()) << " input, "
           << getElementTypeName(op.getOutput().getType()) << " output";
  if (!isStoredInteger(weights, 4))
    return op.emitError("weights with a scale for each block must be int4, found ")
           << getElementTypeName(weights);
  if (!matchPattern(op.getWeights(), m_Constant()))
    return op.emitError("weights with a scale for each block must be a constant");
  if (!blocks.fits(weights))
    return op.emitError("the scales of the blocks do not fit weights of shape ")
           << getShapeText(weights.getShape());
  if (!isPresent(op.getBias()))
    return success();
  auto bias = cast<RankedTensorType>(op.getBias().getType());
  if (!bias.getElementType().isF32() || !bias.hasStaticShape() ||
      bias.getNumElements() != weights.getDimSize(0))
    return op.emitError("the bias must have ")
           << weights.getDimSize(0) << " float32 elements, found " << getElementTypeName(bias)
           << " of shape " << getShapeText(bias.getShape());
  return success();
}

LogicalResult FullyConnectedOp::verify() {
  RankedTensorType input = getInput().getType(), weights = getWeights().getType();
  if (getWeightsFormat() != "DEFAULT")
    return emitError("the weights' format ") << getWeightsFormat() << " is not supported";
  // The file's shape of weights that an operator makes may be no more than a guess; the shapes are
  // computed later.
  if (weights.getRank() == 0 && !getWeights().getDefiningOp<ConstOp>())
    return success();
  if (weights.getRank() != 2 || !weights.hasStaticShape())
    return emitError("the weights must have rank 2 and a known shape, found ")
           << getShapeText(weights.getShape());
  int64_t depth = weights.getDimSize(1);
  if (depth == 0)
    return emitError("the weights are empty");
  if (getKeepNumDims()) {
    if (input.getRank() == 0)
      return emitError("the input must not be a scalar when its dimensions are kept");
    if (int64_t last = input.getShape().back(); !ShapedType::isDynamic(last) && last != depth)
      return emitError("the input's last dimension is ") << last << ", the weights need " << depth;
  }
  if (input.hasStaticShape() && input.getNumElements() % depth != 0)
    return emitError("the input has ")
           << input.getNumElements() << " elements, which is no multiple of the weights' " << depth
           << " columns";
  if (std::optional<BlockQuantization> blocks = getBlockQuantization(weights)) {
    if (failed(verifyBlockwise(*this, *blocks)))
      return failure();
  } else if (failed(verifyProduct(*this, getInput(), getWeights(), getBias(), getOutput(), 0))) {
    return failure();
  }
  return verifyActivation(*this, getFusedActivationFunction(), getOutput().getType());
}

LogicalResult FullyConnectedOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  RankedTensorType input = getInput().getType();
  ArrayRef<int64_t> weights = getWeights().getType().getShape();
  if (weights.size() != 2)
    return emitError("the weights must have rank 2, found ") << getShapeText(weights);
  if (getKeepNumDims()) {
    SmallVector<int64_t> shape(input.getShape());
    shape.back() = weights[0];
    shapes.push_back(shape);
    return success();
  }
  int64_t rows =
      input.hasStaticShape() ? input.getNumElements() / weights[1] : ShapedType::kDynamic;
  shapes.push_back({rows, weights[0]});
  return success();
}

//===----------------------------------------------------------------------===//
// BatchMatMulOp
//===----------------------------------------------------------------------===//

/// Whether two sizes are known and differ.
static bool differ(int64_t a, int64_t b) {
  return !ShapedType::isDynamic(a) && !ShapedType::isDynamic(b) && a != b;
}

static LogicalResult verifyTypes(BatchMatMulOp op) {
  Type x = op.getX().getType(), y = op.getY().getType(), output = op.getOutput().getType();
  Type element = getElementTypeOrSelf(x);
  if (element.isF32() && getElementTypeOrSelf(output).isF32()) {
    if (getElementTypeOrSelf(y).isF32())
      return success();
    if (isStoredInteger(y, 8)) {
      std::optional<Quantization> quantization = getQuantization(y);
      if (!quantization || quantization->axis || quantization->hasZeroPoint())
        return op.emitError("an int8 second operand of a float32 product needs one scale and zero "
                            "point 0");
      return success();
    }
  }
  bool isByte = isStoredInteger(x, 8) && isStoredInteger(y, 8);
  if (isByte && isStoredInteger(output, 32))
    return success();
  bool isShort = isStoredInteger(x, 16) && (isStoredInteger(y, 16) || isStoredInteger(y, 8)) &&
                 isStoredInteger(output, 16);
  if (!isShort && !(isByte && isStoredInteger(output, 8)))
    return op.emitError("unsupported types: ")
           << getElementTypeName(x) << " times " << getElementTypeName(y) << " gives "
           << getElementTypeName(output);
  for (Type type : {x, y, output}) {
    std::optional<Quantization> quantization = getQuantization(type);
    if (!quantization || quantization->axis)
      return op.emitError("operands and output must have one scale each");
    if (isShort && quantization->hasZeroPoint())
      return op.emitError("the zero points of int16 activations must be 0");
  }
  return success();
}

LogicalResult BatchMatMulOp::verify() {
  ArrayRef<int64_t> x = getX().getType().getShape(), y = getY().getType().getShape();
  if (x.size() < 2 || y.size() < 2)
    return emitError("both operands must have rank 2 or more, found shapes ")
           << getShapeText(x) << " and " << getShapeText(y);
  if (differ(x[x.size() - (getAdjX() ? 2 : 1)], y[y.size() - (getAdjY() ? 1 : 2)]))
    return emitError("cannot multiply shapes ")
           << getShapeText(x) << (getAdjX() ? " (transposed)" : "") << " and " << getShapeText(y)
           << (getAdjY() ? " (transposed)" : "") << ": the inner dimensions differ";
  ArrayRef<int64_t> batchX = x.drop_back(2), batchY = y.drop_back(2);
  for (auto [a, b] : llvm::zip(llvm::reverse(batchX), llvm::reverse(batchY)))
    if (differ(a, b) && a != 1 && b != 1)
      return emitError("cannot broadcast shapes ")
             << getShapeText(x) << " and " << getShapeText(y) << " against each other";
  return verifyTypes(*this);
}

LogicalResult BatchMatMulOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> x = getX().getType().getShape(), y = getY().getType().getShape();
  size_t rank = std::max(x.size(), y.size());
  SmallVector<int64_t> shape(rank);
  for (size_t i = 0; i + 2 < rank; ++i) {
    int64_t a = i + x.size() < rank ? 1 : x[i + x.size() - rank];
    int64_t b = i + y.size() < rank ? 1 : y[i + y.size() - rank];
    // An unknown size is the other one's, unless that is 1.
    shape[i] = a == 1 || (ShapedType::isDynamic(a) && b != 1) ? b : a;
  }
  shape[rank - 2] = x[x.size() - (getAdjX() ? 1 : 2)];
  shape[rank - 1] = y[y.size() - (getAdjY() ? 2 : 1)];
  shapes.push_back(shape);
  return success();
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

int64_t FullyConnectedOp::countMultiplyAccumulates() {
  return countElements(getOutput().getType().getShape()) *
         countElements(getWeights().getType().getShape().drop_front());
}

int64_t BatchMatMulOp::countMultiplyAccumulates() {
  ArrayRef<int64_t> left = getX().getType().getShape();
  return countElements(getOutput().getType().getShape()) *
         countElements(left[left.size() - (getAdjX() ? 2 : 1)]);
}
