//===- ExpandTrigonometry.cpp - sine, cosine and the angle of a point ------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The argument is x = n * pi/2 + r with |r| <= pi/4; n decides which polynomial of r is taken, with
// which sign. Up to 8192, pi/2 in three parts gives r: products of n and the first two are exact,
// with or without a fused multiply-add. Beyond that, r comes from as many bits of 2/pi as the
// argument asks for.
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

namespace {
/// n, of which only the last two bits count, and r.
struct Reduced {
  Value quadrant, rest;
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

static Reduced reduceLarge(FloatBuilder &b, Operation *op, PatternRewriter &rewriter,
                           Value magnitude) {
  Type f32 = b.getF32Type(), i32 = b.getI32Type();
  auto function = getScalarFunction(op, rewriter, "tflc.reduce_angle",
                                    b.getFunctionType({f32}, {f32, i32}), buildReduceLarge);
  SmallVector<Value> results = callForEachLane(b, b.getLoc(), function, magnitude);
  return {results[1], results[0]};
}

//===----------------------------------------------------------------------===//
// All arguments
//===----------------------------------------------------------------------===//

static Reduced reduceSmall(FloatBuilder &b, Value magnitude) {
  // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
  Value shift = b.real(0x1.8p23f);
  Value shifted = b.add(b.mul(magnitude, b.real(0x1.45f306p-1f)), shift); // 2/pi
  Value n = b.sub(shifted, shift);
  Value rest = b.sub(magnitude, b.mul(n, b.real(0x1.92p0f)));
  rest = b.sub(rest, b.mul(n, b.real(0x1.fb4p-12f)));
  rest = b.sub(rest, b.mul(n, b.real(0x1.4442d2p-24f)));
  return {b.bitcast(b.i32(), shifted), rest};
}

/// Both for arguments up to 2^13 alone, and where one lane is beyond them for all.
static Reduced reduce(FloatBuilder &b, Operation *op, PatternRewriter &rewriter, Value magnitude) {
  Value isFinite = b.less(magnitude, b.real(std::numeric_limits<float>::infinity()));
  Value isLarge = b.compare(arith::CmpFPredicate::OGE, magnitude, b.real(8192));
  isLarge = b.make<arith::AndIOp>(isLarge, isFinite);
  Reduced small = reduceSmall(b, magnitude);
  Value anyLarge = isLarge;
  if (b.shape)
    anyLarge = vector::ReductionOp::create(b, vector::CombiningKind::OR, isLarge);
  auto branch = scf::IfOp::create(
      b, anyLarge,
      [&](OpBuilder &inner, Location loc) {
        FloatBuilder body(loc, magnitude.getType(), inner);
        Value safe = body.select(isLarge, magnitude, body.real(8192));
        Reduced large = reduceLarge(body, op, rewriter, safe);
        scf::YieldOp::create(body, ValueRange{body.select(isLarge, large.quadrant, small.quadrant),
                                              body.select(isLarge, large.rest, small.rest)});
      },
      [&](OpBuilder &inner, Location loc) {
        scf::YieldOp::create(inner, loc, ValueRange{small.quadrant, small.rest});
      });
  return {branch.getResult(0), branch.getResult(1)};
}

/// Polynomials of Cephes' sinf and cosf, for |r| <= pi/4.
static Value evaluateSine(FloatBuilder &b, Value r, Value square) {
  Value sum = b.real(-1.9515295891e-4f);
  for (float coefficient : {8.3321608736e-3f, -1.6666654611e-1f})
    sum = b.add(b.mul(sum, square), b.real(coefficient));
  return b.add(b.mul(b.mul(sum, square), r), r);
}

static Value evaluateCosine(FloatBuilder &b, Value square) {
  Value sum = b.real(2.443315711809948e-5f);
  for (float coefficient : {-1.388731625493765e-3f, 4.166664568298827e-2f, -0.5f, 1.0f})
    sum = b.add(b.mul(sum, square), b.real(coefficient));
  return sum;
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
  static constexpr bool isSine = std::is_same_v<OpTy, math::SinOp>;

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not f32");
    FloatBuilder b(op, rewriter);
    Value x = op.getOperand();
    auto [quadrant, r] = reduce(b, op, rewriter, math::AbsFOp::create(b, x));
    Value square = b.mul(r, r);
    Value sine = evaluateSine(b, r, square), cosine = evaluateCosine(b, square);
    // cos(x) = sin(x + pi/2).
    if (!isSine)
      quadrant = b.make<arith::AddIOp>(quadrant, b.bits(1));
    Value isOdd =
        b.compare(arith::CmpIPredicate::ne, b.make<arith::AndIOp>(quadrant, b.bits(1)), b.bits(0));
    Value sign = b.make<arith::ShLIOp>(b.make<arith::AndIOp>(quadrant, b.bits(2)), b.bits(30));
    if (isSine)
      sign = b.make<arith::XOrIOp>(
          sign, b.make<arith::AndIOp>(b.bitcast(b.i32(), x), b.bits(0x80000000)));
    Value bits = b.bitcast(b.i32(), b.select(isOdd, cosine, sine));
    Value result = b.bitcast(b.f32(), b.make<arith::XOrIOp>(bits, sign));
    // x - x is NaN for infinity and NaN.
    Value isFinite = b.compare(arith::CmpFPredicate::ORD, b.sub(x, x), x);
    rewriter.replaceOp(op, b.select(isFinite, result, b.sub(x, x)));
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
