//===- PermuteOps.cpp - the same elements in another order ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/PermuteOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/PermuteOps.cpp.inc"

static constexpr int64_t kDynamic = ShapedType::kDynamic;

//===----------------------------------------------------------------------===//
// TRANSPOSE, REVERSE_V2
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getPerm(), "perm")))
    return failure();
  return verifyShapes(*this);
}

LogicalResult TransposeOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> input = getInput().getType().getShape();
  std::optional<SmallVector<int64_t>> perm = evaluateAllInts(getPerm());
  SmallVector<int64_t> result(input.size(), kDynamic);
  if (perm) {
    SmallVector<bool> isTaken(input.size(), false);
    if (perm->size() != input.size())
      return emitError("perm must have one element for each of the ")
             << input.size() << " dimensions of the input, found " << perm->size();
    for (size_t i = 0; i < input.size(); ++i) {
      FailureOr<int64_t> axis = normalizeAxis(*this, (*perm)[i], input.size(), "element of perm");
      if (failed(axis))
        return failure();
      if (isTaken[*axis])
        return emitError("perm names dimension ") << *axis << " twice";
      isTaken[*axis] = true;
      result[i] = input[*axis];
    }
  }
  shapes.push_back(result);
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  std::optional<SmallVector<int64_t>> perm = evaluateAllInts(getPerm());
  if (!perm || getInput().getType() != getOutput().getType())
    return {};
  for (auto [i, axis] : llvm::enumerate(*perm))
    if ((axis < 0 ? axis + int64_t(perm->size()) : axis) != int64_t(i))
      return {};
  return getInput();
}

LogicalResult ReverseV2Op::verify() {
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getAxis(), "the axis")))
    return failure();
  return verifyShapes(*this);
}

LogicalResult ReverseV2Op::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  for (int64_t axis : evaluateAllInts(getAxis()).value_or(SmallVector<int64_t>()))
    if (failed(normalizeAxis(*this, axis, shape.size())))
      return failure();
  shapes.push_back(shape);
  return success();
}

LogicalResult ReverseSequenceOp::verify() {
  auto input = getInput().getType(), lengths = getSeqLengths().getType();
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndexOperand(*this, getSeqLengths(), "seq_lengths")))
    return failure();
  // Neither may be counted from the end.
  int64_t sequence = int32_t(getSeqDim()), batch = int32_t(getBatchDim());
  if (sequence < 0 || sequence >= input.getRank() || batch < 0 || batch >= input.getRank() ||
      sequence == batch)
    return emitError("seq_dim ") << sequence << " and batch_dim " << batch
                                 << " do not fit an input of shape "
                                 << getShapeText(input.getShape());
  if (lengths.getRank() != 1 || (!lengths.isDynamicDim(0) && !input.isDynamicDim(batch) &&
                                 lengths.getDimSize(0) != input.getDimSize(batch)))
    return emitError("seq_lengths must have one element for each place of dimension ")
           << batch << ", found shape " << getShapeText(lengths.getShape());
  return success();
}

LogicalResult ReverseSequenceOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(SmallVector<int64_t>(getInput().getType().getShape()));
  return success();
}

//===----------------------------------------------------------------------===//
// SPACE_TO_DEPTH, DEPTH_TO_SPACE
//===----------------------------------------------------------------------===//

template <typename Op> static LogicalResult verifyBlock(Op op) {
  if (op.getInput().getType().getRank() != 4)
    return op->emitError("the input must have rank 4, found shape ")
           << getShapeText(op.getInput().getType().getShape());
  if (int32_t(op.getBlockSize()) < 1)
    return op->emitError("block_size must be positive, found ") << int32_t(op.getBlockSize());
  if (failed(verifySameElementType(op, {op.getInput(), op.getOutput()})))
    return failure();
  return verifyShapes(op);
}

static LogicalResult divide(Operation *op, int64_t &size, int64_t by, StringRef what) {
  if (ShapedType::isDynamic(size))
    return success();
  if (size % by != 0)
    return op->emitError() << "the " << what << " of " << size << " is not a multiple of " << by;
  size /= by;
  return success();
}

static void multiply(int64_t &size, int64_t by) {
  if (!ShapedType::isDynamic(size) && llvm::MulOverflow(size, by, size))
    size = kDynamic;
}

LogicalResult SpaceToDepthOp::verify() { return verifyBlock(*this); }

LogicalResult SpaceToDepthOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  int64_t block = getBlockSize();
  if (failed(divide(*this, shape[1], block, "height")) ||
      failed(divide(*this, shape[2], block, "width")))
    return failure();
  multiply(shape[3], block * block);
  shapes.push_back(shape);
  return success();
}

LogicalResult DepthToSpaceOp::verify() { return verifyBlock(*this); }

LogicalResult DepthToSpaceOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  int64_t block = getBlockSize();
  if (failed(divide(*this, shape[3], block * block, "number of channels")))
    return failure();
  multiply(shape[1], block);
  multiply(shape[2], block);
  shapes.push_back(shape);
  return success();
}

//===----------------------------------------------------------------------===//
// SPACE_TO_BATCH_ND, BATCH_TO_SPACE_ND
//===----------------------------------------------------------------------===//

static LogicalResult verifyBatchBlocks(Operation *op, Value input, Value output, Value block,
                                       Value margins, StringRef marginName) {
  auto type = cast<RankedTensorType>(input.getType());
  auto blockType = cast<RankedTensorType>(block.getType());
  auto marginType = cast<RankedTensorType>(margins.getType());
  if (failed(verifySameElementType(op, {input, output})) ||
      failed(verifyIndexOperand(op, block, "block_shape")) ||
      failed(verifyIndexOperand(op, margins, marginName)))
    return failure();
  if (type.getRank() != 3 && type.getRank() != 4)
    return op->emitError("the input must have rank 3 or 4, found shape ")
           << getShapeText(type.getShape());
  int64_t numSpatial = type.getRank() - 2;
  if (blockType.getRank() != 1 || blockType.getDimSize(0) != numSpatial)
    return op->emitError("block_shape must have ")
           << numSpatial << " elements, found shape " << getShapeText(blockType.getShape());
  if (marginType.getRank() != 2 || marginType.getDimSize(0) != numSpatial ||
      marginType.getDimSize(1) != 2)
    return op->emitError() << marginName << " must have shape [" << numSpatial << ", 2], found "
                           << getShapeText(marginType.getShape());
  return verifyShapes(op);
}

/// The operands' values, or nothing where they are unknown.
static std::optional<std::pair<SmallVector<int64_t>, SmallVector<int64_t>>>
getBlocksAndMargins(Value block, Value margins) {
  auto blocks = evaluateAllInts(block), sizes = evaluateAllInts(margins);
  if (!blocks || !sizes)
    return std::nullopt;
  return std::make_pair(*blocks, *sizes);
}

static LogicalResult checkBlocksAndMargins(Operation *op, ArrayRef<int64_t> blocks,
                                           ArrayRef<int64_t> margins, StringRef marginName) {
  for (int64_t block : blocks)
    if (block < 1 || block > (int64_t(1) << 31))
      return op->emitError("block_shape must be positive, found ") << block;
  for (int64_t margin : margins)
    if (margin < 0 || margin > (int64_t(1) << 31))
      return op->emitError() << marginName << " must not be negative, found " << margin;
  return success();
}

LogicalResult SpaceToBatchNdOp::verify() {
  return verifyBatchBlocks(*this, getInput(), getOutput(), getBlockShape(), getPaddings(),
                           "paddings");
}

LogicalResult SpaceToBatchNdOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  auto values = getBlocksAndMargins(getBlockShape(), getPaddings());
  if (!values) {
    std::fill(shape.begin(), shape.end() - 1, kDynamic);
    shapes.push_back(shape);
    return success();
  }
  auto &[blocks, paddings] = *values;
  if (failed(checkBlocksAndMargins(*this, blocks, paddings, "paddings")))
    return failure();
  for (auto [i, block] : llvm::enumerate(blocks)) {
    multiply(shape[0], block);
    int64_t &size = shape[i + 1];
    if (!ShapedType::isDynamic(size))
      size += paddings[2 * i] + paddings[2 * i + 1];
    if (failed(divide(*this, size, block, "padded size")))
      return failure();
  }
  shapes.push_back(shape);
  return success();
}

LogicalResult BatchToSpaceNdOp::verify() {
  return verifyBatchBlocks(*this, getInput(), getOutput(), getBlockShape(), getCrops(), "crops");
}

LogicalResult BatchToSpaceNdOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  auto values = getBlocksAndMargins(getBlockShape(), getCrops());
  if (!values) {
    std::fill(shape.begin(), shape.end() - 1, kDynamic);
    shapes.push_back(shape);
    return success();
  }
  auto &[blocks, crops] = *values;
  if (failed(checkBlocksAndMargins(*this, blocks, crops, "crops")))
    return failure();
  for (auto [i, block] : llvm::enumerate(blocks)) {
    if (failed(divide(*this, shape[0], block, "batch")))
      return failure();
    int64_t &size = shape[i + 1];
    multiply(size, block);
    if (ShapedType::isDynamic(size))
      continue;
    size -= crops[2 * i] + crops[2 * i + 1];
    if (size < 0)
      return emitError("crops take more than all of dimension ") << i + 1;
  }
  shapes.push_back(shape);
  return success();
}
