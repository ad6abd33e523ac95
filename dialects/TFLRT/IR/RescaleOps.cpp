//===- RescaleOps.cpp - rescaling in integers and in float ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/TFLRTDialect.h"

#include "tflc/Quantization/Multiplier.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

#include "TFLRT/IR/RescaleInterface.cpp.inc"

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

/// The constant that `value` has in every lane, if there is one.
static std::optional<int64_t> matchSplat(Value value) {
  while (auto broadcast = value.getDefiningOp<vector::BroadcastOp>())
    value = broadcast.getSource();
  APInt scalar;
  if (matchPattern(value, m_ConstantInt(&scalar)))
    return scalar.getSExtValue();
  return std::nullopt;
}

static unsigned widthOf(Value value) { return getElementTypeOrSelf(value).getIntOrFloatBitWidth(); }

//===----------------------------------------------------------------------===//
// tflrt.rescale
//===----------------------------------------------------------------------===//

OpFoldResult RescaleOp::fold(FoldAdaptor adaptor) {
  auto input = dyn_cast_or_null<IntegerAttr>(adaptor.getInput());
  auto number = dyn_cast_or_null<IntegerAttr>(adaptor.getMultiplier());
  auto shift = dyn_cast_or_null<IntegerAttr>(adaptor.getShift());
  if (!input || !number || !shift)
    return {};
  FixedPointMultiplier multiplier{static_cast<int32_t>(number.getInt()),
                                  static_cast<int32_t>(shift.getInt())};
  if (multiplier.value < 0 || multiplier.shift < -31 || multiplier.shift > 30)
    return {}; // not what the op promises
  int32_t result = 0;
  switch (getRounding()) {
  case Rounding::Double:
    result = rescaleDouble(static_cast<int32_t>(input.getInt()), multiplier);
    break;
  case Rounding::Single:
    result = rescaleSingle(input.getInt(), multiplier);
    break;
  case Rounding::Reduced:
    result = rescaleReduced(input.getInt(), multiplier);
    break;
  }
  return IntegerAttr::get(getType(), result);
}

LogicalResult RescaleOp::verify() {
  if (!getElementTypeOrSelf(getResult()).isInteger(32))
    return emitOpError("has a result of ") << widthOf(getResult()) << " instead of 32 bits";
  unsigned bits = widthOf(getInput());
  bool fits = bits == 32 || (bits == 64 && getRounding() != Rounding::Double);
  if (!fits)
    return emitOpError("cannot round an input of ")
           << bits << " bits as '" << stringifyRounding(getRounding()) << "' says";
  if (std::optional<uint32_t> shift = getMaxShift())
    if (int32_t most = *shift; most < -31 || most > 30)
      return emitOpError("has a largest shift of ") << most << ", which no shift may have";
  ArrayRef<int32_t> ranges = getInputRanges().value_or(ArrayRef<int32_t>());
  if (ranges.size() % 2 != 0)
    return emitOpError("has a range of inputs without an end");
  for (size_t i = 0; i < ranges.size(); i += 2)
    if (ranges[i] > ranges[i + 1])
      return emitOpError("has a range of inputs from ") << ranges[i] << " to " << ranges[i + 1];
  return success();
}

/// The multiplier is below one, and rounding adds at most one.
std::optional<int64_t> RescaleOp::getLargestResult() {
  std::optional<int64_t> shift = matchSplat(getShift());
  if (getMaxShiftAttr())
    shift = getMaxShiftAttr().getInt();
  if (!shift || *shift > 0 || widthOf(getInput()) > 32)
    return std::nullopt;
  int64_t largest = getMaxInputAttr() ? getMaxInputAttr().getInt() : int64_t(1) << 31;
  return (largest >> -*shift) + 1;
}

bool RescaleOp::neverDecreases() {
  // To the left, what is shifted out would be lost.
  constexpr int64_t mostInput = 1 << 30;
  return widthOf(getInput()) == 32 && getMaxShiftAttr() && getMaxShiftAttr().getInt() <= 0 &&
         getMaxInputAttr() && getMaxInputAttr().getInt() < mostInput;
}

//===----------------------------------------------------------------------===//
// tflrt.float_rescale, tflrt.float_sum
//===----------------------------------------------------------------------===//

LogicalResult FloatRescaleOp::verify() {
  if (!getElementTypeOrSelf(getInput()).isInteger(32))
    return emitOpError("has an input of ") << widthOf(getInput()) << " instead of 32 bits";
  for (Value value : {getScale(), getOffset(), getOffsetBelow()})
    if (value && !getElementTypeOrSelf(value).isF32())
      return emitOpError("has a scale or an offset that is no f32");
  for (Value value : getRaised())
    if (!getElementTypeOrSelf(value).isInteger(32))
      return emitOpError("compares its input with an integer of another width");
  return success();
}

std::optional<int64_t> FloatRescaleOp::getLargestResult() {
  return getLargestAttr() ? std::optional(getLargestAttr().getInt()) : std::nullopt;
}

bool FloatRescaleOp::neverDecreases() { return getNonDecreasing(); }

LogicalResult FloatSumOp::verify() {
  if (widthOf(getLhs()) != 8 || widthOf(getResult()) != 32)
    return emitOpError("does not make 32 bits of bytes");
  return success();
}

/// A byte is at most 255, and each operation rounds by less than the last summand.
std::optional<int64_t> FloatSumOp::getLargestResult() {
  double scales =
      std::abs(getLhsScale().convertToFloat()) + std::abs(getRhsScale().convertToFloat());
  double largest = 255 * scales + std::abs(getOffset().convertToFloat()) +
                   std::abs(double(static_cast<int32_t>(getBase()))) + 1;
  return largest < (1 << 22) ? std::optional<int64_t>(std::ceil(largest) + 1) : std::nullopt;
}

/// Nothing is promised of bytes, which may be unsigned.
bool FloatSumOp::neverDecreases() { return false; }
