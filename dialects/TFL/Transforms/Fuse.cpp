//===- Fuse.cpp - activations into operators ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ActivationOps.h"
#include "TFL/IR/FusedActivation.h"
#include "TFL/Transforms/Passes.h"

#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_FUSEPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

static constexpr StringLiteral activationName = "fused_activation_function";

namespace {

template <typename Activation> struct FuseActivation : OpRewritePattern<Activation> {
  FuseActivation(MLIRContext *context, StringRef function)
      : OpRewritePattern<Activation>(context), function(function) {}

  LogicalResult matchAndRewrite(Activation op, PatternRewriter &rewriter) const override {
    Value input = op->getOperand(0);
    Operation *producer = input.getDefiningOp();
    if (!producer || !producer->hasTrait<FusesActivation>())
      return rewriter.notifyMatchFailure(op, "nothing to fuse into");
    if (!input.hasOneUse())
      return rewriter.notifyMatchFailure(op, "the value before the activation is used as well");
    if (input.getType() != op->getResult(0).getType())
      return rewriter.notifyMatchFailure(op, "scales differ");
    if (auto present = producer->getAttrOfType<StringAttr>(activationName);
        present && present.getValue() != "NONE")
      return rewriter.notifyMatchFailure(op, "there is another activation");
    rewriter.modifyOpInPlace(producer, [&] {
      producer->setAttr(activationName, rewriter.getStringAttr(function));
      // The result is now what the model calls the activation's.
      producer->setLoc(rewriter.getFusedLoc({op->getLoc(), producer->getLoc()}));
    });
    rewriter.replaceOp(op, input);
    return success();
  }

  StringRef function;
};

class Fuse : public tflc::tfl::impl::FusePassBase<Fuse> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseActivation<ReluOp>>(&getContext(), "RELU");
    patterns.add<FuseActivation<Relu6Op>>(&getContext(), "RELU6");
    patterns.add<FuseActivation<ReluN1To1Op>>(&getContext(), "RELU_N1_TO_1");
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
