//===- Arithmetic.cpp - lowering of elementwise arithmetic ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"
#include "PopulatePatterns.h"
#include "TFL/IR/ArithmeticOps.h"
#include "tflc/Quantization/PowerOfTwo.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <limits>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Plain types
//===----------------------------------------------------------------------===//

/// The fused activation of a float or plain integer.
static Value activate(ScalarBuilder &b, Value value, StringRef activation) {
  if (isa<FloatType>(value.getType()))
    return clampFloat(b.getBuilder(), b.getLoc(), value, activation);
  RealRange range = getActivationRange(*parseActivation(activation));
  if (range.min)
    value = b.emit<arith::MaxSIOp>(value, b.constant(value.getType(), *range.min));
  if (range.max)
    value = b.emit<arith::MinSIOp>(value, b.constant(value.getType(), *range.max));
  return value;
}

namespace {
/// Both operands and the result of a quantized op.
struct BinaryQuantization {
  AffineQuantization lhs, rhs, out;
};
} // namespace

template <typename OpTy> static std::optional<BinaryQuantization> getBinaryQuantization(OpTy op) {
  auto lhs = getAffineQuantization(op->getOperand(0).getType());
  auto rhs = getAffineQuantization(op->getOperand(1).getType());
  auto out = getAffineQuantization(op->getResult(0).getType());
  if (!lhs || !rhs || !out)
    return std::nullopt;
  return BinaryQuantization{*lhs, *rhs, *out};
}

static bool isPlain(Operation *op) {
  return llvm::none_of(op->getOperandTypes(), [](Type type) {
    return isa<quant::QuantizedType>(getElementTypeOrSelf(type));
  });
}

//===----------------------------------------------------------------------===//
// ADD, SUB
//===----------------------------------------------------------------------===//

/// `combine(lhs, rhs)` after both are brought to one scale with `left` additional bits.
template <typename Combine>
static ElementBody getScaledSum(const BinaryQuantization &q, StringRef activation,
                                Combine combine) {
  int left = q.out.width == 16 ? 15 : 20;
  double twiceMax = 2 * std::max(q.lhs.scale, q.rhs.scale);
  FixedPointMultiplier lhsScale = quantizeMultiplier(q.lhs.scale / twiceMax);
  FixedPointMultiplier rhsScale = quantizeMultiplier(q.rhs.scale / twiceMax);
  FixedPointMultiplier outScale = quantizeMultiplier(twiceMax / (double(1 << left) * q.out.scale));
  IntegerRange range = getActivatedRange(q.out, activation);
  return [=](ScalarBuilder &b, ValueRange args) {
    Value lhs = b.rescale(b.shiftLeft(b.center(args[0], q.lhs), left), lhsScale);
    Value rhs = b.rescale(b.shiftLeft(b.center(args[1], q.rhs), left), rhsScale);
    Value sum = b.rescale(combine(b, lhs, rhs), outScale);
    return b.store(b.add(sum, q.out.zeroPoint), range, q.out);
  };
}

/// The same for 16 bits and scales that are powers of two, one of them the result's. Null where
/// they are not.
template <typename Combine>
static ElementBody getPowerOfTwoSum(const BinaryQuantization &q, StringRef activation,
                                    Combine combine) {
  auto lhsLog = getLog2OfPowerOfTwo(q.lhs.scale), rhsLog = getLog2OfPowerOfTwo(q.rhs.scale),
       outLog = getLog2OfPowerOfTwo(q.out.scale);
  if (q.out.width != 16 || !lhsLog || !rhsLog || !outLog)
    return nullptr;
  int lhsShift = *outLog - *lhsLog, rhsShift = *outLog - *rhsLog;
  if ((lhsShift != 0 && rhsShift != 0) || lhsShift < 0 || rhsShift < 0 || lhsShift > 15 ||
      rhsShift > 15)
    return nullptr;
  IntegerRange range = getActivatedRange(q.out, activation);
  return [=](ScalarBuilder &b, ValueRange args) {
    Value lhs = b.divideByPowerOfTwo(b.center(args[0], q.lhs), lhsShift);
    Value rhs = b.divideByPowerOfTwo(b.center(args[1], q.rhs), rhsShift);
    return b.store(combine(b, lhs, rhs), range, q.out);
  };
}

template <typename OpTy, typename Combine>
static ElementBody getSumBody(OpTy op, bool mayBePowerOfTwo, Combine combine) {
  std::string activation = op.getFusedActivationFunction().str();
  if (isPlain(op))
    return [=](ScalarBuilder &b, ValueRange args) {
      return activate(b, combine(b, args[0], args[1]), activation);
    };
  auto q = getBinaryQuantization(op);
  if (!q)
    return nullptr;
  if (mayBePowerOfTwo)
    if (ElementBody body = getPowerOfTwoSum(*q, activation, combine))
      return body;
  return getScaledSum(*q, activation, combine);
}

static ElementBody getAddBody(tfl::AddOp op) {
  return getSumBody(op, op.getPotScaleInt16(),
                    [](ScalarBuilder &b, Value lhs, Value rhs) { return b.add(lhs, rhs); });
}

/// Each addition ends at the largest finite numbers, as in the reference with one thread.
static ElementBody getAddNBody(tfl::AddNOp op) {
  return [](ScalarBuilder &b, ValueRange args) {
    Value sum = args[0];
    for (Value term : args.drop_front())
      sum = activate(b, b.add(sum, term), "NONE");
    return sum;
  };
}

static ElementBody getSubBody(tfl::SubOp op) {
  return getSumBody(op, op.getPotScaleInt16(),
                    [](ScalarBuilder &b, Value lhs, Value rhs) { return b.sub(lhs, rhs); });
}

//===----------------------------------------------------------------------===//
// MUL
//===----------------------------------------------------------------------===//

/// Operands of 16 bits that count as fractions, result of 8 bits.
static ElementBody getNarrowingMul(const BinaryQuantization &q, StringRef activation) {
  IntegerRange range = getActivatedRange(q.out, activation);
  return [=](ScalarBuilder &b, ValueRange args) {
    // Rounded to 15 fractional bits; only INT16_MIN squared does not fit.
    Value product = b.mul(b.center(args[0], q.lhs), b.center(args[1], q.rhs));
    Value high = b.shiftRight(b.add(product, 1 << 14), 15);
    high = b.emit<arith::MinSIOp>(high, b.integer(b.i32(), INT16_MAX));
    return b.store(b.add(b.divideByPowerOfTwo(high, 8), q.out.zeroPoint), range, q.out);
  };
}

/// The product of complex numbers.
static Value multiplyComplex(ScalarBuilder &b, ValueRange args) {
  Value re[2], im[2];
  for (int i = 0; i < 2; ++i) {
    re[i] = b.emit<complex::ReOp>(args[i]);
    im[i] = b.emit<complex::ImOp>(args[i]);
  }
  Value real = b.sub(b.mul(re[0], re[1]), b.mul(im[0], im[1]));
  Value imaginary = b.add(b.mul(re[0], im[1]), b.mul(im[0], re[1]));
  return b.emit<complex::CreateOp>(args[0].getType(), real, imaginary);
}

static ElementBody getMulBody(tfl::MulOp op) {
  std::string activation = op.getFusedActivationFunction().str();
  if (isa<ComplexType>(op.getType().getElementType()))
    return multiplyComplex;
  if (isPlain(op))
    return [=](ScalarBuilder &b, ValueRange args) {
      return activate(b, b.mul(args[0], args[1]), activation);
    };
  auto q = getBinaryQuantization(op);
  if (!q)
    return nullptr;
  if (q->lhs.width == 16 && q->out.width == 8)
    return getNarrowingMul(*q, activation);
  FixedPointMultiplier scale = quantizeMultiplier(q->lhs.scale * q->rhs.scale / q->out.scale);
  IntegerRange range = getActivatedRange(q->out, activation);
  return [=](ScalarBuilder &b, ValueRange args) {
    Value product = b.mul(b.center(args[0], q->lhs), b.center(args[1], q->rhs));
    return b.store(b.add(b.rescale(product, scale), q->out.zeroPoint), range, q->out);
  };
}

//===----------------------------------------------------------------------===//
// POW, ATAN2
//===----------------------------------------------------------------------===//

/// `base^exponent` modulo the width, the exponent not negative: the product of base^(2^i) for each
/// bit i of the exponent.
static Value raise(ScalarBuilder &b, Value base, Value exponent) {
  Type type = base.getType();
  Value one = b.integer(type, 1), zero = b.integer(type, 0), result = one;
  unsigned bits = type.getIntOrFloatBitWidth() - 1;
  for (unsigned i = 0; i < bits; ++i) {
    Value isSet = b.compare(arith::CmpIPredicate::ne,
                            b.emit<arith::AndIOp>(b.shiftRight(exponent, i), one), zero);
    result = b.mul(result, b.select(isSet, base, one));
    base = b.mul(base, base);
  }
  return result;
}

static ElementBody getPowBody(tfl::PowOp op) {
  return [](ScalarBuilder &b, ValueRange args) -> Value {
    if (isa<FloatType>(args[0].getType()))
      return b.emit<math::PowFOp>(args[0], args[1]);
    return raise(b, args[0], args[1]);
  };
}

/// Integers have no inverse.
static std::optional<Rejection> rejectNegativeExponent(tfl::PowOp op) {
  if (isa<FloatType>(op.getRhs().getType().getElementType()))
    return std::nullopt;
  return Rejection{1, INT32_MIN, -1, TFLC_INVALID_VALUE};
}

static ElementBody getAtan2Body(tfl::Atan2Op op) {
  return computeInSingle(
      [](ScalarBuilder &b, ValueRange args) { return b.emit<math::Atan2Op>(args[0], args[1]); });
}

//===----------------------------------------------------------------------===//
// SQUARED_DIFFERENCE, MAXIMUM, MINIMUM
//===----------------------------------------------------------------------===//

static ElementBody getSquaredDifferenceBody(tfl::SquaredDifferenceOp op) {
  if (isPlain(op))
    return [](ScalarBuilder &b, ValueRange args) {
      Value difference = b.sub(args[0], args[1]);
      return b.mul(difference, difference);
    };
  auto q = getBinaryQuantization(op);
  if (!q)
    return nullptr;
  constexpr int left = 7;
  double twiceMax = 2 * std::max(q->lhs.scale, q->rhs.scale);
  FixedPointMultiplier lhsScale = quantizeMultiplier(q->lhs.scale / twiceMax);
  FixedPointMultiplier rhsScale = quantizeMultiplier(q->rhs.scale / twiceMax);
  FixedPointMultiplier outScale =
      quantizeMultiplier(twiceMax * twiceMax / (double(1 << (2 * left)) * q->out.scale));
  return [=](ScalarBuilder &b, ValueRange args) {
    Value lhs = b.rescale(b.shiftLeft(b.center(args[0], q->lhs), left), lhsScale);
    Value rhs = b.rescale(b.shiftLeft(b.center(args[1], q->rhs), left), rhsScale);
    Value difference = b.sub(lhs, rhs);
    Value square = b.rescale(b.mul(difference, difference), outScale);
    return b.store(b.add(square, q->out.zeroPoint), q->out.limits, q->out);
  };
}

/// The larger (or lesser) operand; the second one where a comparison is not true.
template <typename OpTy> static ElementBody getExtremumBody(OpTy op) {
  constexpr bool isMax = std::is_same_v<OpTy, tfl::MaximumOp>;
  // There is no element.
  if (isa<ComplexType>(op.getType().getElementType()))
    return [](ScalarBuilder &, ValueRange args) { return args[0]; };
  bool isUnsigned = isUnsignedElement(getElementTypeOrSelf(op.getType()));
  return [=](ScalarBuilder &b, ValueRange args) -> Value {
    if (isa<FloatType>(args[0].getType())) {
      auto predicate = isMax ? arith::CmpFPredicate::OGT : arith::CmpFPredicate::OLT;
      return b.select(b.compare(predicate, args[0], args[1]), args[0], args[1]);
    }
    if (isUnsigned)
      return isMax ? b.emit<arith::MaxUIOp>(args[0], args[1])
                   : b.emit<arith::MinUIOp>(args[0], args[1]);
    return isMax ? b.emit<arith::MaxSIOp>(args[0], args[1])
                 : b.emit<arith::MinSIOp>(args[0], args[1]);
  };
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void tflc::populateArithmeticPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::AddOp>(converter, patterns, getAddBody);
  addElementwise<tfl::AddNOp>(converter, patterns, getAddNBody);
  addElementwise<tfl::SubOp>(converter, patterns, getSubBody);
  addElementwise<tfl::MulOp>(converter, patterns, getMulBody);
  addElementwise<tfl::PowOp>(converter, patterns, getPowBody, rejectNegativeExponent);
  addElementwise<tfl::Atan2Op>(converter, patterns, getAtan2Body);
  addElementwise<tfl::SquaredDifferenceOp>(converter, patterns, getSquaredDifferenceBody);
  addElementwise<tfl::MaximumOp>(converter, patterns, getExtremumBody<tfl::MaximumOp>);
  addElementwise<tfl::MinimumOp>(converter, patterns, getExtremumBody<tfl::MinimumOp>);
}
