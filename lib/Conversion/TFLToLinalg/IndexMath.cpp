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

OpFoldResult IndexMath::getElement(Value model, Value converted, int64_t index) const {
  if (std::optional<tfl::KnownInts> known = tfl::evaluateInts(model))
    if (index < int64_t(known->size()) && (*known)[index])
      return get(*(*known)[index]);
  auto type = cast<RankedTensorType>(converted.getType());
  SmallVector<Value> indices;
  for (int64_t size : llvm::reverse(type.getShape())) {
    indices.insert(indices.begin(), getValue(get(index % size)));
    index /= size;
  }
  Value element = tensor::ExtractOp::create(builder, loc, converted, indices);
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(), element).getResult();
}
