//===- ExpandDot.cpp - dot products in the target's instruction -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ExpandDotNEON.h"
#include "Schedule/Nest/Strategy.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDDOT
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using tflc::tflrt::DotOp;

namespace {

Value intrinsic(ImplicitLocOpBuilder &b, StringRef name, Type result, ValueRange operands) {
  return LLVM::CallIntrinsicOp::create(b, result, b.getStringAttr(name), operands).getResult(0);
}

/// Two halfwords in a word, the first one below. Without vector registers LLVM would build a vector
/// in memory.
Value packPair(ImplicitLocOpBuilder &b, Value pair) {
  Value word;
  for (int64_t i = 0; i < 2; ++i) {
    Value element = b.createOrFold<vector::ExtractOp>(pair, i);
    Value half = arith::ExtUIOp::create(b, b.getI32Type(), element);
    if (i == 1)
      half = arith::ShLIOp::create(b, half, arith::ConstantIntOp::create(b, 16, 32));
    word = word ? arith::OrIOp::create(b, word, half).getResult() : half;
  }
  return word;
}

/// All products into one general register, or null.
Value expandToScalar(ImplicitLocOpBuilder &b, DotOp op, const tflc::TargetInfo &target) {
  auto factors = cast<VectorType>(op.getLhs().getType());
  if (target.dot == "smlad" && factors.getNumElements() == 2 &&
      factors.getElementType().isInteger(16) && !op.getLhsUnsigned())
    return intrinsic(b, "llvm.arm.smlad", op.getType(),
                     {packPair(b, op.getLhs()), packPair(b, op.getRhs()), op.getAcc()});
  if (target.dot != "mve" || op.getLhsUnsigned() || factors.getNumElements() != 16 ||
      !factors.getElementType().isInteger(8))
    return nullptr;
  // Signed, added, not exchanged.
  Value no = arith::ConstantIntOp::create(b, 0, 32);
  return intrinsic(b, "llvm.arm.mve.vmldava", op.getType(),
                   {no, no, no, op.getAcc(), op.getLhs(), op.getRhs()});
}

/// Four unsigned by four signed bytes in each lane: VPMADDUBSW where no sum of two products
/// saturates, otherwise those at even and at odd places as words. Null for vectors of other sizes.
Value expandToWords(ImplicitLocOpBuilder &b, DotOp op, const tflc::TargetInfo &target) {
  auto type = cast<VectorType>(op.getResult().getType());
  auto words = VectorType::get(2 * type.getNumElements(), b.getI16Type());
  StringRef multiplyBytes, multiplyWords;
  switch (type.getNumElements()) {
  case 4:
    multiplyBytes = "llvm.x86.ssse3.pmadd.ub.sw.128", multiplyWords = "llvm.x86.sse2.pmadd.wd";
    break;
  case 8:
    multiplyBytes = "llvm.x86.avx2.pmadd.ub.sw", multiplyWords = "llvm.x86.avx2.pmadd.wd";
    break;
  case 16:
    multiplyBytes = "llvm.x86.avx512.pmaddubs.w.512",
    multiplyWords = "llvm.x86.avx512.pmaddw.d.512";
    break;
  default:
    return nullptr;
  }
  auto splat = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        b, DenseElementsAttr::get(words, b.getI16IntegerAttr(static_cast<int16_t>(value))));
  };
  if (op.getSmallPairs() && target.hasBytePairs) {
    Value pairs = intrinsic(b, multiplyBytes, words, {op.getLhs(), op.getRhs()});
    return arith::AddIOp::create(b, op.getAcc(),
                                 intrinsic(b, multiplyWords, type, {pairs, splat(1)}));
  }
  Value lhs = vector::BitCastOp::create(b, words, op.getLhs());
  Value rhs = vector::BitCastOp::create(b, words, op.getRhs()), byte = splat(8);
  Value even =
      intrinsic(b, multiplyWords, type,
                {arith::AndIOp::create(b, lhs, splat(0xff)),
                 arith::ShRSIOp::create(b, arith::ShLIOp::create(b, rhs, byte).getResult(), byte)});
  Value odd =
      intrinsic(b, multiplyWords, type,
                {arith::ShRUIOp::create(b, lhs, byte), arith::ShRSIOp::create(b, rhs, byte)});
  return arith::AddIOp::create(b, arith::AddIOp::create(b, op.getAcc(), even), odd);
}

/// The instruction that does exactly this, or null.
Value expandNatively(ImplicitLocOpBuilder &b, DotOp op, const tflc::TargetInfo &target) {
  auto factors = cast<VectorType>(op.getLhs().getType());
  if (op.getType().isInteger(32))
    return expandToScalar(b, op, target);
  auto type = cast<VectorType>(op.getResult().getType());
  int64_t lanes = type.getNumElements(), group = factors.getNumElements() / lanes;
  bool bytes = factors.getElementType().isInteger(8);
  StringRef dot = target.dot;
  SmallVector<Value> operands{op.getAcc(), op.getLhs(), op.getRhs()};
  if (bytes && group == 4 && op.getLhsUnsigned() && (dot == "vnni512" || dot == "avxvnni")) {
    if (lanes == 16 && dot == "vnni512")
      return intrinsic(b, "llvm.x86.avx512.vpdpbusd.512", type, operands);
    if (lanes == 8)
      return intrinsic(b, "llvm.x86.avx512.vpdpbusd.256", type, operands);
    if (lanes == 4)
      return intrinsic(b, "llvm.x86.avx512.vpdpbusd.128", type, operands);
  }
  if (target.hasLaneProducts)
    return tflc::expandDotForNEON(b, op, dot);
  if (!bytes && group == 2 && tflc::addsWordPairs(target)) {
    StringRef name = lanes == 4    ? "llvm.x86.sse2.pmadd.wd"
                     : lanes == 8  ? "llvm.x86.avx2.pmadd.wd"
                     : lanes == 16 ? "llvm.x86.avx512.pmaddw.d.512"
                                   : "";
    if (!name.empty())
      return arith::AddIOp::create(b, op.getAcc(),
                                   intrinsic(b, name, type, {op.getLhs(), op.getRhs()}));
  }
  if (bytes && group == 4 && op.getLhsUnsigned() && dot == "maddwd")
    return expandToWords(b, op, target);
  return nullptr;
}

/// Shuffles, extensions and multiplies.
Value expandGenerically(ImplicitLocOpBuilder &b, DotOp op) {
  if (op.getType().isInteger(32)) {
    auto extend = [&](Value value, bool isUnsigned) -> Value {
      return isUnsigned ? arith::ExtUIOp::create(b, op.getType(), value).getResult()
                        : arith::ExtSIOp::create(b, op.getType(), value);
    };
    Value sum = op.getAcc();
    for (int64_t g = 0, e = cast<VectorType>(op.getLhs().getType()).getNumElements(); g < e; ++g) {
      Value lhs = vector::ExtractOp::create(b, op.getLhs(), g);
      Value rhs = vector::ExtractOp::create(b, op.getRhs(), g);
      sum = arith::AddIOp::create(
          b, sum, arith::MulIOp::create(b, extend(lhs, op.getLhsUnsigned()), extend(rhs, false)));
    }
    return sum;
  }
  auto type = cast<VectorType>(op.getResult().getType());
  int64_t lanes = type.getNumElements();
  int64_t group = cast<VectorType>(op.getLhs().getType()).getNumElements() / lanes;
  Value sum = op.getAcc();
  for (int64_t g = 0; g < group; ++g) {
    SmallVector<int64_t> pick;
    for (int64_t lane = 0; lane < lanes; ++lane)
      pick.push_back(lane * group + g);
    Value lhs = vector::ShuffleOp::create(b, op.getLhs(), op.getLhs(), pick);
    Value rhs = vector::ShuffleOp::create(b, op.getRhs(), op.getRhs(), pick);
    lhs = op.getLhsUnsigned() ? arith::ExtUIOp::create(b, type, lhs).getResult()
                              : arith::ExtSIOp::create(b, type, lhs).getResult();
    rhs = arith::ExtSIOp::create(b, type, rhs);
    sum = arith::AddIOp::create(b, sum, arith::MulIOp::create(b, lhs, rhs));
  }
  return sum;
}

struct ExpandDotPass : tflc::impl::ExpandDotBase<ExpandDotPass> {
  void runOnOperation() override {
    tflc::TargetInfo target = tflc::getTarget(getOperation());
    getOperation().walk([&](DotOp op) {
      ImplicitLocOpBuilder b(op.getLoc(), op);
      Value result = expandNatively(b, op, target);
      op.replaceAllUsesWith(result ? result : expandGenerically(b, op));
      op.erase();
    });
  }
};

} // namespace
