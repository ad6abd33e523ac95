//===- LookupOps.cpp - rows found by key ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/LookupOps.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/LookupOps.cpp.inc"

/// Whether two sizes agree as far as they are known.
static bool canBeEqual(int64_t one, int64_t two) {
  return ShapedType::isDynamic(one) || ShapedType::isDynamic(two) || one == two;
}

/// Checks element type and rank of an operand.
static LogicalResult verifyTensor(Operation *op, Value value, StringRef name, Type type,
                                  int64_t rank) {
  auto tensor = cast<RankedTensorType>(value.getType());
  if (tensor.getElementType() == type && tensor.getRank() == rank)
    return success();
  return op->emitError() << name << " must be " << getElementTypeName(type) << " of rank " << rank
                         << ", found " << getElementTypeName(tensor) << " of shape "
                         << getShapeText(tensor.getShape());
}

//===----------------------------------------------------------------------===//
// EMBEDDING_LOOKUP_SPARSE
//===----------------------------------------------------------------------===//

LogicalResult EmbeddingLookupSparseOp::verify() {
  Builder builder(getContext());
  Type i32 = builder.getI32Type(), f32 = builder.getF32Type();
  if (failed(verifyTensor(*this, getIds(), "ids", i32, 1)) ||
      failed(verifyTensor(*this, getIndices(), "indices", i32, 2)) ||
      failed(verifyTensor(*this, getDenseShape(), "dense_shape", i32, 1)) ||
      failed(verifyTensor(*this, getWeights(), "weights", f32, 1)))
    return failure();
  RankedTensorType value = getValue().getType(), indices = getIndices().getType();
  if (!value.getElementType().isF32() || value.getRank() < 2)
    return emitError("the table must be float32 of two or more dimensions, found ")
           << getElementTypeName(value) << " of shape " << getShapeText(value.getShape());
  if (!getOutput().getType().getElementType().isF32())
    return emitError("the result must be float32, found ")
           << getElementTypeName(getOutput().getType());
  for (Value other : {getIds(), getWeights()}) {
    int64_t size = cast<RankedTensorType>(other.getType()).getDimSize(0);
    if (!canBeEqual(size, indices.getDimSize(0)))
      return emitError("ids, indices and weights must agree in number, found ")
             << indices.getDimSize(0) << " and " << size;
  }
  if (indices.isDynamicDim(1) || indices.getDimSize(1) == 0 ||
      !canBeEqual(getDenseShape().getType().getDimSize(0), indices.getDimSize(1)))
    return emitError("indices of shape ")
           << getShapeText(indices.getShape()) << " do not fit a dense shape of "
           << getShapeText(getDenseShape().getType().getShape()) << " sizes";
  return verifyShapes(*this);
}

LogicalResult EmbeddingLookupSparseOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  int64_t numSizes = getIndices().getType().getDimSize(1) - 1;
  std::optional<KnownInts> known = evaluateInts(getDenseShape());
  SmallVector<int64_t> shape(numSizes, ShapedType::kDynamic);
  for (int64_t i = 0; known && i < numSizes; ++i) {
    std::optional<int64_t> size = (*known)[i];
    if (size && *size < 0)
      return emitError("dense_shape must not be negative, found ") << *size;
    shape[i] = size.value_or(ShapedType::kDynamic);
  }
  llvm::append_range(shape, getValue().getType().getShape().drop_front());
  shapes.push_back(shape);
  return success();
}

//===----------------------------------------------------------------------===//
// HASHTABLE_LOOKUP
//===----------------------------------------------------------------------===//

LogicalResult HashtableLookupOp::verify() {
  Builder builder(getContext());
  if (failed(verifyTensor(*this, getLookup(), "lookup", builder.getI32Type(), 1)) ||
      failed(verifyTensor(*this, getKeys(), "keys", builder.getI32Type(), 1)) ||
      failed(verifyTensor(*this, getHits(), "hits", builder.getIntegerType(8, false), 1)) ||
      failed(verifySameElementType(*this, {getValue(), getOutput()})))
    return failure();
  RankedTensorType value = getValue().getType();
  if (value.getRank() == 0 || !canBeEqual(value.getDimSize(0), getKeys().getType().getDimSize(0)))
    return emitError("a table of shape ")
           << getShapeText(value.getShape()) << " does not fit keys of shape "
           << getShapeText(getKeys().getType().getShape());
  return verifyShapes(*this);
}

LogicalResult HashtableLookupOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getValue().getType().getShape());
  shape[0] = getLookup().getType().getDimSize(0);
  shapes.push_back(shape);
  shapes.push_back({shape[0]});
  return success();
}

//===----------------------------------------------------------------------===//
// HASHTABLE, HASHTABLE_IMPORT, HASHTABLE_FIND, HASHTABLE_SIZE
//===----------------------------------------------------------------------===//

static LogicalResult verifyTable(Operation *op, Value table) {
  if (!isa<ResourceType>(getElementTypeOrSelf(table.getType())))
    return op->emitError("the table must be a resource, found ")
           << getElementTypeName(table.getType());
  return success();
}

LogicalResult HashtableOp::verify() {
  auto isPair = [&](StringRef key, StringRef value) {
    return getKeyDtype() == key && getValueDtype() == value;
  };
  if (!isPair("INT64", "STRING") && !isPair("STRING", "INT64"))
    return emitError("a table is from INT64 to STRING or from STRING to INT64, found ")
           << getKeyDtype() << " to " << getValueDtype();
  return verifyTable(*this, getResourceHandle());
}

LogicalResult HashtableOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.emplace_back(getResourceHandle().getType().getShape());
  return success();
}

LogicalResult HashtableImportOp::verify() {
  std::optional<int64_t> keys = getNumElements(getKeys().getType().getShape());
  if (keys != getNumElements(getValues().getType().getShape()))
    return emitError("there are keys of shape ")
           << getShapeText(getKeys().getType().getShape()) << " for values of shape "
           << getShapeText(getValues().getType().getShape());
  return verifyTable(*this, getTable());
}

LogicalResult HashtableImportOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &) {
  return success();
}

LogicalResult HashtableFindOp::verify() {
  if (failed(verifySameElementType(*this, {getDefaultValue(), getOutput()})))
    return failure();
  if (getNumElements(getDefaultValue().getType().getShape()) == 0)
    return emitError("the default value has no element");
  return verifyTable(*this, getTable());
}

LogicalResult HashtableFindOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.emplace_back(getKeys().getType().getShape());
  return success();
}

LogicalResult HashtableSizeOp::verify() {
  if (failed(verifyTensor(*this, getOutput(), "the result", Builder(getContext()).getI64Type(), 1)))
    return failure();
  return verifyTable(*this, getTable());
}

LogicalResult HashtableSizeOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  shapes.push_back({1});
  return success();
}

//===----------------------------------------------------------------------===//
// LSH_PROJECTION
//===----------------------------------------------------------------------===//

LogicalResult LshProjectionOp::verify() {
  Builder builder(getContext());
  if (failed(verifyTensor(*this, getHash(), "hash", builder.getF32Type(), 2)) ||
      failed(verifyTensor(*this, getOutput(), "the result", builder.getI32Type(), 1)))
    return failure();
  if (getType() != "SPARSE" && getType() != "DENSE")
    return emitError("the type must be SPARSE or DENSE, found ") << getType();
  int64_t bits = getHash().getType().getDimSize(1);
  if (ShapedType::isDynamic(bits) || bits > 32)
    return emitError("hash must have at most 32 columns, found shape ")
           << getShapeText(getHash().getType().getShape());
  RankedTensorType input = getInput().getType();
  if (input.getRank() == 0)
    return emitError("the input must have at least one dimension");
  if (!getWeight())
    return verifyShapes(*this);
  if (failed(verifyTensor(*this, getWeight(), "weight", builder.getF32Type(), 1)))
    return failure();
  if (!canBeEqual(getWeight().getType().getDimSize(0), input.getDimSize(0)))
    return emitError("there are ") << getWeight().getType().getDimSize(0) << " weights for "
                                   << input.getDimSize(0) << " items";
  return verifyShapes(*this);
}

LogicalResult LshProjectionOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  ArrayRef<int64_t> hash = getHash().getType().getShape();
  bool isUnknown = llvm::is_contained(hash, ShapedType::kDynamic);
  shapes.push_back({getType() == "SPARSE" ? hash[0]
                    : isUnknown           ? ShapedType::kDynamic
                                          : hash[0] * hash[1]});
  return success();
}
