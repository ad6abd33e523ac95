//===- CalibratedRanges.cpp - what calibration found out ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/Transforms/CalibratedRanges.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace tflc;

static constexpr StringLiteral rangesName = "tfl.ranges";
static constexpr StringLiteral rangeName = "tfl.range";

static bool isFloatTensor(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.getElementType().isF32();
}

static bool isRealTensor(Value value) {
  return isFloatTensor(value) ||
         isa<quant::UniformQuantizedType>(getElementTypeOrSelf(value.getType()));
}

static SmallVector<Value> collect(func::FuncOp function, bool (*isWanted)(Value)) {
  SmallVector<Value> values;
  if (function.isExternal())
    return values;
  llvm::copy_if(function.getArguments(), std::back_inserter(values), isWanted);
  for (Operation &op : function.front())
    // Neither constants nor variables: these are no results of a computation.
    if (op.getNumOperands() != 0)
      llvm::copy_if(op.getResults(), std::back_inserter(values), isWanted);
  return values;
}

SmallVector<Value> tflc::tfl::collectActivations(func::FuncOp function) {
  return collect(function, isFloatTensor);
}

SmallVector<Value> tflc::tfl::collectReals(func::FuncOp function) {
  return collect(function, isRealTensor);
}

/// The function that has this argument; null for the argument of an inner block.
static func::FuncOp getFunction(BlockArgument argument) {
  return dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp());
}

void tflc::tfl::setCalibratedRange(Value value, FloatRange range) {
  Builder builder(value.getContext());
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (func::FuncOp function = getFunction(argument))
      function.setArgAttr(argument.getArgNumber(), rangeName,
                          builder.getDenseF32ArrayAttr({range.min, range.max}));
    return;
  }
  auto result = cast<OpResult>(value);
  Operation *op = result.getOwner();
  SmallVector<float> ranges(2 * op->getNumResults(), std::numeric_limits<float>::quiet_NaN());
  if (auto present = op->getAttrOfType<DenseF32ArrayAttr>(rangesName);
      present && size_t(present.size()) == ranges.size())
    llvm::copy(present.asArrayRef(), ranges.begin());
  ranges[2 * result.getResultNumber()] = range.min;
  ranges[2 * result.getResultNumber() + 1] = range.max;
  op->setAttr(rangesName, builder.getDenseF32ArrayAttr(ranges));
}

std::optional<FloatRange> tflc::tfl::getCalibratedRange(Value value) {
  DenseF32ArrayAttr ranges;
  size_t at = 0;
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (func::FuncOp function = getFunction(argument))
      ranges = function.getArgAttrOfType<DenseF32ArrayAttr>(argument.getArgNumber(), rangeName);
  } else {
    auto result = cast<OpResult>(value);
    ranges = result.getOwner()->getAttrOfType<DenseF32ArrayAttr>(rangesName);
    at = 2 * result.getResultNumber();
  }
  if (!ranges || size_t(ranges.size()) < at + 2)
    return std::nullopt;
  FloatRange range{ranges[at], ranges[at + 1]};
  if (!std::isfinite(range.min) || !std::isfinite(range.max) || range.min > range.max)
    return std::nullopt;
  return range;
}

void tflc::tfl::eraseCalibratedRanges(func::FuncOp function) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    function.removeArgAttr(i, rangeName);
  function.walk([](Operation *op) { op->removeAttr(rangesName); });
}
