//===- IndexMath.cpp - arithmetic on sizes --------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "IndexMath.h"

#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace tflc;

template <typename Op, typename Compute>
OpFoldResult IndexMath::apply(OpFoldResult lhs, OpFoldResult rhs, Compute compute) const {
  std::optional<int64_t> left = getConstantIntValue(lhs), right = getConstantIntValue(rhs);
  if (left && right)
    return get(compute(*left, *right));
  return Op::create(builder, loc, getValue(lhs), getValue(rhs)).getResult();
}

OpFoldResult IndexMath::add(OpFoldResult lhs, OpFoldResult rhs) const {
  if (isZeroInteger(lhs))
    return rhs;
  if (isZeroInteger(rhs))
    return lhs;
  return apply<arith::AddIOp>(lhs, rhs, std::plus<int64_t>());
}

OpFoldResult IndexMath::sub(OpFoldResult lhs, OpFoldResult rhs) const {
  if (isZeroInteger(rhs))
    return lhs;
  return apply<arith::SubIOp>(lhs, rhs, std::minus<int64_t>());
}

OpFoldResult IndexMath::mul(OpFoldResult lhs, OpFoldResult rhs) const {
  if (isZeroInteger(lhs) || isZeroInteger(rhs))
    return get(0);
  if (isOneInteger(lhs))
    return rhs;
  if (isOneInteger(rhs))
    return lhs;
  return apply<arith::MulIOp>(lhs, rhs, std::multiplies<int64_t>());
}

OpFoldResult IndexMath::min(OpFoldResult lhs, OpFoldResult rhs) const {
  return apply<arith::MinSIOp>(lhs, rhs, [](int64_t a, int64_t b) { return std::min(a, b); });
}

OpFoldResult IndexMath::max(OpFoldResult lhs, OpFoldResult rhs) const {
  return apply<arith::MaxSIOp>(lhs, rhs, [](int64_t a, int64_t b) { return std::max(a, b); });
}

OpFoldResult IndexMath::div(OpFoldResult lhs, OpFoldResult rhs) const {
  if (isOneInteger(rhs))
    return lhs;
  return apply<arith::DivUIOp>(lhs, rhs, [](int64_t a, int64_t b) { return b == 0 ? 0 : a / b; });
}

OpFoldResult IndexMath::ceilDiv(OpFoldResult lhs, OpFoldResult rhs) const {
  return div(add(lhs, sub(rhs, get(1))), rhs);
}

OpFoldResult IndexMath::clamp(OpFoldResult value, OpFoldResult low, OpFoldResult high) const {
  return min(max(value, low), high);
}

OpFoldResult IndexMath::product(ArrayRef<OpFoldResult> values) const {
  OpFoldResult result = get(1);
  for (OpFoldResult value : values)
    result = mul(result, value);
  return result;
}

OpFoldResult IndexMath::wrap(OpFoldResult index, OpFoldResult size) const {
  if (std::optional<int64_t> known = getConstantIntValue(index))
    return *known < 0 ? add(index, size) : index;
  Value value = getValue(index), zero = getValue(get(0));
  Value isNegative = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, value, zero);
  return arith::SelectOp::create(builder, loc, isNegative, getValue(add(index, size)), value)
      .getResult();
}

Value IndexMath::getValue(OpFoldResult value) const {
  return getValueOrCreateConstantIndexOp(builder, loc, value);
}

static int64_t linearize(ArrayRef<int64_t> place, ArrayRef<int64_t> shape) {
  int64_t index = 0;
  for (auto [at, size] : llvm::zip_equal(place, shape))
    index = index * size + at;
  return index;
}

static SmallVector<int64_t> delinearize(int64_t index, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> place(shape.size());
  for (size_t dim = shape.size(); dim-- > 0; index /= shape[dim])
    place[dim] = index % shape[dim];
  return place;
}

/// The tensor and the place in it that `op` has taken one element from, or put it to; null where
/// the op is none that moves elements of vectors and scalars.
static Value followMoved(Operation *op, SmallVector<int64_t> &place) {
  if (isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op)) {
    auto from = cast<RankedTensorType>(op->getOperand(0).getType());
    auto to = cast<RankedTensorType>(op->getResult(0).getType());
    if (!from.hasStaticShape() || !to.hasStaticShape())
      return nullptr;
    place = delinearize(linearize(place, to.getShape()), from.getShape());
    return op->getOperand(0);
  }
  if (place.size() != 1)
    return nullptr;
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op);
      slice && slice.getSourceType().getRank() == 1) {
    std::optional<int64_t> offset = getConstantIntValue(slice.getMixedOffsets()[0]),
                           stride = getConstantIntValue(slice.getMixedStrides()[0]);
    if (!offset || !stride)
      return nullptr;
    place[0] = *offset + place[0] * *stride;
    return slice.getSource();
  }
  if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
    std::optional<int64_t> offset = getConstantIntValue(insert.getMixedOffsets()[0]),
                           size = getConstantIntValue(insert.getMixedSizes()[0]);
    if (!offset || !size || getConstantIntValue(insert.getMixedStrides()[0]) != 1)
      return nullptr;
    int64_t at = place[0] - *offset;
    if (at < 0 || at >= *size)
      return insert.getDest();
    place.assign(insert.getSourceType().getRank(), at);
    return insert.getSource();
  }
  return nullptr;
}

/// One element of `tensor` as the scalar that it was before operators moved it from tensor to
/// tensor, as those do that make a shape of sizes; null where an operator computes it. What is a
/// scalar all the way is known before the model runs, if the sizes are.
static Value findScalar(Value tensor, SmallVector<int64_t> place) {
  while (Operation *op = tensor.getDefiningOp()) {
    if (auto elements = dyn_cast<tensor::FromElementsOp>(op))
      return elements.getElements()[linearize(place, elements.getType().getShape())];
    tensor = followMoved(op, place);
    if (!tensor)
      return nullptr;
  }
  return nullptr;
}

OpFoldResult IndexMath::getElement(Value model, Value converted, int64_t index) const {
  if (std::optional<tfl::KnownInts> known = tfl::evaluateInts(model))
    if (index < int64_t(known->size()) && (*known)[index])
      return get(*(*known)[index]);
  SmallVector<int64_t> place =
      delinearize(index, cast<RankedTensorType>(converted.getType()).getShape());
  Value element = findScalar(converted, place);
  if (!element) {
    SmallVector<Value> indices;
    for (int64_t at : place)
      indices.push_back(getValue(get(at)));
    element = tensor::ExtractOp::create(builder, loc, converted, indices);
  }
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(), element).getResult();
}
