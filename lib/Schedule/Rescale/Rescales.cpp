//===- Rescales.cpp - rescaled values and what becomes of them ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Rescales.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tflc;

/// More values than bytes have are not worth the compile time: each is a threshold.
static constexpr int64_t maxValues = 512;

std::optional<int64_t> tflc::getConstantInt(Value value) {
  APInt result;
  if (matchPattern(value, m_ConstantInt(&result)))
    return result.getSExtValue();
  return std::nullopt;
}

SmallVector<std::pair<tflrt::RescaleOp, linalg::GenericOp>>
tflc::findElementwiseRescales(Operation *module) {
  SmallVector<std::pair<tflrt::RescaleOp, linalg::GenericOp>> found;
  module->walk([&](tflrt::RescaleOp rescale) {
    auto op = dyn_cast<linalg::GenericOp>(rescale->getParentOp());
    if (op && op.getNumParallelLoops() == op.getNumLoops() && op.hasPureTensorSemantics())
      found.push_back({rescale, op});
  });
  return found;
}

std::optional<ClampedResult> tflc::getClampedResult(tflrt::RescaleOp op) {
  std::optional<int64_t> min, max;
  int64_t added = 0;
  SmallVector<Operation *> ops;
  Value value = op.getResult();
  while (value.hasOneUse() && !(min && max)) {
    Operation *user = *value.getUsers().begin();
    if (user->getNumOperands() != 2 || user->getOperand(0) != value)
      break;
    auto constant = getConstantInt(user->getOperand(1));
    if (!constant)
      break;
    if (isa<arith::AddIOp>(user))
      added += *constant;
    else if (isa<arith::MaxSIOp>(user))
      min = *constant - added;
    else if (isa<arith::MinSIOp>(user))
      max = *constant - added;
    else
      break;
    ops.push_back(user);
    value = user->getResult(0);
  }
  if (!min || !max || *max < *min || *max - *min > maxValues || std::abs(*min) > 1 << 20 ||
      std::abs(added) > 1 << 20)
    return std::nullopt;
  return ClampedResult{
      {static_cast<int32_t>(*min), static_cast<int32_t>(*max)}, static_cast<int32_t>(added), ops};
}

void tflc::joinAddedConstants(tflrt::RescaleOpInterface op) {
  int64_t base = 0;
  auto number = op->getAttrOfType<IntegerAttr>("base");
  if (number)
    base = number.getInt();
  Value value = op->getResult(0);
  auto readingAdd = [&]() -> arith::AddIOp {
    auto add = value.hasOneUse() ? dyn_cast<arith::AddIOp>(*value.user_begin()) : arith::AddIOp();
    return add && add.getLhs() == value && getConstantInt(add.getRhs()) ? add : arith::AddIOp();
  };
  while (arith::AddIOp add = base != 0 ? readingAdd() : arith::AddIOp()) {
    base += *getConstantInt(add.getRhs());
    add.replaceAllUsesWith(value);
    add.erase();
  }
  if (number)
    op->setAttr("base", IntegerAttr::get(number.getType(), base));
  std::optional<int64_t> largest = op.getLargestResult();
  while (arith::AddIOp add = largest ? readingAdd() : arith::AddIOp()) {
    *largest += std::abs(*getConstantInt(add.getRhs()));
    if (*largest <= INT32_MAX)
      add.setOverflowFlags(arith::IntegerOverflowFlags::nsw);
    value = add;
  }
}
