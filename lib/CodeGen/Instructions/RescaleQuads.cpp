//===- RescaleQuads.cpp - rescaling in vectors of four lanes --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RescaleQuads.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

static Value slice(ImplicitLocOpBuilder &b, Value vector, int64_t offset) {
  return vector::ExtractStridedSliceOp::create(b, vector, ArrayRef<int64_t>{offset},
                                               ArrayRef<int64_t>{4}, ArrayRef<int64_t>{1});
}

static Value splat(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(cast<VectorType>(type), b.getI32IntegerAttr(value)));
}

Value tflc::rescaleInQuads(ImplicitLocOpBuilder &b, tflrt::RescaleOp op,
                           function_ref<Value(Value x, Value multiplier, Value shift)> quad) {
  auto type = dyn_cast<VectorType>(op.getType());
  auto input = dyn_cast<VectorType>(op.getInput().getType());
  if (!type || !input || type.getRank() != 1 || type.isScalable() ||
      type.getNumElements() % 4 != 0 || !input.getElementType().isInteger(32))
    return nullptr;
  Value shift = op.getShift();
  if (!getElementTypeOrSelf(shift).isInteger(32))
    shift = b.createOrFold<arith::ExtSIOp>(type, shift);
  if (type.getNumElements() == 4)
    return quad(op.getInput(), op.getMultiplier(), shift);
  Value result = arith::ConstantOp::create(b, b.getZeroAttr(type));
  for (int64_t at = 0; at < type.getNumElements(); at += 4) {
    Value x = slice(b, op.getInput(), at), multiplier = slice(b, op.getMultiplier(), at);
    Value part = quad(x, multiplier, slice(b, shift, at));
    result = vector::InsertStridedSliceOp::create(b, part, result, ArrayRef<int64_t>{at},
                                                  ArrayRef<int64_t>{1});
  }
  return result;
}

/// The upper half of the doubled product is the first rounding of `double` as gemmlowp defines it.
/// The second rounding takes halves away from zero, which for negative h is shifting h - 1.
Value tflc::rescaleTwice(ImplicitLocOpBuilder &b, RescaleBounds bounds, Value x, Value multiplier,
                         Value shift, QuadInstructions instructions) {
  Value zero = splat(b, x.getType(), 0);
  if (bounds.maxShift > 0)
    x = b.createOrFold<arith::ShLIOp>(x, b.createOrFold<arith::MaxSIOp>(shift, zero));
  Value high = instructions.multiplyHigh(x, multiplier);
  if (bounds.minShift >= 0)
    return high;
  Value sign = high;
  if (bounds.maxShift >= 0) {
    // Lanes without a shift to the right stay as they are.
    shift = b.createOrFold<arith::MinSIOp>(shift, zero);
    sign = b.createOrFold<arith::AndIOp>(high, shift);
  }
  Value adjusted = b.createOrFold<arith::AddIOp>(
      high, b.createOrFold<arith::ShRSIOp>(sign, splat(b, x.getType(), 31)));
  return instructions.shiftRounding(adjusted, shift);
}
