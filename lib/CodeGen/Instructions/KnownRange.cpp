//===- KnownRange.cpp - bounds of integers at compile time ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KnownRange.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

KnownRange tflc::getKnownRange(Value value, KnownRange otherwise) {
  while (auto broadcast = value.getDefiningOp<vector::BroadcastOp>())
    value = broadcast.getSource();
  APInt scalar;
  if (matchPattern(value, m_ConstantInt(&scalar)))
    return {scalar.getSExtValue(), scalar.getSExtValue()};
  DenseIntElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || elements.empty())
    return otherwise;
  KnownRange range{INT64_MAX, INT64_MIN};
  for (const APInt &element : elements) {
    range.min = std::min(range.min, element.getSExtValue());
    range.max = std::max(range.max, element.getSExtValue());
  }
  return range;
}

/// What exceeds this is not followed: then no sum or product of two bounds overflows.
static constexpr int64_t mostFollowed = int64_t(1) << 62;

/// Bounds of all values of a signed type; beyond 62 bits of magnitude they only mean "unknown".
static KnownRange rangeOfWidth(unsigned width) {
  if (width > 62)
    return {-mostFollowed, mostFollowed};
  return {-(int64_t(1) << (width - 1)), (int64_t(1) << (width - 1)) - 1};
}

/// Long chains are cut: nothing that bodies compute is deeper.
static constexpr unsigned maxDepth = 12;

static KnownRange derive(Value value, unsigned depth) {
  unsigned width = getElementTypeOrSelf(value).getIntOrFloatBitWidth();
  if (width > 64)
    return rangeOfWidth(64);
  KnownRange whole = rangeOfWidth(width);
  KnownRange constant = getKnownRange(value, whole);
  Operation *op = value.getDefiningOp();
  if (constant.min <= -mostFollowed || constant.max >= mostFollowed)
    constant = whole;
  if (constant.isConstant() || !op || depth == maxDepth)
    return constant;
  SmallVector<KnownRange, 2> operands;
  for (Value value : op->getOperands()) {
    if (!getElementTypeOrSelf(value).isInteger())
      return whole;
    operands.push_back(derive(value, depth + 1));
    if (operands.back().magnitude() >= mostFollowed)
      return whole;
  }
  auto operand = [&](unsigned i) { return operands[i]; };
  auto within = [&](KnownRange range) {
    return range.min < whole.min || range.max > whole.max ? whole : range;
  };
  if (isa<arith::ExtSIOp, vector::BroadcastOp>(op))
    return operand(0);
  if (isa<arith::ExtUIOp>(op)) {
    unsigned narrow = getElementTypeOrSelf(op->getOperand(0)).getIntOrFloatBitWidth();
    return {0, (int64_t(1) << narrow) - 1};
  }
  if (isa<arith::AddIOp>(op)) {
    KnownRange a = operand(0), b = operand(1);
    return within({a.min + b.min, a.max + b.max});
  }
  if (isa<arith::SubIOp>(op)) {
    KnownRange a = operand(0), b = operand(1);
    return within({a.min - b.max, a.max - b.min});
  }
  if (isa<arith::MulIOp>(op)) {
    int64_t a = operand(0).magnitude(), b = operand(1).magnitude();
    if (a > INT32_MAX || b > INT32_MAX)
      return whole;
    return within({-a * b, a * b});
  }
  if (isa<arith::ShLIOp>(op)) {
    KnownRange a = operand(0), distance = operand(1);
    if (distance.min < 0 || distance.max > 30 || a.magnitude() > INT32_MAX)
      return whole;
    return within({-(a.magnitude() << distance.max), a.magnitude() << distance.max});
  }
  if (isa<arith::ShRSIOp>(op)) {
    KnownRange a = operand(0), distance = operand(1);
    return distance.isConstant() && distance.min >= 0 && distance.max < width
               ? KnownRange{a.min >> distance.min, a.max >> distance.min}
               : KnownRange{std::min<int64_t>(a.min, 0), std::max<int64_t>(a.max, 0)};
  }
  if (isa<arith::TruncIOp>(op))
    return within(operand(0));
  if (isa<arith::MaxSIOp>(op)) {
    KnownRange a = operand(0), b = operand(1);
    return {std::max(a.min, b.min), std::max(a.max, b.max)};
  }
  if (isa<arith::MinSIOp>(op)) {
    KnownRange a = operand(0), b = operand(1);
    return {std::min(a.min, b.min), std::min(a.max, b.max)};
  }
  if (auto rescale = dyn_cast<RescaleOp>(op)) {
    if (getElementTypeOrSelf(rescale.getInput()).getIntOrFloatBitWidth() > 32)
      return whole;
    // The multiplier is below one, and rounding adds at most one.
    int64_t mostShift = rescale.getMaxShift() ? rescale.getMaxShiftAttr().getInt() : 30;
    KnownRange input = operand(0), shift = getKnownRange(rescale.getShift(), {-31, mostShift});
    if (std::optional<uint32_t> bound = rescale.getMaxInput())
      input = {-int64_t(*bound), int64_t(*bound)};
    int64_t magnitude =
        shift.max > 0 ? input.magnitude() << shift.max : (input.magnitude() >> -shift.max) + 1;
    return within({-magnitude - 1, magnitude + 1});
  }
  return whole;
}

KnownRange tflc::deriveRange(Value value) { return derive(value, 0); }
