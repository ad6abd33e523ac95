//===- DataMovement.cpp - tensors moved and rearranged --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"

#include "IndexMath.h"
#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;
using namespace tflc;

static SmallVector<ReassociationIndices> getOneGroup(int64_t rank) {
  if (rank == 0)
    return {};
  return {llvm::to_vector(llvm::seq<int64_t>(0, rank))};
}

/// Splits dimensions of `value`. A dimension is known exactly where all its parts are, as the op
/// demands; a fed shape can leave parts of a known dimension open.
static Value expand(OpBuilder &builder, Location loc, Value value, RankedTensorType type,
                    ArrayRef<ReassociationIndices> groups, ArrayRef<OpFoldResult> sizes) {
  SmallVector<int64_t> from;
  for (const ReassociationIndices &group : groups) {
    int64_t size = 1;
    for (int64_t dim : group)
      size = type.isDynamicDim(dim) || ShapedType::isDynamic(size) ? ShapedType::kDynamic
                                                                   : size * type.getDimSize(dim);
    from.push_back(size);
  }
  value = castTo(builder, loc, value, RankedTensorType::get(from, type.getElementType()));
  return tensor::ExpandShapeOp::create(builder, loc, type, value, groups, sizes);
}

/// Joins dimensions of `value`; the result is known where all its parts are.
static Value collapse(OpBuilder &builder, Location loc, Value value, RankedTensorType type,
                      ArrayRef<ReassociationIndices> groups) {
  Value joined = tensor::CollapseShapeOp::create(builder, loc, value, groups);
  return castTo(builder, loc, joined, type);
}

Value tflc::reshapeTo(OpBuilder &builder, Location loc, Value value, RankedTensorType type,
                      ArrayRef<OpFoldResult> sizes) {
  auto from = cast<RankedTensorType>(value.getType());
  if (from == type && type.getNumDynamicDims() == 0)
    return value;
  auto groups = from.getRank() == type.getRank() ? std::nullopt
                                                 : getReassociationIndicesForReshape(from, type);
  if (groups && from.getRank() > type.getRank())
    return collapse(builder, loc, value, type, *groups);
  if (groups)
    return expand(builder, loc, value, type, *groups, sizes);

  // By way of a vector.
  Value vector = value;
  if (from.getRank() != 1) {
    OpFoldResult count =
        IndexMath(builder, loc).product(tensor::getMixedSizes(builder, loc, value));
    int64_t size = getConstantIntValue(count).value_or(ShapedType::kDynamic);
    auto flat = RankedTensorType::get({size}, from.getElementType());
    if (from.getRank() == 0)
      vector = tensor::ExpandShapeOp::create(builder, loc, flat, value,
                                             ArrayRef<ReassociationIndices>(), {count});
    else
      vector =
          tensor::CollapseShapeOp::create(builder, loc, flat, value, getOneGroup(from.getRank()));
  }
  if (type.getRank() == 0)
    return tensor::CollapseShapeOp::create(builder, loc, type, vector,
                                           ArrayRef<ReassociationIndices>());
  if (type.getRank() == 1)
    return castTo(builder, loc, vector, type);
  return expand(builder, loc, vector, type, getOneGroup(type.getRank()), sizes);
}

Value tflc::reshapeTo(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType()).clone(shape);
  return reshapeTo(builder, loc, value, cast<RankedTensorType>(type),
                   getAsIndexOpFoldResult(builder.getContext(), shape));
}

Value tflc::transpose(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> perm) {
  SmallVector<OpFoldResult> from = tensor::getMixedSizes(builder, loc, value), sizes;
  SmallVector<AffineExpr> exprs(perm.size());
  for (auto [i, axis] : llvm::enumerate(perm)) {
    sizes.push_back(from[axis]);
    exprs[axis] = builder.getAffineDimExpr(i);
  }
  auto map = AffineMap::get(perm.size(), 0, exprs, builder.getContext());
  return buildElementwise(builder, loc, value, {map}, sizes, getElementType(value),
                          [](OpBuilder &, Location, ValueRange args) { return args[0]; });
}

Value tflc::gatherElements(OpBuilder &builder, Location loc, Value value,
                           ArrayRef<OpFoldResult> sizes, IndexBuilder getIndices) {
  return buildElementwise(builder, loc, {}, sizes, getElementType(value),
                          [&](OpBuilder &nested, Location nestedLoc, ValueRange) -> Value {
                            SmallVector<Value> place;
                            for (size_t i = 0; i < sizes.size(); ++i)
                              place.push_back(linalg::IndexOp::create(nested, nestedLoc, i));
                            return tensor::ExtractOp::create(nested, nestedLoc, value,
                                                             getIndices(nested, nestedLoc, place));
                          });
}

Value tflc::reverse(OpBuilder &builder, Location loc, Value value, ArrayRef<bool> isReversed) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
  IndexMath math(builder, loc);
  SmallVector<Value> last;
  for (OpFoldResult size : sizes)
    last.push_back(math.getValue(math.sub(size, math.get(1))));
  return gatherElements(
      builder, loc, value, sizes, [&](OpBuilder &nested, Location nestedLoc, ValueRange place) {
        SmallVector<Value> indices(place);
        for (size_t i = 0; i < indices.size(); ++i)
          if (isReversed[i])
            indices[i] = arith::SubIOp::create(nested, nestedLoc, last[i], indices[i]);
        return indices;
      });
}

Value tflc::padTensor(OpBuilder &builder, Location loc, Value value, ArrayRef<OpFoldResult> low,
                      ArrayRef<OpFoldResult> high, Value element) {
  return tensor::PadOp::create(builder, loc, /*result=*/Type(), value, low, high, element,
                               /*nofold=*/false);
}

Value tflc::sliceTensor(OpBuilder &builder, Location loc, Value value,
                        ArrayRef<OpFoldResult> offsets, ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> strides(offsets.size(), builder.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(builder, loc, value, offsets, sizes, strides);
}

Value tflc::getOnlyElement(OpBuilder &builder, Location loc, Value tensor) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  SmallVector<Value> zeros(rank, createZero(builder, loc, builder.getIndexType()));
  return tensor::ExtractOp::create(builder, loc, tensor, zeros);
}

Value tflc::createRealZero(OpBuilder &builder, Location loc, Type modelType, Type storageType) {
  if (auto uniform = getUniform(modelType))
    return createInt(builder, loc, storageType,
                     APInt(storageType.getIntOrFloatBitWidth(), uniform.getZeroPoint(),
                           /*isSigned=*/true, /*implicitTrunc=*/true)
                         .getSExtValue());
  return createZero(builder, loc, storageType);
}
