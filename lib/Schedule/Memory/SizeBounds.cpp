//===- SizeBounds.cpp - sizes before an invocation begins -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SizeBounds.h"

#include "tflc/Support/ElementSize.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// A number of elements that is no bound worth planning for.
static constexpr int64_t largestBound = 1 << 28;

Value SizeBounds::materialize(OpFoldResult value) {
  return getValueOrCreateConstantIndexOp(builder, builder.getUnknownLoc(), value);
}

/// `lhs Op rhs`, folded where both are constants.
template <typename Op>
OpFoldResult SizeBounds::combine(Value origin, OpFoldResult lhs, OpFoldResult rhs) {
  return builder.createOrFold<Op>(origin.getLoc(), materialize(lhs), materialize(rhs));
}

/// A result of folding as a constant, where it is one.
static OpFoldResult simplify(OpFoldResult value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return IntegerAttr::get(IndexType::get(value.getContext()), *constant);
  return value;
}

/// Whether a value is never below zero. The unknown dimensions of inputs are sizes and arguments.
static bool isNotNegative(Value value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return *constant >= 0;
  if (isa<BlockArgument>(value))
    return true;
  Operation *op = value.getDefiningOp();
  auto operands = op->getOperands();
  if (isa<arith::MaxSIOp, arith::MinUIOp>(op))
    return llvm::any_of(operands, isNotNegative);
  if (isa<arith::SelectOp>(op))
    operands = operands.drop_front();
  return isa<arith::AddIOp, arith::MulIOp, arith::MinSIOp, arith::DivUIOp, arith::DivSIOp,
             arith::SelectOp>(op) &&
         llvm::all_of(operands, isNotNegative);
}

FailureOr<OpFoldResult> SizeBounds::getExact(Value value) {
  if (Value same = known.lookupOrNull(value))
    return OpFoldResult(same);
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return OpFoldResult(builder.getIndexAttr(*constant));
  Operation *op = value.getDefiningOp();
  if (!op || !isPure(op) || op->getNumRegions() || op->getNumResults() != 1)
    return failure();
  for (Value operand : op->getOperands()) {
    FailureOr<OpFoldResult> exact = getExact(operand);
    if (failed(exact))
      return failure();
    if (!known.contains(operand))
      known.map(operand, operand.getType().isIndex()
                             ? materialize(*exact)
                             : builder.clone(*operand.getDefiningOp(), known)->getResult(0));
  }
  return OpFoldResult(builder.clone(*op, known)->getResult(0));
}

FailureOr<OpFoldResult> SizeBounds::getUpper(Value value) {
  FailureOr<OpFoldResult> exact = getExact(value);
  if (succeeded(exact))
    return exact;
  Operation *op = value.getDefiningOp();
  if (isa_and_present<arith::MinSIOp, arith::MinUIOp>(op)) {
    // One bound is enough.
    FailureOr<OpFoldResult> lhs = getUpper(op->getOperand(0)), rhs = getUpper(op->getOperand(1));
    // What only keeps sums from overflowing bounds no memory.
    for (FailureOr<OpFoldResult> *bound : {&lhs, &rhs})
      if (succeeded(*bound) && getConstantIntValue(**bound).value_or(0) > largestBound)
        *bound = failure();
    if (failed(lhs) || failed(rhs))
      return failed(lhs) ? rhs : lhs;
    return simplify(combine<arith::MinSIOp>(value, *lhs, *rhs));
  }
  if (auto sub = dyn_cast_or_null<arith::SubIOp>(op)) {
    FailureOr<OpFoldResult> lhs = getUpper(sub.getLhs()), rhs = getLower(sub.getRhs());
    if (failed(lhs) || failed(rhs))
      return failure();
    return simplify(combine<arith::SubIOp>(value, *lhs, *rhs));
  }
  if (isa_and_present<arith::DivUIOp, arith::DivSIOp>(op)) {
    // By one or more, as far as that is known.
    FailureOr<OpFoldResult> lhs = getUpper(op->getOperand(0)), rhs = getExact(op->getOperand(1));
    if (failed(lhs) || !isNotNegative(op->getOperand(0)))
      return failure();
    if (failed(rhs))
      return lhs;
    return simplify(combine<arith::DivUIOp>(value, *lhs, *rhs));
  }
  if (auto choice = dyn_cast_or_null<arith::SelectOp>(op)) {
    FailureOr<OpFoldResult> lhs = getUpper(choice.getTrueValue()),
                            rhs = getUpper(choice.getFalseValue());
    if (failed(lhs) || failed(rhs))
      return failure();
    return simplify(combine<arith::MaxSIOp>(value, *lhs, *rhs));
  }
  if (!isa_and_present<arith::AddIOp, arith::MulIOp, arith::MaxSIOp>(op))
    return failure();
  FailureOr<OpFoldResult> lhs = getUpper(op->getOperand(0)), rhs = getUpper(op->getOperand(1));
  if (failed(lhs) || failed(rhs))
    return failure();
  if (isa<arith::AddIOp>(op))
    return simplify(combine<arith::AddIOp>(value, *lhs, *rhs));
  if (isa<arith::MulIOp>(op)) {
    if (!isNotNegative(op->getOperand(0)) || !isNotNegative(op->getOperand(1)))
      return failure();
    return simplify(combine<arith::MulIOp>(value, *lhs, *rhs));
  }
  return simplify(combine<arith::MaxSIOp>(value, *lhs, *rhs));
}

FailureOr<OpFoldResult> SizeBounds::getLower(Value value) {
  FailureOr<OpFoldResult> exact = getExact(value);
  if (failed(exact) && isNotNegative(value))
    return OpFoldResult(builder.getIndexAttr(0));
  return exact;
}

std::optional<int64_t> tflc::getMaxBytes(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  std::optional<int64_t> bytes = getElementBytes(type.getElementType());
  auto multiply = [&](int64_t size) {
    bytes = bytes ? llvm::checkedMul<int64_t>(*bytes, size) : std::nullopt;
  };
  for (int64_t size : type.getShape())
    if (!ShapedType::isDynamic(size))
      multiply(size);
  // What bounds a size is computed beside it, and goes again where it is not needed.
  OpBuilder builder(alloc);
  IRMapping known;
  SizeBounds bounds(builder, known);
  for (Value size : alloc.getDynamicSizes()) {
    FailureOr<OpFoldResult> limit = bounds.getUpper(size);
    std::optional<int64_t> constant = failed(limit) ? std::nullopt : getConstantIntValue(*limit);
    if (!constant)
      return std::nullopt;
    multiply(*constant);
  }
  return bytes;
}
