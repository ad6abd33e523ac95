//===- ExpandRescaleInWords.cpp - rescaling where registers have 32 bits --===//
//
// Part of tflc, under the Apache License 2.0.
//
// Where the input has a bit to spare, doubling it makes the product's upper word the result of the
// multiplication: (x * m + 2^30) >> 31 = (2x * m + 2^31) >> 32. No bits move between two registers,
// and machines that multiply and round in one instruction (SMMLAR) do all of it, with what is added
// next, in one. For the same reason a constant that the caller adds to the result joins before the
// last shift.
//
//===----------------------------------------------------------------------===//

#include "ExpandRescale.h"
#include "KnownRange.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

namespace {
class WordExpander {
public:
  WordExpander(RescaleOp op, RewriterBase &rewriter)
      : op(op), rewriter(rewriter), loc(op.getLoc()), x(op.getInput()),
        shift(getKnownRange(op.getShift(),
                            {-31, op.getMaxShift() ? op.getMaxShiftAttr().getInt() : 30})) {}

  /// The result, or null where this form does not apply.
  Value expand();

private:
  Value expandDouble(Value doubled);
  Value expandSingle(Value doubled);
  Value upperWord(Value doubled, int64_t nudge);
  Value shiftRightWithOffset(Value sum);

  Value word(int64_t value) {
    return arith::ConstantOp::create(rewriter, loc, rewriter.getI32IntegerAttr(value));
  }
  template <typename OpTy> Value emit(Value lhs, Value rhs) {
    return rewriter.createOrFold<OpTy>(loc, lhs, rhs);
  }
  Value wide(Value value) {
    return rewriter.createOrFold<arith::ExtSIOp>(loc, rewriter.getI64Type(), value);
  }
  Value wideConstant(int64_t value) {
    return arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(value));
  }

  RescaleOp op;
  RewriterBase &rewriter;
  Location loc;
  Value x;
  KnownRange shift;
  int64_t magnitude = 0; ///< of the product's upper word at most
};
} // namespace

/// The upper word of doubled * multiplier + nudge.
Value WordExpander::upperWord(Value doubled, int64_t nudge) {
  Value product = emit<arith::MulIOp>(wide(doubled), wide(op.getMultiplier()));
  if (nudge != 0)
    product = emit<arith::AddIOp>(product, wideConstant(nudge));
  Value upper = emit<arith::ShRSIOp>(product, wideConstant(32));
  return rewriter.createOrFold<arith::TruncIOp>(loc, rewriter.getI32Type(), upper);
}

/// (sum + 2^(right - 1)) >> right. Where the only reader adds a constant z, it is added here as
/// z * 2^right, and the reader adds zero.
Value WordExpander::shiftRightWithOffset(Value sum) {
  int64_t offset = 0;
  if (op->hasOneUse()) {
    auto add = dyn_cast<arith::AddIOp>(*op->user_begin());
    KnownRange other{0, 1};
    if (add && add.getLhs() == op.getResult())
      other = getKnownRange(add.getRhs(), {0, 1});
    // Nothing may wrap: |sum| + |z| * 2^right + 2^right stays below 2^31.
    bool fits = other.isConstant() && other.magnitude() < (1 << 16) &&
                magnitude + ((other.magnitude() + 1) << -shift.min) < (int64_t(1) << 31);
    if (fits) {
      offset = other.min;
      rewriter.setInsertionPoint(op);
      Value zero = word(0);
      rewriter.modifyOpInPlace(add, [&] { add.setOperand(1, zero); });
    }
  }
  // z * 2^right + 2^(right - 1) = (2z + 1) * 2^(right - 1).
  if (shift.isConstant()) {
    int64_t right = -shift.max;
    Value nudge = word((2 * offset + 1) * (int64_t(1) << (right - 1)));
    return emit<arith::ShRSIOp>(emit<arith::AddIOp>(sum, nudge), word(right));
  }
  Value right = emit<arith::SubIOp>(
      word(0), rewriter.createOrFold<arith::ExtSIOp>(loc, rewriter.getI32Type(), op.getShift()));
  Value nudge = emit<arith::ShLIOp>(word(2 * offset + 1), emit<arith::SubIOp>(right, word(1)));
  return emit<arith::ShRSIOp>(emit<arith::AddIOp>(sum, nudge), right);
}

Value WordExpander::expandDouble(Value doubled) {
  Value high = upperWord(doubled, int64_t(1) << 31);
  if (shift.isConstant() && shift.max >= 0)
    return high;
  // The second rounding is away from zero: one less where the value is negative. The sign of x is
  // that of `high`, except where `high` is zero; then x's sign changes nothing, as
  // (2^(right - 1) - 1) >> right is zero, too.
  Value nudged = shiftRightWithOffset(emit<arith::AddIOp>(high, emit<arith::ShRSIOp>(x, word(31))));
  return nudged;
}

Value WordExpander::expandSingle(Value doubled) {
  if (shift.isConstant() && shift.max >= 0)
    return upperWord(doubled, int64_t(1) << 31);
  // 2^(31 + right) of the doubled product is 2^(right - 1) of its upper word.
  return shiftRightWithOffset(upperWord(doubled, 0));
}

Value WordExpander::expand() {
  if (!op.getType().isInteger(32) || !x.getType().isInteger(32) ||
      op.getRounding() == Rounding::Reduced)
    return nullptr;
  // Which way to shift must be known.
  bool isLeft = shift.isConstant() && shift.max >= 0, isRight = shift.max < 0;
  if (!isLeft && !isRight)
    return nullptr;
  int64_t left = isLeft ? shift.max : 0;
  int64_t limit = deriveRange(x).magnitude();
  if (std::optional<uint32_t> bound = op.getMaxInput())
    limit = std::min(limit, int64_t(*bound));
  magnitude = limit << left;
  if (left > 29 || magnitude > (int64_t(1) << 30) - 1)
    return nullptr;
  rewriter.setInsertionPoint(op);
  Value doubled = emit<arith::ShLIOp>(x, word(left + 1));
  return op.getRounding() == Rounding::Double ? expandDouble(doubled) : expandSingle(doubled);
}

Value tflc::expandRescaleInWords(RescaleOp op, RewriterBase &rewriter) {
  return WordExpander(op, rewriter).expand();
}
