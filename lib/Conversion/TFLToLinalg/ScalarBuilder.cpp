//===- ScalarBuilder.cpp - arithmetic of one element ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ScalarBuilder.h"

#include "Utils.h"

using namespace mlir;
using namespace tflc;

std::optional<AffineQuantization> tflc::getAffineQuantization(Type type) {
  quant::UniformQuantizedType uniform = getUniform(type);
  if (!uniform)
    return std::nullopt;
  return AffineQuantization{
      float(uniform.getScale()),
      int32_t(uniform.getZeroPoint()),
      uniform.getStorageTypeIntegralWidth(),
      uniform.isSigned(),
      {int32_t(uniform.getStorageTypeMin()), int32_t(uniform.getStorageTypeMax())}};
}

IntegerRange tflc::getActivatedRange(const AffineQuantization &quantization, StringRef activation) {
  auto range = getQuantizedActivationRange(*parseActivation(activation), quantization.scale,
                                           quantization.zeroPoint, quantization.limits);
  // A bound beyond 32 bits is beyond the type.
  return range.value_or(quantization.limits);
}

Value ScalarBuilder::constant(Type type, double value) {
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type, value));
  return integer(type, int64_t(value));
}

Value ScalarBuilder::integer(Type type, int64_t value) {
  return arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(type, value));
}

Value ScalarBuilder::add(Value lhs, Value rhs) {
  return isa<FloatType>(lhs.getType()) ? emit<arith::AddFOp>(lhs, rhs)
                                       : emit<arith::AddIOp>(lhs, rhs);
}

Value ScalarBuilder::sub(Value lhs, Value rhs) {
  return isa<FloatType>(lhs.getType()) ? emit<arith::SubFOp>(lhs, rhs)
                                       : emit<arith::SubIOp>(lhs, rhs);
}

Value ScalarBuilder::mul(Value lhs, Value rhs) {
  return isa<FloatType>(lhs.getType()) ? emit<arith::MulFOp>(lhs, rhs)
                                       : emit<arith::MulIOp>(lhs, rhs);
}

Value ScalarBuilder::add(Value lhs, int64_t rhs) {
  return rhs == 0 ? lhs : emit<arith::AddIOp>(lhs, integer(lhs.getType(), rhs));
}

Value ScalarBuilder::shiftLeft(Value value, int64_t distance) {
  return distance == 0 ? value : emit<arith::ShLIOp>(value, integer(value.getType(), distance));
}

Value ScalarBuilder::shiftRight(Value value, int64_t distance) {
  return distance == 0 ? value : emit<arith::ShRSIOp>(value, integer(value.getType(), distance));
}

Value ScalarBuilder::compare(arith::CmpIPredicate predicate, Value lhs, Value rhs) {
  return emit<arith::CmpIOp>(predicate, lhs, rhs);
}

Value ScalarBuilder::compare(arith::CmpFPredicate predicate, Value lhs, Value rhs) {
  return emit<arith::CmpFOp>(predicate, lhs, rhs);
}

Value ScalarBuilder::select(Value condition, Value onTrue, Value onFalse) {
  return emit<arith::SelectOp>(condition, onTrue, onFalse);
}

Value ScalarBuilder::resize(Value value, Type type) {
  unsigned from = value.getType().getIntOrFloatBitWidth(), to = type.getIntOrFloatBitWidth();
  if (from < to)
    return emit<arith::ExtSIOp>(type, value);
  return from > to ? emit<arith::TruncIOp>(type, value) : value;
}

Value ScalarBuilder::storeBool(Value condition) { return emit<arith::ExtUIOp>(i8(), condition); }

Value ScalarBuilder::center(Value stored, const AffineQuantization &quantization) {
  Value wide = stored;
  if (quantization.width < 32)
    wide = quantization.isSigned ? emit<arith::ExtSIOp>(i32(), stored)
                                 : emit<arith::ExtUIOp>(i32(), stored);
  return add(wide, -int64_t(quantization.zeroPoint));
}

Value ScalarBuilder::rescale(Value value, FixedPointMultiplier multiplier,
                             tflrt::Rounding rounding) {
  return emit<tflrt::RescaleOp>(value, integer(i32(), multiplier.value),
                                integer(i8(), multiplier.shift), rounding);
}

Value ScalarBuilder::rescaleSmall(Value value, FixedPointMultiplier multiplier) {
  if (multiplier.value == 1 << 30 && multiplier.shift == 1)
    return value;
  return rescale(value, multiplier);
}

Value ScalarBuilder::divideByPowerOfTwo(Value value, int exponent) {
  if (exponent == 0)
    return value;
  // (value - (value < 0)) / 2^(exponent - 1), plus 1, halved: nothing can wrap but the least of all
  // values, which no operator divides.
  unsigned width = value.getType().getIntOrFloatBitWidth();
  Value adjusted = add(value, shiftRight(value, width - 1));
  return shiftRight(add(shiftRight(adjusted, exponent - 1), 1), 1);
}

Value ScalarBuilder::clamp(Value value, int64_t min, int64_t max) {
  value = emit<arith::MaxSIOp>(value, integer(value.getType(), min));
  return emit<arith::MinSIOp>(value, integer(value.getType(), max));
}

Value ScalarBuilder::store(Value value, IntegerRange range,
                           const AffineQuantization &quantization) {
  if (range.min != std::numeric_limits<int32_t>::min() ||
      range.max != std::numeric_limits<int32_t>::max())
    value = clamp(value, range.min, range.max);
  return resize(value, builder.getIntegerType(std::max(quantization.width, 8u)));
}
