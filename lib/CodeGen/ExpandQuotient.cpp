//===- ExpandQuotient.cpp - quotients by constants ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// With c the float nearest to 1 / d and q that nearest to x * c, x - q * d is a float, and q plus
// it times c, rounded once, is the float nearest to x / d. That was tried for all mantissas of x
// and each odd d up to 2047; a power of two in d changes no mantissa. Only of quotients below the
// least normal number may the last bit differ. A division takes as long as ten to twenty such
// products.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

/// The divisor of all lanes, if it is an odd number from 3 to 2047 times a power of two.
static std::optional<float> getDivisor(Value value) {
  DenseFPElementsAttr lanes;
  if (!matchPattern(value, m_Constant(&lanes)) || !lanes.isSplat())
    return std::nullopt;
  float number = lanes.getSplatValue<APFloat>().convertToFloat();
  constexpr float least = 0x1p-100f, most = 0x1p100f; // its inverse is normal, too
  if (!(std::abs(number) >= least && std::abs(number) <= most))
    return std::nullopt;
  int exponent;
  constexpr int bits = 11;
  float scaled = std::ldexp(std::frexp(std::abs(number), &exponent), bits);
  if (scaled != std::floor(scaled) || scaled == 1 << (bits - 1))
    return std::nullopt;
  return number;
}

namespace {
struct ExpandQuotient : OpRewritePattern<arith::DivFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::DivFOp op, PatternRewriter &rewriter) const override {
    auto type = dyn_cast<VectorType>(op.getType());
    if (!type || !type.getElementType().isF32())
      return rewriter.notifyMatchFailure(op, "no vector of f32");
    std::optional<float> divisor = getDivisor(op.getRhs());
    if (!divisor)
      return rewriter.notifyMatchFailure(op, "not a constant of eleven bits");
    FloatBuilder b(op, rewriter);
    Value x = op.getLhs(), inverse = b.real(1.0f / *divisor);
    Value q = b.mul(x, inverse);
    Value rest = math::FmaOp::create(b, q, b.real(-*divisor), x);
    Value nearest = math::FmaOp::create(b, rest, inverse, q);
    // Where nothing is left, q is exact, and keeps the sign of a zero; of infinities it is a NaN.
    Value isLeft = b.compare(arith::CmpFPredicate::ONE, rest, b.real(0));
    rewriter.replaceOp(op, b.select(isLeft, nearest, q));
    return success();
  }
};
} // namespace

void tflc::populateQuotientPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandQuotient>(patterns.getContext());
}
