//===- ExpandDotNEON.cpp - dot products of NEON ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ExpandDotNEON.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

static Value intrinsic(ImplicitLocOpBuilder &b, StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, result, b.getStringAttr(name), operands).getResult(0);
}

static Value slice(ImplicitLocOpBuilder &b, Value value, int64_t at, int64_t size) {
  return vector::ExtractStridedSliceOp::create(b, value, ArrayRef<int64_t>{at},
                                               ArrayRef<int64_t>{size}, ArrayRef<int64_t>{1});
}

/// SMULL, and SADALP adds neighbouring products to the sum. Where two products fit 16 bits together
/// the second one joins the first by SMLAL.
static Value sumProductsInAnyLane(ImplicitLocOpBuilder &b, tflrt::DotOp op) {
  auto type = cast<VectorType>(op.getType());
  int64_t size = cast<VectorType>(op.getLhs().getType()).getNumElements();
  auto products = VectorType::get(8, b.getI16Type());
  Value sum = op.getAcc(), pending;
  auto add = [&](Value terms) {
    sum = arith::AddIOp::create(b, sum,
                                intrinsic(b, "llvm.aarch64.neon.saddlp.v4i32.v8i16", type, terms));
  };
  for (int64_t at = 0; at < size; at += 8) {
    Value product = intrinsic(b, "llvm.aarch64.neon.smull.v8i16", products,
                              {slice(b, op.getLhs(), at, 8), slice(b, op.getRhs(), at, 8)});
    if (pending)
      product = arith::AddIOp::create(b, pending, product);
    pending = op.getSmallRhs() && !pending && at + 8 < size ? product : Value();
    if (!pending)
      add(product);
  }
  return sum;
}

Value tflc::expandDotForNEON(ImplicitLocOpBuilder &b, tflrt::DotOp op, StringRef dot) {
  auto type = cast<VectorType>(op.getType()), factors = cast<VectorType>(op.getLhs().getType());
  int64_t lanes = type.getNumElements(), group = factors.getNumElements() / lanes;
  if (type.getRank() != 1 || lanes != 4)
    return nullptr;
  bool bytes = factors.getElementType().isInteger(8);
  if (bytes && group == 4 && (dot == "sdot" || dot == "smmla")) {
    if (op.getLhsUnsigned())
      return intrinsic(b, "llvm.aarch64.neon.usdot.v4i32.v16i8", type,
                       {op.getAcc(), op.getLhs(), op.getRhs()});
    // A lane in every place is part of the instruction where it is the second factor.
    return intrinsic(b, "llvm.aarch64.neon.sdot.v4i32.v16i8", type,
                     {op.getAcc(), op.getRhs(), op.getLhs()});
  }
  if (op.getLhsUnsigned())
    return nullptr;
  if (bytes && op.getAnyLane() && factors.getNumElements() % 8 == 0)
    return sumProductsInAnyLane(b, op);
  if (!bytes && group == 1)
    return arith::AddIOp::create(
        b, op.getAcc(),
        intrinsic(b, "llvm.aarch64.neon.smull.v4i32", type, {op.getLhs(), op.getRhs()}));
  return nullptr;
}
