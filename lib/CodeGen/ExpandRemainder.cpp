//===- ExpandRemainder.cpp - the remainder of floats ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A remainder is exact, however far apart the operands are, so it is a long division of integers:
// with x = m * 2^d * u and y = n * u, m and n of 24 bits, the rest of m by n takes eight more
// binary places of the dividend at a time.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tflc;

namespace {
/// The magnitude of a float: `mantissa * 2^(exponent - 150)`.
struct Magnitude {
  Value bits, mantissa, exponent;
};
} // namespace

static Magnitude takeApart(FloatBuilder &b, Value x) {
  Value bits = b.make<arith::AndIOp>(b.bitcast(b.i32(), x), b.bits(0x7fffffff));
  Value exponent = b.make<arith::ShRUIOp>(bits, b.bits(23));
  Value fraction = b.make<arith::AndIOp>(bits, b.bits(0x7fffff));
  Value isNormal = b.compare(arith::CmpIPredicate::ne, exponent, b.bits(0));
  Value mantissa = b.select(isNormal, b.make<arith::OrIOp>(fraction, b.bits(0x800000)), fraction);
  return {bits, mantissa, b.select(isNormal, exponent, b.bits(1))};
}

/// The rest of `x` for finite operands with 0 < |y| <= |x|.
static Value divideLong(FloatBuilder &b, const Magnitude &x, const Magnitude &y) {
  Value eight = b.bits(8);
  Value rest = b.make<arith::RemUIOp>(x.mantissa, y.mantissa);
  Value places = b.make<arith::SubIOp>(x.exponent, y.exponent);
  auto loop = scf::WhileOp::create(
      b, TypeRange{b.i32(), b.i32()}, ValueRange{rest, places},
      [&](OpBuilder &inner, Location loc, ValueRange args) {
        Value more = arith::CmpIOp::create(inner, loc, arith::CmpIPredicate::sgt, args[1],
                                           FloatBuilder(loc, args[1].getType(), inner).bits(0));
        scf::ConditionOp::create(inner, loc, more, args);
      },
      [&](OpBuilder &inner, Location loc, ValueRange args) {
        FloatBuilder body(loc, args[1].getType(), inner);
        Value step = body.make<arith::MinSIOp>(args[1], eight);
        Value moved = body.make<arith::ShLIOp>(args[0], step);
        scf::YieldOp::create(body, ValueRange{body.make<arith::RemUIOp>(moved, y.mantissa),
                                              body.make<arith::SubIOp>(args[1], step)});
      });
  // rest * 2^(exponent - 150) is a float: both the factor, which may be subnormal, and the product
  // are exact.
  Value scaleExponent = b.make<arith::AddIOp>(y.exponent, b.bits(-23));
  Value normal = b.make<arith::ShLIOp>(scaleExponent, b.bits(23));
  Value distance = b.make<arith::MinSIOp>(b.make<arith::SubIOp>(y.exponent, b.bits(1)), b.bits(22));
  Value subnormal = b.make<arith::ShLIOp>(b.bits(1), distance);
  Value isNormal = b.compare(arith::CmpIPredicate::sgt, scaleExponent, b.bits(0));
  Value scale = b.bitcast(b.f32(), b.select(isNormal, normal, subnormal));
  Value real = arith::UIToFPOp::create(b, b.f32(), loop.getResult(0));
  return b.mul(real, scale);
}

/// (x, y) -> x - trunc(x / y) * y. NaN for an infinite `x` and for a `y` of zero.
static void buildRemainder(OpBuilder &builder, func::FuncOp function) {
  Value x = function.getArgument(0), y = function.getArgument(1);
  FloatBuilder b(function.getLoc(), x.getType(), builder);
  Magnitude dividend = takeApart(b, x), divisor = takeApart(b, y);
  Value infinity = b.bits(0x7f800000);
  Value isFinite = b.below(dividend.bits, infinity);
  Value isNumber = b.compare(arith::CmpIPredicate::ule, divisor.bits, infinity);
  Value isNotZero = b.compare(arith::CmpIPredicate::ne, divisor.bits, b.bits(0));
  Value isDefined = b.make<arith::AndIOp>(b.make<arith::AndIOp>(isFinite, isNumber), isNotZero);
  Value isLarge = b.compare(arith::CmpIPredicate::uge, dividend.bits, divisor.bits);
  Value divides = b.make<arith::AndIOp>(isDefined, isLarge);
  auto branch = scf::IfOp::create(
      b, divides,
      [&](OpBuilder &inner, Location loc) {
        FloatBuilder body(loc, x.getType(), inner);
        scf::YieldOp::create(body, divideLong(body, dividend, divisor));
      },
      [&](OpBuilder &inner, Location loc) {
        FloatBuilder body(loc, x.getType(), inner);
        Value magnitude = body.bitcast(body.f32(), dividend.bits);
        Value nan = body.bitcast(body.f32(), body.bits(0x7fc00000));
        scf::YieldOp::create(body, body.select(isDefined, magnitude, nan));
      });
  Value sign = b.make<arith::AndIOp>(b.bitcast(b.i32(), x), b.bits(0x80000000));
  Value result = b.make<arith::OrIOp>(b.bitcast(b.i32(), branch.getResult(0)), sign);
  func::ReturnOp::create(b, b.bitcast(b.f32(), result));
}

namespace {
struct ExpandRemainder : OpRewritePattern<arith::RemFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::RemFOp op, PatternRewriter &rewriter) const override {
    Type f32 = rewriter.getF32Type();
    if (getElementTypeOrSelf(op.getType()) != f32)
      return rewriter.notifyMatchFailure(op, "not f32");
    auto function = getScalarFunction(op, rewriter, "tflc.remainder",
                                      rewriter.getFunctionType({f32, f32}, f32), buildRemainder);
    rewriter.replaceOp(op, callForEachLane(rewriter, op.getLoc(), function, op->getOperands()));
    return success();
  }
};
} // namespace

void tflc::populateRemainderPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandRemainder>(patterns.getContext());
}
