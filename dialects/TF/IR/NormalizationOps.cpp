//===- NormalizationOps.cpp - norms, softmax, fake quantization -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/NormalizationOps.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/NormalizationOps.cpp.inc"

LogicalResult SoftmaxCrossEntropyWithLogitsOp::inferReturnTypes(MLIRContext *,
                                                                std::optional<Location> location,
                                                                Adaptor op,
                                                                SmallVectorImpl<Type> &types) {
  Type logits = inferBroadcast({op.getFeatures(), op.getLabels()}, nullptr, location);
  if (!logits)
    return failure();
  auto type = dyn_cast<RankedTensorType>(logits);
  Type elementType = getElementType(op.getFeatures());
  types.push_back(type && type.getRank() == 2
                      ? TensorType(RankedTensorType::get(type.getShape().front(), elementType))
                      : UnrankedTensorType::get(elementType));
  types.push_back(logits);
  return success();
}

LogicalResult
SparseSoftmaxCrossEntropyWithLogitsOp::inferReturnTypes(MLIRContext *, std::optional<Location>,
                                                        Adaptor op, SmallVectorImpl<Type> &types) {
  types.push_back(makeType(getShape(op.getLabels()), getElementType(op.getFeatures())));
  types.push_back(op.getFeatures().getType());
  return success();
}
