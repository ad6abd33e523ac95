//===- ExpandWords.cpp - products of words as instructions ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDWORDS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using tflc::tflrt::MultiplyHighOp;
using tflc::tflrt::MultiplySignOp;

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

/// Whether a vector of bytes becomes one of words.
static bool extendsBytes(Operation *op) {
  if (!isa<arith::ExtSIOp, arith::ExtUIOp>(op))
    return false;
  auto to = dyn_cast<VectorType>(op->getResult(0).getType());
  return to && to.getRank() == 1 && to.getElementType().isInteger(16) &&
         getElementTypeOrSelf(op->getOperand(0)).isInteger(8);
}

namespace {
struct ExpandWordsPass : tflc::impl::ExpandWordsBase<ExpandWordsPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    auto instructions = tflc::Instructions::create(*target);
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<MultiplyHighOp, MultiplySignOp>(op) || extendsBytes(op))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      ImplicitLocOpBuilder b(op->getLoc(), op);
      if (extendsBytes(op)) {
        if (Value words =
                instructions->extendBytes(b, op->getOperand(0), isa<arith::ExtUIOp>(op))) {
          op->getResult(0).replaceAllUsesWith(words);
          op->erase();
        }
        continue;
      }
      Value result = instructions->multiplyWords(b, op);
      if (auto high = dyn_cast<MultiplyHighOp>(op); high && !result)
        result = expandGenerically(b, high);
      else if (!result)
        result = expandGenerically(b, cast<MultiplySignOp>(op));
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    }
  }
};
} // namespace
