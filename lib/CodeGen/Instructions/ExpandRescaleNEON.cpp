//===- ExpandRescaleNEON.cpp - rescaling of NEON vectors ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// SQRDMULH is the first rounding of `double` as gemmlowp defines it: the product doubled, half of
// 2^32 added, the upper half taken, INT32_MIN squared saturated. SRSHL by a negative distance -r is
// floor((h + 2^(r - 1)) / 2^r) without overflow: halves go up. The second rounding takes halves
// away from zero, which for negative h is the same with h - 1.
//
//===----------------------------------------------------------------------===//

#include "ExpandRescaleNEON.h"
#include "TargetTriple.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

namespace {

/// Emits the code for one register of four lanes.
class QuadExpander {
public:
  QuadExpander(ImplicitLocOpBuilder &b, RescaleOp op, RescaleBounds bounds)
      : b(b), op(op), bounds(bounds), quad(VectorType::get(4, b.getI32Type())) {}

  Value expand(Value x, Value multiplier, Value shift) {
    if (op.getRounding() == Rounding::Double)
      return expandDouble(x, multiplier, shift);
    return expandSingle(x, multiplier, shift);
  }

private:
  Value call(StringRef name, Type type, ValueRange operands) {
    return LLVM::CallIntrinsicOp::create(b, type, b.getStringAttr(name), operands).getResult(0);
  }
  Value splat(int64_t value, VectorType type) {
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(type, b.getIntegerAttr(type.getElementType(), value)));
  }
  template <typename OpTy> Value emit(Value lhs, Value rhs) {
    return b.createOrFold<OpTy>(lhs, rhs);
  }

  Value expandDouble(Value x, Value multiplier, Value shift) {
    Value zero = splat(0, quad);
    if (bounds.maxShift > 0)
      x = emit<arith::ShLIOp>(x, emit<arith::MaxSIOp>(shift, zero));
    Value high = call("llvm.aarch64.neon.sqrdmulh.v4i32", quad, {x, multiplier});
    if (bounds.minShift >= 0)
      return high;
    Value sign = high;
    if (bounds.maxShift >= 0) {
      // Lanes without a shift to the right stay as they are.
      shift = emit<arith::MinSIOp>(shift, zero);
      sign = emit<arith::AndIOp>(high, shift);
    }
    Value adjusted = emit<arith::AddIOp>(high, emit<arith::ShRSIOp>(sign, splat(31, quad)));
    return call("llvm.aarch64.neon.srshl.v4i32", quad, {adjusted, shift});
  }

  /// The products in 64 bits, both halves apart, shifted by 31 - shift.
  Value expandSingle(Value x, Value multiplier, Value shift) {
    auto narrow = VectorType::get(2, b.getI32Type()), wide = VectorType::get(2, b.getI64Type());
    Value distance = emit<arith::SubIOp>(shift, splat(31, quad));
    SmallVector<Value, 2> halves;
    for (int64_t at : {0, 2}) {
      auto half = [&](Value value) { return slice(value, at, 2); };
      Value product = call("llvm.aarch64.neon.smull.v2i64", wide, {half(x), half(multiplier)});
      Value by = b.createOrFold<arith::ExtSIOp>(wide, half(distance));
      Value shifted = call("llvm.aarch64.neon.srshl.v2i64", wide, {product, by});
      halves.push_back(b.createOrFold<arith::TruncIOp>(narrow, shifted));
    }
    return vector::ShuffleOp::create(b, halves[0], halves[1], ArrayRef<int64_t>{0, 1, 2, 3});
  }

  Value slice(Value value, int64_t at, int64_t size) {
    return vector::ExtractStridedSliceOp::create(b, value, ArrayRef<int64_t>{at},
                                                 ArrayRef<int64_t>{size}, ArrayRef<int64_t>{1});
  }

  ImplicitLocOpBuilder &b;
  RescaleOp op;
  RescaleBounds bounds;
  VectorType quad;
};

} // namespace

bool tflc::hasRescaleOfNEON(RescaleOp op) {
  auto type = dyn_cast<VectorType>(op.getType());
  auto input = dyn_cast<VectorType>(op.getInput().getType());
  if (!type || !input || type.getRank() != 1 || type.isScalable() ||
      type.getNumElements() % 4 != 0 || !input.getElementType().isInteger(32) ||
      op.getRounding() == Rounding::Reduced)
    return false;
  return isTripleOfAArch64(getTargetTriple(op));
}

Value tflc::expandRescaleForNEON(RescaleOp op, RescaleBounds bounds, OpBuilder &builder) {
  ImplicitLocOpBuilder b(op.getLoc(), builder);
  auto type = cast<VectorType>(op.getType());
  Value shift = op.getShift();
  if (!getElementTypeOrSelf(shift).isInteger(32))
    shift = b.createOrFold<arith::ExtSIOp>(type, shift);
  QuadExpander expander(b, op, bounds);
  if (type.getNumElements() == 4)
    return expander.expand(op.getInput(), op.getMultiplier(), shift);
  Value result = arith::ConstantOp::create(b, b.getZeroAttr(type));
  for (int64_t at = 0; at < type.getNumElements(); at += 4) {
    auto slice = [&](Value value) -> Value {
      return vector::ExtractStridedSliceOp::create(b, value, ArrayRef<int64_t>{at},
                                                   ArrayRef<int64_t>{4}, ArrayRef<int64_t>{1});
    };
    Value part = expander.expand(slice(op.getInput()), slice(op.getMultiplier()), slice(shift));
    result = vector::InsertStridedSliceOp::create(b, part, result, ArrayRef<int64_t>{at},
                                                  ArrayRef<int64_t>{1});
  }
  return result;
}
