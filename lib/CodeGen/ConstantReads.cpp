//===- ConstantReads.cpp - who reads a constant, and where ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ConstantReads.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#include <numeric>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Loads
//===----------------------------------------------------------------------===//

static bool hasKnownStrides(Value view) {
  SmallVector<int64_t> strides;
  int64_t offset;
  return succeeded(cast<MemRefType>(view.getType()).getStridesAndOffset(strides, offset)) &&
         llvm::none_of(strides, ShapedType::isDynamic);
}

static bool isLoad(Operation *op) {
  if (auto load = dyn_cast<vector::LoadOp>(op))
    return load.getVectorType().getRank() == 1 && !load.getVectorType().isScalable();
  return isa<memref::LoadOp>(op);
}

static void collect(Value view, ConstantReads &reads) {
  reads.areComplete &= hasKnownStrides(view);
  for (Operation *user : view.getUsers()) {
    if (isLoad(user))
      reads.loads.push_back(user);
    else if (isa<memref::SubViewOp, memref::CastOp, memref::ReinterpretCastOp,
                 memref::CollapseShapeOp, memref::ExpandShapeOp>(user))
      collect(user->getResult(0), reads);
    else
      reads.areComplete = false;
  }
}

ConstantReads tflc::findReads(ArrayRef<memref::GetGlobalOp> references) {
  ConstantReads reads;
  for (memref::GetGlobalOp reference : references) {
    reads.references.push_back(reference);
    collect(reference, reads);
  }
  return reads;
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

/// `start` plus the elements that `indices` skip in a view with those strides.
static Value addSteps(OpBuilder &builder, Location loc, Value start, Value view,
                      ArrayRef<OpFoldResult> indices) {
  SmallVector<int64_t> strides = cast<MemRefType>(view.getType()).getStridesAndOffset().first;
  Value sum = start;
  for (auto [index, stride] : llvm::zip_equal(indices, strides)) {
    Value value = getValueOrCreateConstantIndexOp(builder, loc, index);
    Value step = builder.createOrFold<arith::MulIOp>(
        loc, value, builder.createOrFold<arith::ConstantIndexOp>(loc, stride));
    sum = builder.createOrFold<arith::AddIOp>(loc, sum, step);
  }
  return sum;
}

/// Where a view begins in its constant.
static Value createStart(OpBuilder &builder, Location loc, Value view) {
  Operation *op = view.getDefiningOp();
  if (isa<memref::GetGlobalOp>(op))
    return arith::ConstantIndexOp::create(builder, loc, 0);
  if (auto cast = dyn_cast<memref::ReinterpretCastOp>(op))
    return getValueOrCreateConstantIndexOp(builder, loc, cast.getMixedOffsets()[0]);
  Value start = createStart(builder, loc, op->getOperand(0));
  if (auto part = dyn_cast<memref::SubViewOp>(op))
    return addSteps(builder, loc, start, part.getSource(), part.getMixedOffsets());
  return start;
}

Value tflc::createElementIndex(OpBuilder &builder, Operation *load) {
  Value view = load->getOperand(0);
  SmallVector<OpFoldResult> indices(load->getOperands().drop_front());
  Location loc = load->getLoc();
  return addSteps(builder, loc, createStart(builder, loc, view), view, indices);
}

int64_t tflc::getKnownDivisor(Value index) {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return std::abs(*constant);
  auto ofBoth = [](Value lhs, Value rhs) {
    return std::gcd(getKnownDivisor(lhs), getKnownDivisor(rhs));
  };
  if (auto argument = dyn_cast<BlockArgument>(index)) {
    auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
    return loop && loop.getInductionVar() == index ? ofBoth(loop.getLowerBound(), loop.getStep())
                                                   : 1;
  }
  Operation *op = index.getDefiningOp();
  if (isa<arith::AddIOp, arith::SubIOp>(op))
    return ofBoth(op->getOperand(0), op->getOperand(1));
  if (isa<arith::MulIOp>(op)) {
    int64_t product;
    return llvm::MulOverflow(getKnownDivisor(op->getOperand(0)), getKnownDivisor(op->getOperand(1)),
                             product)
               ? 1
               : product;
  }
  return 1;
}

/// Divides the terms of sums and the factors of products, so that no division is left where the
/// numbers are known.
Value tflc::divideExactly(OpBuilder &builder, Location loc, Value index, int64_t divisor) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  if (std::optional<int64_t> value = getConstantIntValue(index))
    return constant(*value / divisor);
  auto divides = [&](Value value) { return getKnownDivisor(value) % divisor == 0; };
  auto divide = [&](Value value) { return divideExactly(builder, loc, value, divisor); };
  if (auto sum = index.getDefiningOp<arith::AddIOp>())
    if (divides(sum.getLhs()) && divides(sum.getRhs()))
      return builder.createOrFold<arith::AddIOp>(loc, divide(sum.getLhs()), divide(sum.getRhs()));
  if (auto product = index.getDefiningOp<arith::MulIOp>())
    for (auto [factor, other] : {std::pair(product.getLhs(), product.getRhs()),
                                 std::pair(product.getRhs(), product.getLhs())})
      if (divides(factor))
        return builder.createOrFold<arith::MulIOp>(loc, divide(factor), other);
  return arith::DivUIOp::create(builder, loc, index, constant(divisor));
}

std::optional<int64_t> tflc::getKnownRest(Value index, int64_t divisor) {
  if (std::optional<int64_t> value = getConstantIntValue(index))
    return *value % divisor;
  if (getKnownDivisor(index) % divisor == 0)
    return 0;
  auto sum = index.getDefiningOp<arith::AddIOp>();
  if (!sum)
    return std::nullopt;
  std::optional<int64_t> lhs = getKnownRest(sum.getLhs(), divisor),
                         rhs = getKnownRest(sum.getRhs(), divisor);
  return lhs && rhs ? std::optional((*lhs + *rhs) % divisor) : std::nullopt;
}

int64_t tflc::countExecutions(Operation *op) {
  int64_t count = 1;
  for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>())
    if (std::optional<APInt> trips = loop.getStaticTripCount())
      count *= std::max<int64_t>(1, trips->getSExtValue());
  return count;
}
