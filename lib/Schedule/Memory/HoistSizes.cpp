//===- HoistSizes.cpp - sizes in front of loops and branches --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "HoistSizes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using tflc::SizeHoister;

Value SizeHoister::createIndex(int64_t value) {
  return arith::ConstantIndexOp::create(builder, op->getLoc(), value);
}

Value SizeHoister::hoist(OpFoldResult size) {
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return createIndex(*constant);
  return hoist(cast<Value>(size));
}

bool SizeHoister::isOutside(Value value) const {
  return !op->isAncestor(value.getParentBlock()->getParentOp());
}

Value SizeHoister::hoist(Value value) {
  if (isOutside(value))
    return value;
  if (Value same = known.lookupOrNull(value))
    return same;
  Operation *source = value.getDefiningOp();
  Value hoisted;
  if (auto read = dyn_cast_or_null<tensor::DimOp>(source)) {
    if (std::optional<int64_t> dim = read.getConstantIndex())
      hoisted = hoistSize(read.getSource(), *dim);
  } else if (source && isPure(source) && source->getNumRegions() == 0 &&
             source->getNumResults() == 1) {
    for (Value operand : source->getOperands()) {
      Value outside = hoist(operand);
      if (!outside)
        return nullptr;
      known.map(operand, outside);
    }
    hoisted = builder.clone(*source, known)->getResult(0);
  }
  if (hoisted)
    known.map(value, hoisted);
  return hoisted;
}

/// The product of the sizes of a tensor in some dimensions.
Value SizeHoister::hoistProduct(Value tensor, ArrayRef<int64_t> dims) {
  Value product;
  for (int64_t dim : dims) {
    Value size = hoistSize(tensor, dim);
    if (!size)
      return nullptr;
    product = product ? arith::MulIOp::create(builder, op->getLoc(), product, size) : size;
  }
  return product;
}

Value SizeHoister::hoistSize(Value tensor, int64_t dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return createIndex(type.getDimSize(dim));
  if (isOutside(tensor))
    return tensor::DimOp::create(builder, op->getLoc(), tensor, dim);
  Operation *source = tensor.getDefiningOp();
  unsigned place = type.getDynamicDimIndex(dim);
  if (auto empty = dyn_cast_or_null<tensor::EmptyOp>(source))
    return hoist(empty.getDynamicSizes()[place]);
  if (auto alloc = dyn_cast_or_null<bufferization::AllocTensorOp>(source))
    return alloc.getCopy() ? hoistSize(alloc.getCopy(), dim)
                           : hoist(alloc.getDynamicSizes()[place]);
  if (auto slice = dyn_cast_or_null<tensor::ExtractSliceOp>(source);
      slice && slice.getSourceType().getRank() == type.getRank())
    return hoist(slice.getMixedSizes()[dim]);
  if (auto expand = dyn_cast_or_null<tensor::ExpandShapeOp>(source))
    return hoist(expand.getMixedOutputShape()[dim]);
  if (auto collapse = dyn_cast_or_null<tensor::CollapseShapeOp>(source))
    return hoistProduct(collapse.getSrc(), collapse.getReassociationIndices()[dim]);
  if (auto written = dyn_cast_or_null<DestinationStyleOpInterface>(source))
    return hoistSize(written.getTiedOpOperand(cast<OpResult>(tensor))->get(), dim);
  // A loop keeps the sizes of what it carries.
  if (auto loop = dyn_cast_or_null<LoopLikeOpInterface>(source))
    if (OpOperand *init = loop.getTiedLoopInit(cast<OpResult>(tensor)))
      return hoistSize(init->get(), dim);
  return nullptr;
}
