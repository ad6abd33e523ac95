//===- ReductionOps.cpp - reductions --------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ReductionOps.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/ReductionOps.cpp.inc"

LogicalResult TopKV2Op::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                         Adaptor op, SmallVectorImpl<Type> &types) {
  std::optional<Shape> shape = getShape(op.getInput());
  if (shape) {
    if (shape->empty())
      return emitOptionalError(location, "a scalar has no largest elements");
    shape->back() = evaluateInt(op.getK()).value_or(ShapedType::kDynamic);
    if (shape->back() < 0)
      shape->back() = ShapedType::kDynamic;
  }
  types.push_back(makeType(shape, getElementType(op.getInput())));
  types.push_back(makeType(shape, getTypeOr(op.getIndexType(), 32, op.getK())));
  return success();
}

LogicalResult UniqueOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor op,
                                         SmallVectorImpl<Type> &types) {
  auto type = cast<TensorType>(op.getX().getType());
  types.push_back(RankedTensorType::get({ShapedType::kDynamic}, type.getElementType()));
  types.push_back(type.clone(getTypeOr(op.getOutIdx(), 32, op.getX())));
  return success();
}

Type BucketizeOp::inferType(Adaptor op, std::optional<Location>) {
  auto type = cast<TensorType>(op.getInput().getType());
  return type.clone(IntegerType::get(type.getContext(), 32));
}

Type SegmentSumOp::inferType(Adaptor op, std::optional<Location>) {
  std::optional<Shape> shape = getShape(op.getData());
  if (shape && shape->empty())
    shape.reset();
  if (shape)
    shape->front() = ShapedType::kDynamic;
  return makeType(shape, getElementType(op.getData()));
}
