//===- ExpandMath.cpp - functions of libm as arithmetic -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "MathFunctions.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSet.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDMATH
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

struct ExpandMathPass : tflc::impl::ExpandMathBase<ExpandMathPass> {
  void runOnOperation() override {
    // Those of upstream's approximations that stay within a few units in the last place.
    static const llvm::StringSet<> approximated = {
        math::Log2Op::getOperationName(), math::Log1pOp::getOperationName(),
        math::AtanOp::getOperationName(), math::AcosOp::getOperationName(),
        math::AsinOp::getOperationName(), math::CbrtOp::getOperationName()};
    // Most integer models have none of them, and looking costs less than rewriting.
    bool isNeeded = getOperation()
                        ->walk([](Operation *op) {
                          return approximated.contains(op->getName().getStringRef()) ||
                                         isa<math::SinOp, math::CosOp, math::Atan2Op, math::ErfOp,
                                             math::ExpOp, math::ExpM1Op, math::TanhOp, math::LogOp,
                                             math::PowFOp, arith::RemFOp, arith::DivFOp>(op)
                                     ? WalkResult::interrupt()
                                     : WalkResult::advance();
                        })
                        .wasInterrupted();
    if (!isNeeded)
      return;
    RewritePatternSet patterns(&getContext());
    auto isApproximated = [&](StringRef name) { return approximated.contains(name); };
    populateMathF32ExpansionPatterns(patterns, isApproximated);
    populateMathPolynomialApproximationPatterns(patterns, isApproximated);
    populateTrigonometryPatterns(patterns);
    populateErfPatterns(patterns);
    populateExponentialPatterns(patterns);
    populateHyperbolicPatterns(patterns);
    populateLogarithmPatterns(patterns);
    populateRemainderPatterns(patterns);
    FailureOr<TargetInfo> target = getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    if (target->hasFMA)
      populateQuotientPatterns(patterns);
    // Without a float unit, the power itself is what is missing.
    if (target->floatUnit != FloatUnit::None)
      populatePowerPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns),
                                     GreedyRewriteConfig().setRegionSimplificationLevel(
                                         GreedySimplifyRegionLevel::Disabled))))
      signalPassFailure();
  }
};

} // namespace
