//===- ExpandFloats.cpp - float ops that the target has not ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilder.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDFLOATS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {
/// f16 -> f32. Infinity and NaN get the largest exponent, and subnormal numbers are normalized by a
/// subtraction.
struct ExpandHalfToSingle : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::ExtFOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getIn().getType()).isF16() ||
        !getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not from f16 to f32");
    FloatBuilder b(op, rewriter);
    Value half = arith::ExtUIOp::create(b, b.i32(), b.bitcast(b.type(b.getI16Type()), op.getIn()));
    Value magnitude = b.make<arith::AndIOp>(half, b.bits(0x7fff));
    Value sign = b.make<arith::ShLIOp>(b.make<arith::AndIOp>(half, b.bits(0x8000)), b.bits(16));
    Value shifted = b.make<arith::ShLIOp>(magnitude, b.bits(13));
    Value normal = b.make<arith::AddIOp>(shifted, b.bits(112u << 23));
    Value special = b.make<arith::AddIOp>(shifted, b.bits(224u << 23));
    Value raised = b.bitcast(b.f32(), b.make<arith::AddIOp>(shifted, b.bits(113u << 23)));
    Value subnormal =
        b.bitcast(b.i32(), b.make<arith::SubFOp>(raised, b.real(6.103515625e-05f))); // 2^-14
    Value finite = b.select(b.below(magnitude, b.bits(0x400)), subnormal, normal);
    Value result = b.select(b.below(magnitude, b.bits(0x7c00)), finite, special);
    rewriter.replaceOp(op, b.bitcast(b.f32(), b.make<arith::OrIOp>(result, sign)));
    return success();
  }
};

/// f32 -> f16, to nearest even.
struct ExpandSingleToHalf : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getIn().getType()).isF32() ||
        !getElementTypeOrSelf(op.getType()).isF16())
      return rewriter.notifyMatchFailure(op, "not from f32 to f16");
    FloatBuilder b(op, rewriter);
    Value single = b.bitcast(b.i32(), op.getIn());
    Value magnitude = b.make<arith::AndIOp>(single, b.bits(0x7fffffff));
    Value sign = b.make<arith::AndIOp>(b.make<arith::ShRUIOp>(single, b.bits(16)), b.bits(0x8000));
    // Adding 0.5 lets the addition itself round a subnormal result.
    Value half = b.make<arith::AddFOp>(b.bitcast(b.f32(), magnitude), b.real(0.5f));
    Value subnormal = b.make<arith::SubIOp>(b.bitcast(b.i32(), half), b.bits(0x3f000000));
    Value odd = b.make<arith::AndIOp>(b.make<arith::ShRUIOp>(magnitude, b.bits(13)), b.bits(1));
    Value rounded = b.make<arith::AddIOp>(b.make<arith::AddIOp>(magnitude, b.bits(0xc8000fffu)),
                                          odd); // exponent - 112, half - 1
    Value normal = b.make<arith::ShRUIOp>(rounded, b.bits(13));
    Value finite = b.select(b.below(magnitude, b.bits(0x38800000)), subnormal, normal);
    Value special =
        b.select(b.below(b.bits(0x7f800000), magnitude), b.bits(0x7e00), b.bits(0x7c00));
    Value result = b.select(b.below(magnitude, b.bits(0x47800000)), finite, special);
    Value bits16 =
        arith::TruncIOp::create(b, b.type(b.getI16Type()), b.make<arith::OrIOp>(result, sign));
    rewriter.replaceOp(op, b.bitcast(b.type(b.getF16Type()), bits16));
    return success();
  }
};

struct ExpandFMA : OpRewritePattern<math::FmaOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::FmaOp op, PatternRewriter &rewriter) const override {
    Value product = arith::MulFOp::create(rewriter, op.getLoc(), op.getA(), op.getB());
    rewriter.replaceOpWithNewOp<arith::AddFOp>(op, product, op.getC());
    return success();
  }
};

/// Rounding to an integral value. From 2^23 on every f32 is integral, and from 2^52 on every f64;
/// NaN is left alone, and the sign of zero is kept.
template <typename OpT> struct ExpandRounding : OpRewritePattern<OpT> {
  using OpRewritePattern<OpT>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpT op, PatternRewriter &rewriter) const override {
    if (!isSingle(op.getType()) && !getElementTypeOrSelf(op.getType()).isF64())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    FloatBuilder b(op, rewriter);
    Value x = op.getOperand();
    Value magnitude = math::AbsFOp::create(b, x);
    Value isSmall = b.less(magnitude, allIntegral(b, x));
    // The conversion to an integer has no defined result outside of its range.
    Value safe = b.select(isSmall, x, real(b, x, 0));
    Value rounded = round(b, safe);
    Value result = math::CopySignOp::create(b, rounded, x);
    rewriter.replaceOp(op, b.select(isSmall, result, x));
    return success();
  }

  static bool isSingle(Type type) { return getElementTypeOrSelf(type).isF32(); }

  static Value real(FloatBuilder &b, Value like, double value) {
    return isSingle(like.getType()) ? b.real(static_cast<float>(value)) : b.wideReal(value);
  }

  /// The magnitude from which on every value of that type is integral.
  static Value allIntegral(FloatBuilder &b, Value like) {
    return real(b, like, isSingle(like.getType()) ? 0x1p23 : 0x1p52);
  }

  /// The nearest integral value, the even one of two, of a magnitude below that. Conversions to
  /// integers would need another mode of rounding than additions have.
  static Value nearest(FloatBuilder &b, Value magnitude) {
    Value big = allIntegral(b, magnitude);
    return b.sub(b.add(magnitude, big), big);
  }

  static Value round(FloatBuilder &b, Value x) {
    Value one = real(b, x, 1), zero = real(b, x, 0);
    auto oneIf = [&](Value condition) { return b.select(condition, one, zero); };
    Value magnitude = math::AbsFOp::create(b, x);
    Value whole = nearest(b, magnitude);
    if constexpr (std::is_same_v<OpT, math::RoundEvenOp>) {
      return whole;
    } else if constexpr (std::is_same_v<OpT, math::RoundOp>) {
      // A half that went down to the even value.
      Value half = real(b, x, 0.5);
      return b.add(whole,
                   oneIf(b.compare(arith::CmpFPredicate::OEQ, b.sub(magnitude, whole), half)));
    } else if constexpr (std::is_same_v<OpT, math::TruncOp>) {
      return b.sub(whole, oneIf(b.less(magnitude, whole)));
    } else {
      whole = math::CopySignOp::create(b, whole, x);
      if constexpr (std::is_same_v<OpT, math::FloorOp>)
        return b.sub(whole, oneIf(b.less(x, whole)));
      return b.add(whole, oneIf(b.less(whole, x)));
    }
  }
};

struct ExpandFloatsPass : public tflc::impl::ExpandFloatsBase<ExpandFloatsPass> {
  void runOnOperation() override {
    FailureOr<TargetInfo> found = getTarget(getOperation());
    if (failed(found))
      return signalPassFailure();
    const TargetInfo &target = *found;
    RewritePatternSet patterns(&getContext());
    if (!target.hasHalfConversion)
      patterns.add<ExpandHalfToSingle, ExpandSingleToHalf>(&getContext());
    // No target that lacks the instruction has a function for it.
    arith::populateExpandBFloat16Patterns(patterns);
    if (!target.hasFMA)
      patterns.add<ExpandFMA>(&getContext());
    if (!target.hasRounding)
      patterns.add<ExpandRounding<math::FloorOp>, ExpandRounding<math::CeilOp>,
                   ExpandRounding<math::TruncOp>, ExpandRounding<math::RoundOp>,
                   ExpandRounding<math::RoundEvenOp>>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
