//===- NonDecreasing.cpp - epilogues that keep an order -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "NonDecreasing.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
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
  /// All values of what does not depend on the accumulator, where they are constants.
  DenseElementsAttr valuesOf(Value value) const;
  bool isNeverNegative(Value value) const;
  bool isNeverLarger(Value value, Value than) const;
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

DenseElementsAttr OrderOfBody::valuesOf(Value value) const {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    if (argument.getOwner() == body && argument.getArgNumber() < stage.inputs.size())
      return stage.inputs[argument.getArgNumber()].constant;
    return {};
  }
  TypedAttr constant;
  if (!matchPattern(value, m_Constant(&constant)))
    return {};
  return DenseElementsAttr::get(RankedTensorType::get({1}, value.getType()),
                                ArrayRef<Attribute>(constant));
}

bool OrderOfBody::isNeverNegative(Value value) const {
  DenseElementsAttr values = valuesOf(value);
  return values && isa<FloatType>(values.getElementType()) &&
         llvm::none_of(values.getValues<APFloat>(), [](const APFloat &element) {
           return element.isNegative() || element.isNaN();
         });
}

bool OrderOfBody::isNeverLarger(Value value, Value than) const {
  DenseElementsAttr lesser = valuesOf(value), larger = valuesOf(than);
  if (!lesser || !larger || !isa<FloatType>(lesser.getElementType()))
    return false;
  bool together = lesser.getType() == larger.getType() && !lesser.isSplat() && !larger.isSplat();
  if (together)
    return llvm::all_of(llvm::zip_equal(lesser.getValues<APFloat>(), larger.getValues<APFloat>()),
                        [](const auto &pair) { return std::get<0>(pair) <= std::get<1>(pair); });
  return llvm::all_of(lesser.getValues<APFloat>(), [&](const APFloat &a) {
    return llvm::all_of(larger.getValues<APFloat>(), [&](const APFloat &b) { return a <= b; });
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

/// `op` depends on the accumulator. Ranges of floats are not followed.
std::optional<Interval> OrderOfBody::followOp(Operation *op) {
  auto operand = [&](unsigned i) { return op->getOperand(i); };
  auto grows = [&](unsigned i) { return follow(operand(i)).has_value(); };
  if (isa<arith::SIToFPOp, arith::FPToSIOp, math::RoundEvenOp>(op))
    return grows(0) ? std::optional(allOf(op->getResult(0).getType())) : std::nullopt;
  if (isa<math::FmaOp>(op))
    return grows(0) && !dependsOnAccumulator(operand(1)) && isNeverNegative(operand(1)) && grows(2)
               ? std::optional(Interval())
               : std::nullopt;
  if (auto select = dyn_cast<arith::SelectOp>(op)) {
    auto compare = select.getCondition().getDefiningOp<arith::CmpIOp>();
    return compare && compare.getPredicate() == arith::CmpIPredicate::slt &&
                   follow(compare.getLhs()) && !dependsOnAccumulator(compare.getRhs()) &&
                   isNeverLarger(select.getTrueValue(), select.getFalseValue())
               ? std::optional(Interval())
               : std::nullopt;
  }
  if (auto rescale = dyn_cast<tflrt::RescaleOp>(op)) {
    // To the left, what is shifted out would be lost.
    constexpr int32_t mostInput = 1 << 30;
    std::optional<int32_t> shift = rescale.getMaxShift(), input = rescale.getMaxInput();
    if (!grows(0) || !rescale.getInput().getType().isInteger(32) || !shift || *shift > 0 ||
        !input || *input >= mostInput)
      return std::nullopt;
    return Interval{-int64_t(*input) - 1, int64_t(*input) + 1};
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
  bool neverWraps = bitEnumContainsAll(cast<arith::AddIOp>(op).getOverflowFlags(),
                                       arith::IntegerOverflowFlags::nsw);
  if (sum.isWithin(bits))
    return sum;
  return neverWraps ? std::optional(allOf(op->getResult(0).getType())) : std::nullopt;
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
