//===- ByteFunctions.cpp - values that depend on few bits -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ByteFunctions.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace tflc;

/// The number of values that a root may have, all below it; none where `value` is no root.
static std::optional<uint64_t> countInputs(Value value, FunctionRoot kind) {
  constexpr uint64_t most = 1 << 10;
  if (kind == FunctionRoot::Byte)
    return value.getType().isInteger(8) ? std::optional<uint64_t>(1 << 8) : std::nullopt;
  auto masked = value.getDefiningOp<arith::AndIOp>();
  APInt mask;
  if (!masked || !matchPattern(masked.getRhs(), m_ConstantInt(&mask)) || !mask.isMask() ||
      mask.uge(most))
    return std::nullopt;
  return mask.getZExtValue() + 1;
}

ByteFunctions::ByteFunctions(Block &body, FunctionRoot kind) : kind(kind) {
  for (BlockArgument argument : body.getArguments())
    if (countInputs(argument, kind))
      roots[argument] = argument;
  for (Operation &op : body.without_terminator()) {
    if (op.hasTrait<OpTrait::ConstantLike>() || op.getNumResults() != 1)
      continue;
    Value root;
    bool isFunction = isPure(&op) && op.getNumRegions() == 0;
    for (Value operand : op.getOperands()) {
      if (matchPattern(operand, m_Constant()))
        continue;
      Value theirs = roots.lookup(operand);
      isFunction &= theirs && (!root || root == theirs);
      root = theirs;
    }
    Value result = op.getResult(0);
    if (isFunction && root)
      roots[result] = root;
    else if (countInputs(result, kind))
      roots[result] = result;
  }
}

SmallVector<Operation *> ByteFunctions::opsOf(Value value) const {
  Value begin = root(value);
  llvm::SetVector<Operation *> ops;
  auto visit = [&](auto &self, Value needed) -> void {
    Operation *op = needed.getDefiningOp();
    if (needed == begin || !op || matchPattern(needed, m_Constant()))
      return;
    for (Value operand : op->getOperands())
      self(self, operand);
    ops.insert(op);
  };
  visit(visit, value);
  return ops.takeVector();
}

/// What tflrt.multiply_high says of constants.
static Attribute evaluateMultiplyHigh(Type type, ArrayRef<Attribute> operands) {
  auto lhs = dyn_cast<IntegerAttr>(operands[0]), rhs = dyn_cast<IntegerAttr>(operands[1]);
  if (!lhs || !rhs)
    return {};
  int64_t product = (lhs.getInt() * rhs.getInt() + (1 << 14)) >> 15;
  return IntegerAttr::get(type, APInt(16, product, /*isSigned=*/true, /*implicitTrunc=*/true));
}

/// The op's result for constant operands; null where it has none.
static Attribute evaluate(Operation *op, ArrayRef<Attribute> operands) {
  if (isa<tflrt::MultiplyHighOp>(op))
    return evaluateMultiplyHigh(op->getResult(0).getType(), operands);
  SmallVector<OpFoldResult> results;
  if (failed(op->fold(operands, results)) || results.size() != 1)
    return {};
  if (auto attribute = dyn_cast<Attribute>(results[0]))
    return attribute;
  // One of its operands.
  for (auto [operand, attribute] : llvm::zip_equal(op->getOperands(), operands))
    if (operand == cast<Value>(results[0]))
      return attribute;
  return {};
}

std::optional<SmallVector<int64_t>> ByteFunctions::tabulate(Value value) const {
  Value begin = root(value);
  if (!begin || !value.getType().isInteger())
    return std::nullopt;
  SmallVector<Operation *> ops = opsOf(value);
  SmallVector<int64_t> table;
  unsigned width = begin.getType().getIntOrFloatBitWidth();
  for (uint64_t index = 0, end = *countInputs(begin, kind); index < end; ++index) {
    DenseMap<Value, Attribute> known{
        {begin, IntegerAttr::get(begin.getType(), APInt(width, index))}};
    for (Operation *op : ops) {
      SmallVector<Attribute> operands;
      for (Value operand : op->getOperands()) {
        Attribute attribute = known.lookup(operand);
        if (!attribute && !matchPattern(operand, m_Constant(&attribute)))
          return std::nullopt;
        operands.push_back(attribute);
      }
      Attribute result = evaluate(op, operands);
      if (!result)
        return std::nullopt;
      known[op->getResult(0)] = result;
    }
    auto result = dyn_cast<IntegerAttr>(known.lookup(value));
    if (!result)
      return std::nullopt;
    table.push_back(result.getInt());
  }
  return table;
}

std::optional<ByteTerm> tflc::readByteTerm(const ByteFunctions &functions, Value value) {
  auto values = functions.tabulate(value);
  if (!values)
    return std::nullopt;
  ByteTerm term{functions.root(value), false, std::move(*values)};
  ArrayRef<int64_t> table = term.table;
  auto step = [&](unsigned i) { return std::abs(table[i % 256] - table[i - 1]); };
  term.isUnsigned = step(128) < step(256);
  if (!term.isUnsigned)
    std::rotate(term.table.begin(), term.table.begin() + 128, term.table.end());
  return term;
}

void tflc::eraseDeadOps(Block &body) {
  SmallVector<Operation *> ops;
  for (Operation &op : body.without_terminator())
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
}
