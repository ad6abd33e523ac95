//===- ExpandWords.cpp - products of words as instructions ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Schedule/Nest/Strategy.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDWORDS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using tflc::tflrt::MultiplyHighOp;
using tflc::tflrt::MultiplySignOp;

/// The instruction of SSSE3, AVX2 or AVX-512 for vectors of that many words; empty where there is
/// none.
static StringRef nameOnX86(Operation *op) {
  auto type = dyn_cast<VectorType>(op->getResult(0).getType());
  bool isSign = isa<MultiplySignOp>(op);
  switch (type ? type.getNumElements() : 1) {
  case 8:
    return isSign ? "llvm.x86.ssse3.psign.w.128" : "llvm.x86.ssse3.pmul.hr.sw.128";
  case 16:
    return isSign ? "llvm.x86.avx2.psign.w" : "llvm.x86.avx2.pmul.hr.sw";
  case 32:
    return isSign ? "" : "llvm.x86.avx512.pmul.hr.sw.512";
  default:
    return "";
  }
}

static Value splat(ImplicitLocOpBuilder &b, Type type, int64_t value) {
  auto number = b.getIntegerAttr(getElementTypeOrSelf(type), value);
  if (auto shaped = dyn_cast<ShapedType>(type))
    return arith::ConstantOp::create(b, DenseElementsAttr::get(shaped, number));
  return arith::ConstantOp::create(b, number);
}

static Value expandGenerically(ImplicitLocOpBuilder &b, MultiplyHighOp op) {
  Type wide = b.getI32Type();
  if (auto shaped = dyn_cast<ShapedType>(op.getType()))
    wide = shaped.clone(wide);
  Value lhs = arith::ExtSIOp::create(b, wide, op.getLhs());
  Value rhs = arith::ExtSIOp::create(b, wide, op.getRhs());
  Value sum = arith::AddIOp::create(b, arith::MulIOp::create(b, lhs, rhs).getResult(),
                                    splat(b, wide, 1 << 14));
  return arith::TruncIOp::create(b, op.getType(),
                                 arith::ShRSIOp::create(b, sum, splat(b, wide, 15)).getResult());
}

static Value expandGenerically(ImplicitLocOpBuilder &b, MultiplySignOp op) {
  Value zero = splat(b, op.getType(), 0), sign = op.getRhs();
  Value isNegative = arith::CmpIOp::create(b, arith::CmpIPredicate::slt, sign, zero);
  Value isZero = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, sign, zero);
  Value negated = arith::SubIOp::create(b, zero, op.getLhs());
  Value result = arith::SelectOp::create(b, isNegative, negated, op.getLhs());
  return arith::SelectOp::create(b, isZero, zero, result);
}

namespace {
struct ExpandWordsPass : tflc::impl::ExpandWordsBase<ExpandWordsPass> {
  void runOnOperation() override {
    bool hasInstructions = tflc::multipliesWordsHigh(tflc::getTarget(getOperation()));
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<MultiplyHighOp, MultiplySignOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      ImplicitLocOpBuilder b(op->getLoc(), op);
      StringRef name = hasInstructions ? nameOnX86(op) : "";
      Value result;
      if (!name.empty())
        result = LLVM::CallIntrinsicOp::create(b, op->getResult(0).getType(), b.getStringAttr(name),
                                               op->getOperands())
                     .getResult(0);
      else if (auto high = dyn_cast<MultiplyHighOp>(op))
        result = expandGenerically(b, high);
      else
        result = expandGenerically(b, cast<MultiplySignOp>(op));
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    }
  }
};
} // namespace
