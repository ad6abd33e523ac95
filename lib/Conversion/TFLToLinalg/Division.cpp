//===- Division.cpp - lowering of quotients and remainders ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"
#include "FixedPoint.h"
#include "PopulatePatterns.h"
#include "TFL/IR/ArithmeticOps.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace tflc;

/// What is rejected of a divisor: what stands for zero.
template <typename OpTy> static std::optional<Rejection> rejectZero(OpTy op) {
  if (std::is_same_v<OpTy, tfl::DivOp> || std::is_same_v<OpTy, tfl::FloorModOp>)
    if (isa<FloatType>(op.getRhs().getType().getElementType()))
      return std::nullopt;
  int64_t zero = 0;
  // FLOOR_DIV and FLOOR_MOD are defined on the stored integers.
  if (auto quantization = getAffineQuantization(op.getRhs().getType());
      quantization && std::is_same_v<OpTy, tfl::DivOp>)
    zero = quantization->zeroPoint;
  return Rejection{1, zero, zero, TFLC_DIVISION_BY_ZERO};
}

/// The divisor, with 1 in place of 0: lanes of a vector that hold no element may hold anything.
static Value avoidZero(ScalarBuilder &b, Value divisor) {
  Value zero = b.integer(divisor.getType(), 0);
  return b.select(b.compare(arith::CmpIPredicate::eq, divisor, zero),
                  b.integer(divisor.getType(), 1), divisor);
}

/// `lhs / rhs`, rounded to zero. The least integer divided by -1 is itself again.
static Value divide(ScalarBuilder &b, Value lhs, Value rhs) {
  Value minusOne = b.integer(lhs.getType(), -1);
  Value isNegation = b.compare(arith::CmpIPredicate::eq, rhs, minusOne);
  Value safe = b.select(isNegation, b.integer(lhs.getType(), 1), avoidZero(b, rhs));
  Value quotient = b.emit<arith::DivSIOp>(lhs, safe);
  return b.select(isNegation, b.sub(b.integer(lhs.getType(), 0), lhs), quotient);
}

/// Whether `value`, not zero, and `divisor` have different signs.
static Value differInSign(ScalarBuilder &b, Value value, Value divisor) {
  Value zero = b.integer(value.getType(), 0);
  Value mixed = b.emit<arith::XOrIOp>(value, divisor);
  return b.compare(arith::CmpIPredicate::slt, mixed, zero);
}

//===----------------------------------------------------------------------===//
// DIV
//===----------------------------------------------------------------------===//

static ElementBody getDivBody(tfl::DivOp op) {
  std::string activation = op.getFusedActivationFunction().str();
  Type type = op.getLhs().getType().getElementType();
  if (isa<FloatType>(type))
    return [=](ScalarBuilder &b, ValueRange args) {
      return clampFloat(b.getBuilder(), b.getLoc(), b.emit<arith::DivFOp>(args[0], args[1]),
                        activation);
    };
  if (isa<IntegerType>(type)) {
    RealRange range = getActivationRange(*parseActivation(activation));
    return [=](ScalarBuilder &b, ValueRange args) {
      Value value = divide(b, args[0], args[1]);
      if (range.min)
        value = b.emit<arith::MaxSIOp>(value, b.constant(value.getType(), *range.min));
      if (range.max)
        value = b.emit<arith::MinSIOp>(value, b.constant(value.getType(), *range.max));
      return value;
    };
  }
  auto lhs = getAffineQuantization(op.getLhs().getType());
  auto rhs = getAffineQuantization(op.getRhs().getType());
  auto out = getAffineQuantization(op.getType());
  if (!lhs || !rhs || !out)
    return nullptr;
  FixedPointMultiplier scale = quantizeMultiplier(lhs->scale / (rhs->scale * out->scale));
  IntegerRange range = getActivatedRange(*out, activation);
  return [=](ScalarBuilder &b, ValueRange args) {
    Type i32 = b.i32();
    Value zero = b.integer(i32, 0);
    Value x = b.center(args[0], *lhs), y = b.center(args[1], *rhs);
    Value isPositive = b.compare(arith::CmpIPredicate::sgt, y, zero);
    x = b.select(isPositive, x, b.sub(zero, x));
    y = b.select(isPositive, y, b.sub(zero, y));
    // y = 2^(32 - zeros) * (1 + f) / 2.
    Value zeros = b.emit<math::CountLeadingZerosOp>(y);
    Value inverse = emitReciprocal(b, y, zeros);
    Value headroom = countSignBits(b, x);
    Value quotient = multiplyHigh(b, b.emit<arith::ShLIOp>(x, headroom), inverse);
    Value product = multiplyHigh(b, quotient, b.integer(i32, scale.value));
    // The shift to the right: what the reciprocal and the headroom moved, less the scale's
    // exponent.
    Value recipShift = b.sub(b.integer(i32, 31), zeros);
    Value distance = b.add(b.add(recipShift, headroom), -scale.shift);
    Value divided = divideByAnyPowerOfTwo(b, product, distance);
    return b.store(b.add(divided, out->zeroPoint), range, *out);
  };
}

//===----------------------------------------------------------------------===//
// FLOOR_DIV, FLOOR_MOD
//===----------------------------------------------------------------------===//

static ElementBody getFloorDivBody(tfl::FloorDivOp op) {
  return [](ScalarBuilder &b, ValueRange args) -> Value {
    if (isa<FloatType>(args[0].getType()))
      return b.emit<math::FloorOp>(b.emit<arith::DivFOp>(args[0], args[1]));
    Value quotient = divide(b, args[0], args[1]);
    Value rest = b.sub(args[0], b.mul(quotient, args[1]));
    Value isExact = b.compare(arith::CmpIPredicate::eq, rest, b.integer(rest.getType(), 0));
    Value lower = b.add(quotient, -1);
    return b.select(isExact, quotient,
                    b.select(differInSign(b, args[0], args[1]), lower, quotient));
  };
}

static ElementBody getFloorModBody(tfl::FloorModOp op) {
  return [](ScalarBuilder &b, ValueRange args) -> Value {
    if (isa<FloatType>(args[0].getType())) {
      Value x = args[0], y = args[1], zero = b.constant(x.getType(), 0);
      Value rest = b.emit<arith::RemFOp>(x, y);
      Value restBelow = b.compare(arith::CmpFPredicate::OLT, rest, zero);
      Value divisorBelow = b.compare(arith::CmpFPredicate::OLT, y, zero);
      Value isNotZero = b.compare(arith::CmpFPredicate::UNE, rest, zero);
      Value differ = b.compare(arith::CmpIPredicate::ne, restBelow, divisorBelow);
      return b.select(b.emit<arith::AndIOp>(isNotZero, differ), b.add(rest, y), rest);
    }
    Value rest = b.sub(args[0], b.mul(divide(b, args[0], args[1]), args[1]));
    Value isExact = b.compare(arith::CmpIPredicate::eq, rest, b.integer(rest.getType(), 0));
    Value moved = b.select(differInSign(b, rest, args[1]), b.add(rest, args[1]), rest);
    return b.select(isExact, rest, moved);
  };
}

void tflc::populateDivisionPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::DivOp>(converter, patterns, getDivBody, rejectZero<tfl::DivOp>);
  addElementwise<tfl::FloorDivOp>(converter, patterns, getFloorDivBody,
                                  rejectZero<tfl::FloorDivOp>);
  addElementwise<tfl::FloorModOp>(converter, patterns, getFloorModBody,
                                  rejectZero<tfl::FloorModOp>);
}
