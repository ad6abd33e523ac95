//===- NonDecreasing.cpp - epilogues that keep an order -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "NonDecreasing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

#include <limits>

using namespace mlir;
using namespace tflc;

namespace {

/// An integer's values.
struct Interval {
  int64_t least = std::numeric_limits<int64_t>::min();
  int64_t largest = std::numeric_limits<int64_t>::max();

  bool isWithin(unsigned bits) const {
    return least >= llvm::minIntN(bits) && largest <= llvm::maxIntN(bits);
  }
};

/// Follows the values of a body that depend on the accumulator.
class OrderOfBody {
public:
  explicit OrderOfBody(const Stage &stage) : stage(stage), body(stage.body()) {}

  /// The values of `value`, which grows with the accumulator or stays; none where it may decrease.
  std::optional<Interval> follow(Value value);

private:
  std::optional<Interval> followOp(Operation *op);
  bool isAccumulator(Value value) const {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getOwner() == body &&
           argument.getArgNumber() < stage.inputs.size() &&
           stage.readsAccumulator[argument.getArgNumber()];
  }
  bool dependsOnAccumulator(Value value) const;
  static Interval allOf(Type type) {
    unsigned bits = type.getIntOrFloatBitWidth();
    return {llvm::minIntN(bits), llvm::maxIntN(bits)};
  }

  const Stage &stage;
  Block *body;
};

} // namespace

bool OrderOfBody::dependsOnAccumulator(Value value) const {
  if (isAccumulator(value))
    return true;
  Operation *op = value.getDefiningOp();
  return op && op->getBlock() == body && llvm::any_of(op->getOperands(), [&](Value operand) {
           return dependsOnAccumulator(operand);
         });
}

std::optional<Interval> OrderOfBody::follow(Value value) {
  if (isAccumulator(value))
    return allOf(value.getType());
  if (dependsOnAccumulator(value))
    return followOp(value.getDefiningOp());
  IntegerAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return Interval{constant.getInt(), constant.getInt()};
  return value.getType().isIntOrFloat() ? allOf(value.getType()) : Interval();
}

/// `op` depends on the accumulator.
std::optional<Interval> OrderOfBody::followOp(Operation *op) {
  auto operand = [&](unsigned i) { return op->getOperand(i); };
  auto grows = [&](unsigned i) { return follow(operand(i)).has_value(); };
  if (auto rescale = dyn_cast<tflrt::RescaleOpInterface>(op)) {
    bool othersStay = llvm::none_of(op->getOperands().drop_front(),
                                    [&](Value other) { return dependsOnAccumulator(other); });
    if (!othersStay || !rescale.neverDecreases() || !grows(0))
      return std::nullopt;
    std::optional<int64_t> largest = rescale.getLargestResult();
    return largest ? Interval{-*largest, *largest} : allOf(op->getResult(0).getType());
  }
  if (!isa<arith::AddIOp, arith::MaxSIOp, arith::MinSIOp, arith::TruncIOp>(op))
    return std::nullopt;
  std::optional<Interval> lhs = follow(operand(0));
  if (!lhs)
    return std::nullopt;
  unsigned bits = op->getResult(0).getType().getIntOrFloatBitWidth();
  if (isa<arith::TruncIOp>(op))
    return lhs->isWithin(bits) ? lhs : std::nullopt;
  std::optional<Interval> rhs = follow(operand(1));
  if (!rhs)
    return std::nullopt;
  if (isa<arith::MaxSIOp>(op))
    return Interval{std::max(lhs->least, rhs->least), std::max(lhs->largest, rhs->largest)};
  if (isa<arith::MinSIOp>(op))
    return Interval{std::min(lhs->least, rhs->least), std::min(lhs->largest, rhs->largest)};
  if (bits > 32)
    return std::nullopt;
  Interval sum{lhs->least + rhs->least, lhs->largest + rhs->largest};
  return sum.isWithin(bits) ? std::optional(sum) : std::nullopt;
}

bool tflc::neverDecreases(const Stage &stage) {
  Value result = stage.body()->getTerminator()->getOperand(0);
  if (!result.getType().isInteger() || !result.getType().isIntOrFloat())
    return false;
  for (auto [argument, isAccumulator] :
       llvm::zip(stage.body()->getArguments(), stage.readsAccumulator))
    if (isAccumulator && !argument.getType().isInteger(32))
      return false;
  return OrderOfBody(stage).follow(result).has_value();
}
