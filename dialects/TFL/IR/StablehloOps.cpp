//===- StablehloOps.cpp - operators of StableHLO --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/StablehloOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/StablehloOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Index vectors
//===----------------------------------------------------------------------===//

/// Checks that `dims` are different numbers in [0, rank), ascending where `isSorted`.
static LogicalResult verifyDims(Operation *op, StringRef name, ArrayRef<int64_t> dims, int64_t rank,
                                bool isSorted) {
  SmallVector<bool> isTaken(rank, false);
  for (auto [i, dim] : llvm::enumerate(dims)) {
    if (dim < 0 || dim >= rank)
      return op->emitError() << name << " must be in [0, " << rank << "), found " << dim;
    if (isTaken[dim] || (isSorted && i > 0 && dims[i - 1] > dim))
      return op->emitError() << name << " must be different" << (isSorted ? " and ascend" : "");
    isTaken[dim] = true;
  }
  return success();
}

/// The vectors of `indices` have one element for each of `count` dimensions; where
/// `index_vector_dim` is the rank, each index is a vector of one.
static LogicalResult verifyIndexVectors(Operation *op, Value indices, int64_t vectorDim,
                                        int64_t count) {
  if (failed(verifyIndexOperand(op, indices, "indices")))
    return failure();
  auto type = cast<RankedTensorType>(indices.getType());
  if (vectorDim < 0 || vectorDim > type.getRank())
    return op->emitError("index_vector_dim must be in [0, ")
           << type.getRank() << "], found " << vectorDim;
  int64_t size = vectorDim == type.getRank() ? 1 : type.getDimSize(vectorDim);
  if (!ShapedType::isDynamic(size) && size != count)
    return op->emitError("index vectors have ")
           << size << " elements, but speak of " << count << " dimensions";
  return success();
}

/// The dimensions of `indices` beside those of its vectors.
static SmallVector<int64_t> getBatchShape(Value indices, int64_t vectorDim) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(indices.getType()).getShape());
  if (vectorDim < int64_t(shape.size()))
    shape.erase(shape.begin() + vectorDim);
  return shape;
}

//===----------------------------------------------------------------------===//
// STABLEHLO_GATHER
//===----------------------------------------------------------------------===//

LogicalResult StablehloGatherOp::verify() {
  int64_t rank = getInput().getType().getRank();
  if (failed(verifySameElementType(*this, {getInput(), getOutput()})) ||
      failed(verifyIndexVectors(*this, getStartIndices(), getIndexVectorDim(),
                                getStartIndexMap().size())) ||
      failed(verifyDims(*this, "start_index_map", getStartIndexMap(), rank, /*isSorted=*/false)) ||
      failed(verifyDims(*this, "collapsed_slice_dims", getCollapsedSliceDims(), rank,
                        /*isSorted=*/true)))
    return failure();
  if (int64_t(getSliceSizes().size()) != rank)
    return emitError("slice_sizes must have one element for each of the ")
           << rank << " dimensions of the input, found " << getSliceSizes().size();
  for (auto [i, size] : llvm::enumerate(getSliceSizes())) {
    int64_t most = getInput().getType().getDimSize(i);
    if (size < 0 || (!ShapedType::isDynamic(most) && size > most))
      return emitError("a slice of ") << size << " elements does not fit dimension " << i << " of "
                                      << getShapeText(getInput().getType().getShape());
    if (llvm::is_contained(getCollapsedSliceDims(), int64_t(i)) && size != 1)
      return emitError("the collapsed dimension ") << i << " has slices of " << size << " elements";
  }
  size_t numOffsets = rank - getCollapsedSliceDims().size();
  if (getOffsetDims().size() != numOffsets)
    return emitError("offset_dims must have ")
           << numOffsets << " elements, found " << getOffsetDims().size();
  return verifyShapes(*this);
}

LogicalResult StablehloGatherOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> batch = getBatchShape(getStartIndices(), getIndexVectorDim()), box;
  for (auto [i, size] : llvm::enumerate(getSliceSizes()))
    if (!llvm::is_contained(getCollapsedSliceDims(), int64_t(i)))
      box.push_back(size);
  int64_t rank = batch.size() + box.size();
  if (failed(verifyDims(*this, "offset_dims", getOffsetDims(), rank, /*isSorted=*/true)))
    return failure();
  SmallVector<int64_t> shape;
  auto nextBatch = batch.begin(), nextOffset = box.begin();
  for (int64_t i = 0; i < rank; ++i)
    shape.push_back(llvm::is_contained(getOffsetDims(), i) ? *nextOffset++ : *nextBatch++);
  shapes.push_back(shape);
  return success();
}

//===----------------------------------------------------------------------===//
// STABLEHLO_SCATTER
//===----------------------------------------------------------------------===//

LogicalResult StablehloScatterOp::verify() {
  int64_t rank = getInput().getType().getRank();
  int64_t updatesRank = getUpdates().getType().getRank();
  if (failed(verifySameElementType(*this, {getInput(), getUpdates(), getOutput()})) ||
      failed(verifyIndexVectors(*this, getScatterIndices(), getIndexVectorDim(),
                                getScatterDimsToOperandDims().size())) ||
      failed(verifyDims(*this, "scatter_dims_to_operand_dims", getScatterDimsToOperandDims(), rank,
                        /*isSorted=*/false)) ||
      failed(verifyDims(*this, "inserted_window_dims", getInsertedWindowDims(), rank,
                        /*isSorted=*/true)) ||
      failed(verifyDims(*this, "update_window_dims", getUpdateWindowDims(), updatesRank,
                        /*isSorted=*/true)))
    return failure();
  if (!isElementTypeIn(getInput().getType(), getElementTypes()))
    return emitError("unsupported type ") << getElementTypeName(getInput().getType());
  if (int64_t(getUpdateWindowDims().size() + getInsertedWindowDims().size()) != rank)
    return emitError("update_window_dims and inserted_window_dims must be as many as the ")
           << rank << " dimensions of the input";
  SmallVector<int64_t> batch = getBatchShape(getScatterIndices(), getIndexVectorDim()), expected;
  for (int64_t i = 0; i < updatesRank; ++i)
    if (!llvm::is_contained(getUpdateWindowDims(), i))
      expected.push_back(getUpdates().getType().getDimSize(i));
  if (failed(verifyCompatibleShape(batch, expected)))
    return emitError("updates of shape ")
           << getShapeText(getUpdates().getType().getShape()) << " do not fit indices of shape "
           << getShapeText(getScatterIndices().getType().getShape());
  return success();
}

LogicalResult StablehloScatterOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(SmallVector<int64_t>(getInput().getType().getShape()));
  return success();
}

//===----------------------------------------------------------------------===//
// STABLEHLO_RNG_BIT_GENERATOR
//===----------------------------------------------------------------------===//

LogicalResult StablehloRngBitGeneratorOp::verify() {
  auto state = getInitialState().getType(), next = getOutputState().getType();
  for (auto type : {state, next})
    if (!type.getElementType().isUnsignedInteger(64) || type.getRank() != 1)
      return emitError("states must be vectors of uint64, found ")
             << getElementTypeName(type) << " of shape " << getShapeText(type.getShape());
  bool isThreefry = getAlgorithm() == "THREEFRY";
  int64_t size = state.getDimSize(0);
  if (!ShapedType::isDynamic(size) && size != 2 && (isThreefry || size != 3))
    return emitError("states must have two elements")
           << (isThreefry ? "" : ", or three") << ", found " << size;
  if (!isElementTypeIn(getOutput().getType(), getElementTypes()))
    return emitError("unsupported type ") << getElementTypeName(getOutput().getType());
  return success();
}

LogicalResult
StablehloRngBitGeneratorOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back(SmallVector<int64_t>(getInitialState().getType().getShape()));
  // The model alone says how many bits it wants.
  shapes.push_back(SmallVector<int64_t>(getOutput().getType().getShape()));
  return success();
}
