//===- ExpandIntegers.cpp - no calls for integer arithmetic ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Runs after all optimizations, which would otherwise recognise the expanded forms and undo them.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/IntegerDivision.h"

using namespace llvm;
using namespace tflc;

namespace {
/// Splits 64 bit values for machines whose registers have 32.
struct WideBuilder : IRBuilder<> {
  using IRBuilder::IRBuilder;

  Value *low(Value *wide) { return CreateTrunc(wide, getInt32Ty()); }
  Value *high(Value *wide) { return CreateTrunc(CreateLShr(wide, 32), getInt32Ty()); }
  Value *join(Value *low, Value *high) {
    Value *upper = CreateShl(CreateZExt(high, getInt64Ty()), 32);
    return CreateOr(upper, CreateZExt(low, getInt64Ty()));
  }
};
} // namespace

/// 32 x 32 -> 64 bits from four products of halves.
static Value *multiplyLong(WideBuilder &b, Value *x, Value *y) {
  Value *mask = b.getInt32(0xffff);
  Value *x0 = b.CreateAnd(x, mask), *x1 = b.CreateLShr(x, 16);
  Value *y0 = b.CreateAnd(y, mask), *y1 = b.CreateLShr(y, 16);
  Value *p00 = b.CreateMul(x0, y0), *p01 = b.CreateMul(x0, y1);
  Value *p10 = b.CreateMul(x1, y0), *p11 = b.CreateMul(x1, y1);
  // Neither sum overflows: a product of halves is at most (2^16 - 1)^2.
  Value *middle = b.CreateAdd(p10, b.CreateLShr(p00, 16));
  Value *carry = b.CreateAdd(p01, b.CreateAnd(middle, mask));
  Value *high = b.CreateAdd(p11, b.CreateAdd(b.CreateLShr(middle, 16), b.CreateLShr(carry, 16)));
  Value *low = b.CreateOr(b.CreateShl(carry, 16), b.CreateAnd(p00, mask));
  return b.join(low, high);
}

static Value *expandMultiply(BinaryOperator &op) {
  WideBuilder b(&op);
  Value *x = op.getOperand(0), *y = op.getOperand(1);
  Value *xLow = b.low(x), *yLow = b.low(y);
  Value *product = multiplyLong(b, xLow, yLow);
  Value *cross = b.CreateAdd(b.CreateMul(xLow, b.high(y)), b.CreateMul(b.high(x), yLow));
  return b.CreateAdd(product, b.CreateShl(b.CreateZExt(cross, b.getInt64Ty()), 32));
}

/// A shift by an amount that is not constant. Amounts from 32 on move one half into the other.
static Value *expandShift(BinaryOperator &op) {
  WideBuilder b(&op);
  Value *x = op.getOperand(0);
  Value *amount = b.low(op.getOperand(1));
  Value *low = b.low(x), *high = b.high(x);
  Value *isFar = b.CreateICmpUGE(amount, b.getInt32(32));
  Value *near = b.CreateAnd(amount, 31);
  // Shifting by one first avoids the undefined shift by 32 where the amount is zero.
  Value *back = b.CreateXor(near, b.getInt32(31));
  Value *zero = b.getInt32(0);
  if (op.getOpcode() == Instruction::Shl) {
    Value *carried = b.CreateLShr(b.CreateLShr(low, 1), back);
    Value *nearHigh = b.CreateOr(b.CreateShl(high, near), carried);
    Value *nearLow = b.CreateShl(low, near);
    return b.join(b.CreateSelect(isFar, zero, nearLow), b.CreateSelect(isFar, nearLow, nearHigh));
  }
  bool isSigned = op.getOpcode() == Instruction::AShr;
  auto shift = [&](Value *value, Value *by) {
    return isSigned ? b.CreateAShr(value, by) : b.CreateLShr(value, by);
  };
  Value *carried = b.CreateShl(b.CreateShl(high, 1), back);
  Value *nearLow = b.CreateOr(b.CreateLShr(low, near), carried);
  Value *nearHigh = shift(high, near);
  Value *fill = isSigned ? b.CreateAShr(high, 31) : zero;
  return b.join(b.CreateSelect(isFar, nearHigh, nearLow), b.CreateSelect(isFar, fill, nearHigh));
}

/// The number of leading zeros by halving what is left.
static Value *countLeadingZeros(IRBuilder<> &b, Value *x) {
  Value *count = b.getInt32(32);
  for (unsigned step : {16, 8, 4, 2, 1}) {
    Value *upper = b.CreateLShr(x, step);
    Value *isZero = b.CreateICmpEQ(upper, b.getInt32(0));
    count = b.CreateSelect(isZero, count, b.CreateSub(count, b.getInt32(step)));
    x = b.CreateSelect(isZero, x, upper);
  }
  return b.CreateSub(count, x); // one or zero is left
}

static Value *expandLeadingZeros(IntrinsicInst &op) {
  WideBuilder b(&op);
  Value *x = op.getArgOperand(0);
  if (x->getType()->isIntegerTy(32))
    return countLeadingZeros(b, x);
  Value *high = b.high(x);
  Value *lowCount = b.CreateAdd(countLeadingZeros(b, b.low(x)), b.getInt32(32));
  Value *count =
      b.CreateSelect(b.CreateICmpEQ(high, b.getInt32(0)), lowCount, countLeadingZeros(b, high));
  return b.CreateZExt(count, x->getType());
}

/// One lane at a time, as code generation would do it, but visible to the expansions of scalars.
static void scalarize(BinaryOperator *op, SmallVectorImpl<BinaryOperator *> &scalars) {
  auto *type = cast<FixedVectorType>(op->getType());
  IRBuilder<> b(op);
  Value *result = PoisonValue::get(type);
  for (unsigned i = 0, e = type->getNumElements(); i != e; ++i) {
    Value *lane = b.CreateBinOp(op->getOpcode(), b.CreateExtractElement(op->getOperand(0), i),
                                b.CreateExtractElement(op->getOperand(1), i));
    if (auto *scalar = dyn_cast<BinaryOperator>(lane))
      scalars.push_back(scalar);
    result = b.CreateInsertElement(result, lane, i);
  }
  op->replaceAllUsesWith(result);
  op->eraseFromParent();
}

static bool isDivision(const Instruction &op) {
  return op.getOpcode() == Instruction::SDiv || op.getOpcode() == Instruction::UDiv ||
         op.getOpcode() == Instruction::SRem || op.getOpcode() == Instruction::URem;
}

static bool isPowerOfTwo(const Value *value) {
  const auto *constant = dyn_cast<ConstantInt>(value);
  return constant && constant->getValue().isPowerOf2();
}

/// Whether code generation would call a function for this operation.
static bool needsCall(const BinaryOperator &op, const TargetInfo &target) {
  unsigned bits = op.getType()->getScalarSizeInBits();
  unsigned word = target.pointerBits;
  if (bits > 64)
    return false;
  if (isDivision(op)) {
    if (op.getType()->isVectorTy())
      return !target.hasDivide || bits > word;
    if (isPowerOfTwo(op.getOperand(1)))
      return false;
    // A constant divisor becomes a long multiplication.
    if (isa<ConstantInt>(op.getOperand(1)) && bits <= word && target.hasWideMultiply)
      return false;
    return !target.hasDivide || bits > word;
  }
  if (op.getType()->isVectorTy() || bits <= word || bits <= 32)
    return false;
  if (op.getOpcode() == Instruction::Mul)
    return !target.hasWideMultiply;
  if (op.isShift())
    return !target.hasWideMultiply && !isa<ConstantInt>(op.getOperand(1));
  return false;
}

static void expandDivisionOperation(BinaryOperator *op) {
  bool isRemainder = op->getOpcode() == Instruction::SRem || op->getOpcode() == Instruction::URem;
  unsigned bits = op->getType()->getIntegerBitWidth();
  if (bits <= 32)
    isRemainder ? expandRemainderUpTo32Bits(op) : expandDivisionUpTo32Bits(op);
  else
    isRemainder ? expandRemainderUpTo64Bits(op) : expandDivisionUpTo64Bits(op);
}

/// The code of an expanded division holds shifts and counts of leading zeros, which the smallest
/// cores lack, too.
static void expandSmallCore(Function &function, const TargetInfo &target) {
  SmallVector<Instruction *> found;
  for (Instruction &instruction : instructions(function)) {
    auto *op = dyn_cast<BinaryOperator>(&instruction);
    auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction);
    bool isCount = intrinsic && intrinsic->getIntrinsicID() == Intrinsic::ctlz &&
                   (intrinsic->getType()->isIntegerTy(32) || intrinsic->getType()->isIntegerTy(64));
    if (isCount || (op && !isDivision(*op) && needsCall(*op, target)))
      found.push_back(&instruction);
  }
  for (Instruction *instruction : found) {
    auto *op = dyn_cast<BinaryOperator>(instruction);
    Value *expanded = !op             ? expandLeadingZeros(cast<IntrinsicInst>(*instruction))
                      : op->isShift() ? expandShift(*op)
                                      : expandMultiply(*op);
    instruction->replaceAllUsesWith(expanded);
    instruction->eraseFromParent();
  }
}

void tflc::expandIntegerOperations(Module &module, const TargetInfo &target) {
  if (target.pointerBits == 64 && target.hasDivide)
    return;
  for (Function &function : module) {
    SmallVector<BinaryOperator *> scalars, vectors;
    for (Instruction &instruction : instructions(function))
      if (auto *op = dyn_cast<BinaryOperator>(&instruction); op && needsCall(*op, target))
        (isa<FixedVectorType>(op->getType()) ? vectors : scalars).push_back(op);
    for (BinaryOperator *op : vectors)
      scalarize(op, scalars);
    for (BinaryOperator *op : scalars) {
      if (isDivision(*op) && needsCall(*op, target))
        expandDivisionOperation(op);
    }
    if (!target.hasWideMultiply)
      expandSmallCore(function, target);
  }
}
