//===- AArch64.cpp - instructions of 64 bit ARM ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"
#include "RescaleQuads.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

namespace {

class AArch64Instructions : public Instructions {
public:
  using Instructions::Instructions;

  Value dot(Builder &b, DotOp op) const override;
  Value dotMatrix(Builder &b, DotMatrixOp op) const override;
  unsigned lookupLanes(int64_t total) const override {
    return target.instructions.looksUp() ? 16 : 0;
  }
  Value lookUp(Builder &b, ArrayRef<int8_t> table, Value indices) const override;
  Value multiplyWords(Builder &b, Operation *op) const override;
  Value rescale(Builder &b, RescaleOp op, RescaleBounds bounds) const override;
  Value narrow(Builder &b, const Narrowing &narrowing) const override;

private:
  Value sumProductsInAnyLane(Builder &b, DotOp op) const;
  Value rescaleSingle(Builder &b, Value x, Value multiplier, Value shift) const;
};

} // namespace

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

Value AArch64Instructions::dot(Builder &b, DotOp op) const {
  auto type = dyn_cast<VectorType>(op.getType());
  if (!type || type.getRank() != 1 || type.getNumElements() != 4 ||
      !target.instructions.hasLaneProducts)
    return nullptr;
  auto factors = cast<VectorType>(op.getLhs().getType());
  int64_t group = factors.getNumElements() / 4;
  bool bytes = factors.getElementType().isInteger(8);
  if (bytes && group == 4 && target.instructions.dot->bytesInLane(op.getLhsUnsigned()) == 4) {
    if (op.getLhsUnsigned())
      return call(b, "llvm.aarch64.neon.usdot.v4i32.v16i8", type,
                  {op.getAcc(), op.getLhs(), op.getRhs()});
    // A lane in every place is part of the instruction where it is the second factor.
    return call(b, "llvm.aarch64.neon.sdot.v4i32.v16i8", type,
                {op.getAcc(), op.getRhs(), op.getLhs()});
  }
  if (op.getLhsUnsigned())
    return nullptr;
  if (bytes && op.getAnyLane() && factors.getNumElements() % 8 == 0)
    return sumProductsInAnyLane(b, op);
  if (!bytes && group == 1)
    return arith::AddIOp::create(
        b, op.getAcc(), call(b, "llvm.aarch64.neon.smull.v4i32", type, {op.getLhs(), op.getRhs()}));
  return nullptr;
}

/// SMULL, and SADALP adds neighbouring products to the sum. Where two products fit 16 bits together
/// the second one joins the first by SMLAL.
Value AArch64Instructions::sumProductsInAnyLane(Builder &b, DotOp op) const {
  auto type = cast<VectorType>(op.getType());
  int64_t size = cast<VectorType>(op.getLhs().getType()).getNumElements();
  auto products = VectorType::get(8, b.getI16Type());
  Value sum = op.getAcc(), pending;
  auto add = [&](Value terms) {
    sum =
        arith::AddIOp::create(b, sum, call(b, "llvm.aarch64.neon.saddlp.v4i32.v8i16", type, terms));
  };
  for (int64_t at = 0; at < size; at += 8) {
    Value product = call(b, "llvm.aarch64.neon.smull.v8i16", products,
                         {slice(b, op.getLhs(), at, 8), slice(b, op.getRhs(), at, 8)});
    if (pending)
      product = arith::AddIOp::create(b, pending, product);
    pending = op.getSmallRhs() && !pending && at + 8 < size ? product : Value();
    if (!pending)
      add(product);
  }
  return sum;
}

Value AArch64Instructions::dotMatrix(Builder &b, DotMatrixOp op) const {
  if (!target.instructions.dot->hasMatrix)
    return nullptr;
  return call(b, "llvm.aarch64.neon.smmla.v4i32.v16i8", op.getType(),
              {op.getAcc(), op.getLhs(), op.getRhs()});
}

/// SQRDMULH.
Value AArch64Instructions::multiplyWords(Builder &b, Operation *op) const {
  if (target.vectorBits == 0)
    return nullptr;
  return multiplyHighInEights(b, op, "llvm.aarch64.neon.sqrdmulh.v8i16");
}

//===----------------------------------------------------------------------===//
// Look-ups
//===----------------------------------------------------------------------===//

/// TBL gives 0 for indices beyond its 64 bytes, TBX leaves the lane as it was.
Value AArch64Instructions::lookUp(Builder &b, ArrayRef<int8_t> table, Value indices) const {
  auto type = cast<VectorType>(indices.getType());
  Value result;
  for (unsigned start = 0; start < 256; start += 64) {
    SmallVector<Value> operands;
    if (result)
      operands.push_back(result);
    for (unsigned row = 0; row < 64; row += 16)
      operands.push_back(
          arith::ConstantOp::create(b, DenseElementsAttr::get(type, table.slice(start + row, 16))));
    operands.push_back(
        start ? arith::SubIOp::create(b, indices, splat(b, type, int8_t(start))).getResult()
              : indices);
    result = call(b, result ? "llvm.aarch64.neon.tbx4.v16i8" : "llvm.aarch64.neon.tbl4.v16i8", type,
                  operands);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Rescaling
//===----------------------------------------------------------------------===//

/// The products in 64 bits, both halves apart, shifted by 31 - shift.
Value AArch64Instructions::rescaleSingle(Builder &b, Value x, Value multiplier, Value shift) const {
  auto quad = cast<VectorType>(x.getType());
  auto narrow = VectorType::get(2, b.getI32Type()), wide = VectorType::get(2, b.getI64Type());
  Value distance = b.createOrFold<arith::SubIOp>(shift, splat(b, quad, 31));
  SmallVector<Value, 2> halves;
  for (int64_t at : {0, 2}) {
    Value product = call(b, "llvm.aarch64.neon.smull.v2i64", wide,
                         {slice(b, x, at, 2), slice(b, multiplier, at, 2)});
    Value by = b.createOrFold<arith::ExtSIOp>(wide, slice(b, distance, at, 2));
    Value shifted = call(b, "llvm.aarch64.neon.srshl.v2i64", wide, {product, by});
    halves.push_back(b.createOrFold<arith::TruncIOp>(narrow, shifted));
  }
  return vector::ShuffleOp::create(b, halves[0], halves[1], ArrayRef<int64_t>{0, 1, 2, 3});
}

/// Twice by SQRDMULH and SRSHL, or once.
Value AArch64Instructions::rescale(Builder &b, RescaleOp op, RescaleBounds bounds) const {
  if (op.getRounding() == Rounding::Reduced)
    return nullptr;
  return rescaleInQuads(b, op, [&](Value x, Value multiplier, Value shift) {
    if (op.getRounding() == Rounding::Single)
      return rescaleSingle(b, x, multiplier, shift);
    auto binary = [&](const char *intrinsic) {
      return [&b, intrinsic](Value lhs, Value rhs) {
        return call(b, intrinsic, lhs.getType(), {lhs, rhs});
      };
    };
    return rescaleTwice(
        b, bounds, x, multiplier, shift,
        {binary("llvm.aarch64.neon.sqrdmulh.v4i32"), binary("llvm.aarch64.neon.srshl.v4i32")});
  });
}

//===----------------------------------------------------------------------===//
// Narrowing
//===----------------------------------------------------------------------===//

/// SQXTN narrows with saturation; LLVM finds it in a clamp and a truncation.
Value AArch64Instructions::narrow(Builder &b, const Narrowing &narrowing) const {
  VectorType type = narrowing.type;
  if (type.getNumElements() % 8 != 0 || narrowing.low < INT8_MIN || narrowing.high > INT8_MAX)
    return nullptr;
  auto half = VectorType::get(type.getShape(), b.getI16Type());
  auto saturate = [&](Value value, VectorType to) -> Value {
    auto from = cast<VectorType>(value.getType());
    int64_t limit = (int64_t(1) << (to.getElementTypeBitWidth() - 1)) - 1;
    value = arith::MaxSIOp::create(b, value, splat(b, from, -limit - 1));
    value = arith::MinSIOp::create(b, value, splat(b, from, limit));
    return arith::TruncIOp::create(b, to, value);
  };
  Value value = saturate(narrowing.input, half);
  if (narrowing.zeroPoint != 0)
    value = LLVM::SAddSat::create(b, half, value, splat(b, half, narrowing.zeroPoint));
  value = saturate(value, type);
  if (narrowing.low > INT8_MIN)
    value = arith::MaxSIOp::create(b, value, splat(b, type, narrowing.low));
  if (narrowing.high < INT8_MAX)
    value = arith::MinSIOp::create(b, value, splat(b, type, narrowing.high));
  return value;
}

std::unique_ptr<Instructions> tflc::createAArch64Instructions(const TargetInfo &target) {
  return std::make_unique<AArch64Instructions>(target);
}
