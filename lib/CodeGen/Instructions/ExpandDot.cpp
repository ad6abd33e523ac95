//===- ExpandDot.cpp - dot products in the target's instruction -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDDOT
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc::tflrt;

namespace {

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

Value expandGenerically(ImplicitLocOpBuilder &b, DotMatrixOp op) {
  Value sum = op.getAcc();
  for (int64_t g = 0; g < 8; ++g) {
    Value lhs = vector::ShuffleOp::create(b, op.getLhs(), op.getLhs(),
                                          ArrayRef<int64_t>{g, g, 8 + g, 8 + g});
    Value rhs = vector::ShuffleOp::create(b, op.getRhs(), op.getRhs(),
                                          ArrayRef<int64_t>{g, 8 + g, g, 8 + g});
    lhs = arith::ExtSIOp::create(b, op.getType(), lhs);
    rhs = arith::ExtSIOp::create(b, op.getType(), rhs);
    sum = arith::AddIOp::create(b, sum, arith::MulIOp::create(b, lhs, rhs));
  }
  return sum;
}

struct ExpandDotPass : tflc::impl::ExpandDotBase<ExpandDotPass> {
  void runOnOperation() override {
    FailureOr<tflc::TargetInfo> target = tflc::getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    auto instructions = tflc::Instructions::create(*target);
    WalkResult result = getOperation().walk([&](Operation *op) {
      ImplicitLocOpBuilder b(op->getLoc(), op);
      SmallVector<Value> results;
      if (auto dot = dyn_cast<DotOp>(op)) {
        Value sum = instructions->dot(b, dot);
        results.push_back(sum ? sum : expandGenerically(b, dot));
      } else if (auto matrix = dyn_cast<DotMatrixOp>(op)) {
        Value sums = instructions->dotMatrix(b, matrix);
        results.push_back(sums ? sums : expandGenerically(b, matrix));
      } else if (auto words = dyn_cast<WordProductsOp>(op)) {
        results = instructions->wordProducts(b, words);
        if (results.empty()) {
          op->emitOpError("needs products of words, which the target lacks");
          return WalkResult::interrupt();
        }
      } else {
        return WalkResult::advance();
      }
      op->replaceAllUsesWith(results);
      op->erase();
      return WalkResult::skip();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
