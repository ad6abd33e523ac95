//===- ExpandTrigonometry.cpp - sine, cosine and the angle of a point ------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The argument of a sine is x = n * pi + r with |r| <= pi/2, and the result the sine of r, with
// another sign where n is odd; that of a cosine is x = (n - 1/2) * pi + r. Up to 8192, pi in three
// parts gives r: products of n, or n - 1/2, and the first two are exact, with or without a fused
// multiply-add. Beyond that, r comes from as many bits of 2/pi as the argument asks for.
//
//===----------------------------------------------------------------------===//

#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <array>
#include <limits>

using namespace mlir;
using namespace tflc;

/// The first bits behind the binary point of 2/pi.
static constexpr std::array<uint32_t, 7> twoOverPi = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab};
/// From here on, an argument is large.
static constexpr float bound = 8192;

namespace {
/// n, of which only the last bit counts, and r.
struct Reduced {
  Value turns, rest;
};
} // namespace

//===----------------------------------------------------------------------===//
// Large arguments
//===----------------------------------------------------------------------===//

/// (|x|) -> (r, n) for finite |x| >= 2^13.
///
/// With x = m * 2^e, m of 24 bits: bits of 2/pi of weight 4 / 2^e and more give multiples of four
/// in x * 2/pi. The product of m and the 96 bits behind them has the quadrant in its two highest
/// bits, and r, as a part of pi/2, in those below.
static void buildReduceLarge(OpBuilder &builder, func::FuncOp function) {
  Value x = function.getArgument(0);
  FloatBuilder b(function.getLoc(), x.getType(), builder);
  constexpr unsigned width = 32 * twoOverPi.size();
  Type wide = b.getIntegerType(width);
  Value bits = b.bitcast(b.i32(), x);
  Value mantissa =
      b.make<arith::OrIOp>(b.make<arith::AndIOp>(bits, b.bits(0x7fffff)), b.bits(0x800000));
  Value exponent = b.make<arith::SubIOp>(b.make<arith::ShRUIOp>(bits, b.bits(23)), b.bits(150));
  // m as 32 bits, the last eight of them zeros. The window then begins with bit number e - 9 behind
  // the binary point, counted from one; 20 zeros in front let it begin before the point.
  mantissa = b.make<arith::ShLIOp>(mantissa, b.bits(8));
  constexpr unsigned zerosInFront = 20;
  Value distance = b.make<arith::AddIOp>(exponent, b.bits(zerosInFront - 10));
  llvm::APInt digits(width, 0);
  for (uint32_t word : twoOverPi)
    digits = digits.shl(32) | llvm::APInt(width, word);
  Value table = arith::ConstantOp::create(b, b.getIntegerAttr(wide, digits.lshr(zerosInFront)));
  Value window = b.make<arith::ShLIOp>(table, arith::ExtUIOp::create(b, wide, distance));
  auto getWord = [&](int64_t place) -> Value {
    Value moved =
        b.make<arith::ShRUIOp>(window, arith::ConstantOp::create(b, b.getIntegerAttr(wide, place)));
    Value word = arith::TruncIOp::create(b, b.i32(), moved);
    return arith::ExtUIOp::create(b, b.i64(), word);
  };
  Value m = arith::ExtUIOp::create(b, b.i64(), mantissa);
  Value low = b.make<arith::ShRUIOp>(b.make<arith::MulIOp>(m, getWord(width - 96)), b.wideBits(32));
  Value middle = b.make<arith::MulIOp>(m, getWord(width - 64));
  Value high = b.make<arith::ShLIOp>(b.make<arith::MulIOp>(m, getWord(width - 32)), b.wideBits(32));
  Value product = b.make<arith::AddIOp>(b.make<arith::AddIOp>(high, middle), low);

  Value half = b.wideBits(uint64_t(1) << 61);
  Value quadrant = b.make<arith::ShRUIOp>(b.make<arith::AddIOp>(product, half), b.wideBits(62));
  Value part = b.make<arith::SubIOp>(product, b.make<arith::ShLIOp>(quadrant, b.wideBits(62)));
  // The part as a float, by 31 bits from its first one on: it may be very small.
  Value zero = b.wideBits(0);
  Value isBelow = b.compare(arith::CmpIPredicate::slt, part, zero);
  Value size = b.select(isBelow, b.make<arith::SubIOp>(zero, part), part);
  Value zeros = math::CountLeadingZerosOp::create(b, size);
  zeros = b.make<arith::MinUIOp>(zeros, b.wideBits(63));
  Value top = b.make<arith::ShRUIOp>(b.make<arith::ShLIOp>(size, zeros), b.wideBits(33));
  Value real = arith::SIToFPOp::create(b, b.f32(), arith::TruncIOp::create(b, b.i32(), top));
  // size = top * 2^(33 - zeros), and 2^62 stands for pi/2.
  Value scaleBits = b.make<arith::ShLIOp>(
      b.make<arith::SubIOp>(b.bits(127), arith::TruncIOp::create(b, b.i32(), zeros)), b.bits(23));
  Value scaled = b.mul(real, b.bitcast(b.f32(), scaleBits));
  Value rest = b.mul(scaled, b.real(0x1.921fb6p-29f)); // pi/2 * 2^(33 - 62)
  rest = b.select(isBelow, arith::NegFOp::create(b, rest), rest);
  func::ReturnOp::create(b, ValueRange{rest, arith::TruncIOp::create(b, b.i32(), quadrant)});
}

/// The same for |x| >= 2^13 or no number.
static Reduced reduceLarge(FloatBuilder &b, Operation *op, PatternRewriter &rewriter, Value x) {
  constexpr float most = std::numeric_limits<float>::max();
  Type f32 = b.getF32Type(), i32 = b.getI32Type();
  auto function = getScalarFunction(op, rewriter, "tflc.reduce_angle",
                                    b.getFunctionType({f32}, {f32, i32}), buildReduceLarge);
  // Other lanes and infinities take part with any number.
  Value magnitude = math::AbsFOp::create(b, x);
  Value isLarge = b.compare(arith::CmpFPredicate::OGE, magnitude, b.real(bound));
  isLarge =
      b.make<arith::AndIOp>(isLarge, b.compare(arith::CmpFPredicate::OLE, magnitude, b.real(most)));
  SmallVector<Value> results =
      callForEachLane(b, b.getLoc(), function, b.select(isLarge, magnitude, b.real(bound)));
  Value rest = results[0], quadrant = results[1];
  // cos(x) = sin(|x| + pi/2).
  if (isa<math::CosOp>(op))
    quadrant = b.make<arith::AddIOp>(quadrant, b.bits(1));
  // An odd number of quarters goes up or down to the nearest half.
  Value zero = b.real(0), quarter = b.real(0x1.921fb6p0f); // pi/2
  Value isOdd =
      b.compare(arith::CmpIPredicate::ne, b.make<arith::AndIOp>(quadrant, b.bits(1)), b.bits(0));
  Value goesUp = b.less(zero, rest);
  Value moved = b.select(goesUp, b.sub(rest, quarter), b.add(rest, quarter));
  Value step = b.select(b.make<arith::AndIOp>(isOdd, goesUp), b.bits(1), b.bits(0));
  Value turns = b.make<arith::ShRUIOp>(b.make<arith::AddIOp>(quadrant, step), b.bits(1));
  rest = b.select(isOdd, moved, rest);
  if (isa<math::SinOp>(op))
    rest = b.select(b.less(x, zero), arith::NegFOp::create(b, rest), rest);
  // x - x is NaN for infinity and NaN.
  Value difference = b.sub(x, x);
  Value isFinite = b.compare(arith::CmpFPredicate::ORD, difference, x);
  return {turns, b.select(isFinite, rest, difference)};
}

//===----------------------------------------------------------------------===//
// All arguments
//===----------------------------------------------------------------------===//

static Reduced reduceSmall(FloatBuilder &b, Value x, bool isSine) {
  // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
  Value shift = b.real(0x1.8p23f), quotient = b.mul(x, b.real(0x1.45f306p-2f)); // 1/pi
  Value shifted = b.add(isSine ? quotient : b.add(quotient, b.real(0.5f)), shift);
  Value n = b.sub(shifted, shift);
  if (!isSine)
    n = b.sub(n, b.real(0.5f));
  Value rest = b.sub(x, b.mul(n, b.real(0x1.92p1f)));
  rest = b.sub(rest, b.mul(n, b.real(0x1.fb4p-11f)));
  rest = b.sub(rest, b.mul(n, b.real(0x1.4442d2p-23f)));
  return {b.bitcast(b.i32(), shifted), rest};
}

/// The way of small arguments alone, and where one lane is beyond them the other one for it.
static Reduced reduce(FloatBuilder &b, Operation *op, PatternRewriter &rewriter, Value x) {
  Reduced small = reduceSmall(b, x, isa<math::SinOp>(op));
  Value isLarge = b.compare(arith::CmpFPredicate::UGE, math::AbsFOp::create(b, x), b.real(bound));
  Value anyLarge = isLarge;
  if (b.shape)
    anyLarge = vector::ReductionOp::create(b, vector::CombiningKind::OR, isLarge);
  auto branch = scf::IfOp::create(
      b, anyLarge,
      [&](OpBuilder &inner, Location loc) {
        FloatBuilder body(loc, x.getType(), inner);
        Reduced large = reduceLarge(body, op, rewriter, x);
        scf::YieldOp::create(body, ValueRange{body.select(isLarge, large.turns, small.turns),
                                              body.select(isLarge, large.rest, small.rest)});
      },
      [&](OpBuilder &inner, Location loc) {
        scf::YieldOp::create(inner, loc, ValueRange{small.turns, small.rest});
      });
  return {branch.getResult(0), branch.getResult(1)};
}

/// For |r| <= pi/2, off by 5e-9 at most. A zero keeps its sign.
static Value evaluateSine(FloatBuilder &b, Value r) {
  Value square = b.mul(r, r), sum = b.real(2.60878964e-06f);
  for (float coefficient : {-0.000198110531f, 0.0083330879f, -0.166666597f, 1.0f})
    sum = b.add(b.mul(sum, square), b.real(coefficient));
  return b.mul(sum, r);
}

/// Cephes' atanf, for 0 <= x <= 1: beyond tan(pi/8) by the difference from pi/4.
static Value evaluateArcTangent(FloatBuilder &b, Value x) {
  Value isBeyond = b.less(b.real(0.4142135623730950f), x), one = b.real(1);
  Value moved = b.make<arith::DivFOp>(b.sub(x, one), b.add(x, one));
  Value t = b.select(isBeyond, moved, x), square = b.mul(t, t);
  Value sum = b.real(8.05374449538e-2f);
  for (float coefficient : {-1.38776856032e-1f, 1.99777106478e-1f, -3.33329491539e-1f})
    sum = b.add(b.mul(sum, square), b.real(coefficient));
  Value base = b.select(isBeyond, b.real(0x1.921fb6p-1f), b.real(0)); // pi/4
  return b.add(base, b.add(b.mul(b.mul(sum, square), t), t));
}

/// Cephes' atan, for 0 <= x <= 1: x + x^3 P(x^2) / Q(x^2), beyond 0.66 by the difference from pi/4.
static Value evaluateWideArcTangent(FloatBuilder &b, Value x) {
  auto evaluate = [&](Value first, ArrayRef<double> coefficients, Value square) {
    for (double coefficient : coefficients)
      first = b.add(b.mul(first, square), b.wideReal(coefficient));
    return first;
  };
  Value isBeyond = b.less(b.wideReal(0.66), x), one = b.wideReal(1);
  Value moved = b.make<arith::DivFOp>(b.sub(x, one), b.add(x, one));
  Value t = b.select(isBeyond, moved, x), square = b.mul(t, t);
  Value numerator = evaluate(b.wideReal(-8.750608600031904122785e-1),
                             {-1.615753718733365076637e1, -7.500855792314704667340e1,
                              -1.228866684490136173410e2, -6.485021904942025371773e1},
                             square);
  Value denominator = evaluate(b.add(square, b.wideReal(2.485846490142306297962e1)),
                               {1.650270098316988542046e2, 4.328810604912902668951e2,
                                4.853903996359136964868e2, 1.945506571482613964425e2},
                               square);
  Value cube = b.mul(t, b.mul(square, b.make<arith::DivFOp>(numerator, denominator)));
  Value base = b.select(isBeyond, b.wideReal(0x1.921fb54442d18p-1), b.wideReal(0)); // pi/4
  return b.add(base, b.add(cube, t));
}

namespace {
template <typename OpTy> struct ExpandTrigonometry : OpRewritePattern<OpTy> {
  using OpRewritePattern<OpTy>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not f32");
    FloatBuilder b(op, rewriter);
    auto [turns, r] = reduce(b, op, rewriter, op.getOperand());
    Value sign = b.make<arith::ShLIOp>(turns, b.bits(31));
    Value bits = b.bitcast(b.i32(), evaluateSine(b, r));
    rewriter.replaceOp(op, b.bitcast(b.f32(), b.make<arith::XOrIOp>(bits, sign)));
    return success();
  }
};

/// The angle of a quotient in [0, 1], moved to the octant of the point. Zeros have signs, and the
/// quotient of two infinities is one.
struct ExpandAngle : OpRewritePattern<math::Atan2Op> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(math::Atan2Op op, PatternRewriter &rewriter) const override {
    bool isWide = getElementTypeOrSelf(op.getType()).isF64();
    if (!isWide && !getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "neither f32 nor f64");
    FloatBuilder b(op, rewriter);
    auto real = [&](double value) {
      return isWide ? b.wideReal(value) : b.real(static_cast<float>(value));
    };
    constexpr double pi = 0x1.921fb54442d18p1;
    Value y = op.getLhs(), x = op.getRhs();
    Value height = math::AbsFOp::create(b, y), width = math::AbsFOp::create(b, x);
    Value isSteep = b.less(width, height);
    Value high = b.select(isSteep, height, width), low = b.select(isSteep, width, height);
    // Equal values, zeros and infinities among them, are divided without a division.
    Value isEqual = b.compare(arith::CmpFPredicate::OEQ, high, low);
    Value isZero = b.compare(arith::CmpFPredicate::OEQ, high, real(0));
    Value quotient =
        b.make<arith::DivFOp>(b.select(isZero, real(0), low), b.select(isZero, real(1), high));
    quotient = b.select(isEqual, b.select(isZero, real(0), real(1)), quotient);
    Value angle = isWide ? evaluateWideArcTangent(b, quotient) : evaluateArcTangent(b, quotient);
    angle = b.select(isSteep, b.sub(real(pi / 2), angle), angle);
    Value isLeft = b.compare(arith::CmpIPredicate::slt, b.bitcast(isWide ? b.i64() : b.i32(), x),
                             isWide ? b.wideBits(0) : b.bits(0));
    angle = b.select(isLeft, b.sub(real(pi), angle), angle);
    angle = math::CopySignOp::create(b, angle, y);
    Value isNumber = b.compare(arith::CmpFPredicate::ORD, x, y);
    rewriter.replaceOp(op,
                       b.select(isNumber, angle, real(std::numeric_limits<double>::quiet_NaN())));
    return success();
  }
};
} // namespace

void tflc::populateTrigonometryPatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandTrigonometry<math::SinOp>, ExpandTrigonometry<math::CosOp>, ExpandAngle>(
      patterns.getContext());
}
