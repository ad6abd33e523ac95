//===- ExpandRescale.cpp - rescaling as integer arithmetic ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ExpandRescaleNEON.h"
#include "TFLRT/IR/TFLRTDialect.h"
#include "TFLRT/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace tflc::tflrt {
#define GEN_PASS_DEF_EXPANDRESCALE
#include "TFLRT/Transforms/Passes.h.inc"
} // namespace tflc::tflrt

using namespace mlir;
using namespace tflc::tflrt;

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {
/// What is known of an integer operand at compile time.
struct KnownRange {
  int64_t min;
  int64_t max;

  bool isConstant() const { return min == max; }
};

KnownRange getKnownRange(Value value, KnownRange otherwise) {
  while (auto broadcast = value.getDefiningOp<vector::BroadcastOp>())
    value = broadcast.getSource();
  APInt scalar;
  if (matchPattern(value, m_ConstantInt(&scalar)))
    return {scalar.getSExtValue(), scalar.getSExtValue()};
  DenseIntElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || elements.empty())
    return otherwise;
  KnownRange range{INT64_MAX, INT64_MIN};
  for (const APInt &element : elements) {
    range.min = std::min(range.min, element.getSExtValue());
    range.max = std::max(range.max, element.getSExtValue());
  }
  return range;
}

/// Emits arithmetic in the shape (scalar or vector) of one rescale op.
class Expander {
public:
  Expander(RescaleOp op, PatternRewriter &rewriter)
      : op(op), rewriter(rewriter), loc(op.getLoc()),
        shift(getKnownRange(op.getShift(),
                            {-31, op.getMaxShift() ? op.getMaxShiftAttr().getInt() : 30})),
        multiplier(getKnownRange(op.getMultiplier(), {0, INT32_MAX})) {}

  Value expand() {
    if (hasRescaleOfNEON(op))
      return expandRescaleForNEON(op, {shift.min, shift.max}, rewriter);
    switch (op.getRounding()) {
    case Rounding::Double:
      return expandDouble();
    case Rounding::Single:
      return expandSingle();
    case Rounding::Reduced:
      return expandReduced();
    }
    llvm_unreachable("all enumerators are handled");
  }

private:
  Value expandDouble();
  Value multiplyHigh(Value x);
  bool multipliesPairs();
  Value multiplyHighInPairs(Value x);
  Value roundSecondTime(Value high);
  Value expandSingle();
  Value expandReduced();

  Type typeOf(unsigned width) {
    Type scalar = rewriter.getIntegerType(width);
    auto vector = dyn_cast<VectorType>(op.getType());
    return vector ? vector.clone(scalar) : scalar;
  }
  static unsigned widthOf(Value value) {
    return getElementTypeOrSelf(value).getIntOrFloatBitWidth();
  }

  Value constant(int64_t value, unsigned width) {
    Type type = typeOf(width);
    TypedAttr attr = rewriter.getIntegerAttr(getElementTypeOrSelf(type), value);
    if (auto vector = dyn_cast<VectorType>(type))
      attr = DenseElementsAttr::get(vector, attr);
    return arith::ConstantOp::create(rewriter, loc, attr);
  }
  Value resize(Value value, unsigned width) {
    if (widthOf(value) < width)
      return rewriter.createOrFold<arith::ExtSIOp>(loc, typeOf(width), value);
    if (widthOf(value) > width)
      return rewriter.createOrFold<arith::TruncIOp>(loc, typeOf(width), value);
    return value;
  }
  template <typename OpTy> Value emit(Value lhs, Value rhs) {
    return rewriter.createOrFold<OpTy>(loc, lhs, rhs);
  }

  /// The multiplier in `width` bits; a broadcast constant becomes a plain one.
  Value getMultiplier(unsigned width) {
    return multiplier.isConstant() ? constant(multiplier.min, width)
                                   : resize(op.getMultiplier(), width);
  }
  /// The value of `base - shift` in `width` bits.
  Value getDistance(int64_t base, unsigned width) {
    if (shift.isConstant())
      return constant(base - shift.min, width);
    return emit<arith::SubIOp>(constant(base, width), resize(op.getShift(), width));
  }
  /// The value of `2^(distance - 1)` in 64 bits.
  Value getHalf(int64_t base) {
    if (shift.isConstant())
      return constant(int64_t(1) << (base - shift.min - 1), 64);
    return emit<arith::ShLIOp>(constant(1, 64), getDistance(base - 1, 64));
  }

  RescaleOp op;
  PatternRewriter &rewriter;
  Location loc;
  KnownRange shift;
  KnownRange multiplier;
};

Value Expander::expandDouble() {
  Value x = op.getInput();
  if (shift.max > 0) {
    Value left = shift.isConstant()
                     ? constant(shift.max, 32)
                     : emit<arith::MaxSIOp>(resize(op.getShift(), 32), constant(0, 32));
    x = emit<arith::ShLIOp>(x, left);
  }
  Value high = multipliesPairs() ? multiplyHighInPairs(x) : multiplyHigh(x);
  return shift.min < 0 ? roundSecondTime(high) : high;
}

/// (x * multiplier + 2^30) >> 31 in 32 bits. The saturation of the definition needs a negative
/// multiplier, which the op excludes.
Value Expander::multiplyHigh(Value x) {
  Value product = emit<arith::MulIOp>(resize(x, 64), getMultiplier(64));
  Value nudged = emit<arith::AddIOp>(product, constant(int64_t(1) << 30, 64));
  return resize(emit<arith::ShRSIOp>(nudged, constant(31, 64)), 32);
}

/// The machine multiplies the even lanes of 32 bit vectors into 64 bits (PMULDQ of x86).
bool Expander::multipliesPairs() {
  auto vector = dyn_cast<VectorType>(op.getType());
  if (!vector || vector.getRank() != 1 || vector.getNumElements() % 4 != 0)
    return false;
  auto module = op->getParentOfType<ModuleOp>();
  auto target = module ? module->getAttrOfType<DictionaryAttr>("tflc.target") : DictionaryAttr();
  auto triple = target ? target.getAs<StringAttr>("triple") : StringAttr();
  return triple && triple.getValue().starts_with("x86_64");
}

/// The same as multiplyHigh, even and odd lanes apart, so that no lane has to move.
Value Expander::multiplyHighInPairs(Value x) {
  auto type =
      VectorType::get(cast<VectorType>(op.getType()).getNumElements() / 2, rewriter.getI64Type());
  auto splat = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(
        rewriter, loc, DenseElementsAttr::get(type, rewriter.getI64IntegerAttr(value)));
  };
  auto wide = [&](Value value) -> Value {
    return vector::BitCastOp::create(rewriter, loc, type, value);
  };
  // A left and a right shift by 32 are how LLVM knows the sign extension of a factor of PMULDQ; it
  // sinks this pair, and no other form, to the multiplication, where it costs nothing. Multipliers
  // that left the loop in another form would be multiplied as full 64 bit numbers.
  auto even = [&](Value lanes) {
    return emit<arith::ShRSIOp>(emit<arith::ShLIOp>(wide(lanes), splat(32)), splat(32));
  };
  auto odd = [&](Value lanes) {
    SmallVector<int64_t> pick;
    for (int64_t lane = 0, e = 2 * type.getNumElements(); lane < e; ++lane)
      pick.push_back(lane | 1);
    return even(vector::ShuffleOp::create(rewriter, loc, lanes, lanes, pick));
  };
  Value evenMultiplier, oddMultiplier;
  if (multiplier.isConstant()) {
    evenMultiplier = oddMultiplier = splat(multiplier.min);
  } else {
    evenMultiplier = even(op.getMultiplier()), oddMultiplier = odd(op.getMultiplier());
  }
  Value nudge = splat(int64_t(1) << 30);
  auto product = [&](Value lanes, Value factor) {
    return emit<arith::AddIOp>(emit<arith::MulIOp>(lanes, factor), nudge);
  };
  // Both go to the lower half and the odd ones come back by a shuffle. One shift of those to the
  // left would do, but LLVM moves it into a constant multiplier, which then has 32 bits.
  auto rounded = [&](Value lanes, Value factor) -> Value {
    return vector::BitCastOp::create(rewriter, loc, op.getType(),
                                     emit<arith::ShRUIOp>(product(lanes, factor), splat(31)));
  };
  Value low = rounded(even(x), evenMultiplier), high = rounded(odd(x), oddMultiplier);
  SmallVector<int64_t> pick;
  for (int64_t lane = 0, lanes = 2 * type.getNumElements(); lane < lanes; lane += 2)
    pick.append({lane, lanes + lane});
  return vector::ShuffleOp::create(rewriter, loc, low, high, pick);
}

/// Shifts `high` to the right by the negative part of the shift and rounds half away from zero.
Value Expander::roundSecondTime(Value high) {
  Value sign = emit<arith::ShRSIOp>(high, constant(31, 32));
  if (shift.max < 0) {
    // Something is shifted out, so half of it can be added before the last position goes: (high -
    // negative) shifted by all positions but one, plus 1, shifted once more. `high` is above
    // INT32_MIN, hence nothing wraps.
    Value adjusted = emit<arith::AddIOp>(high, sign);
    Value almost = emit<arith::ShRSIOp>(adjusted, getDistance(-1, 32));
    return emit<arith::ShRSIOp>(emit<arith::AddIOp>(almost, constant(1, 32)), constant(1, 32));
  }
  Value right = emit<arith::MaxSIOp>(getDistance(0, 32), constant(0, 32));
  Value one = constant(1, 32);
  Value mask = emit<arith::SubIOp>(emit<arith::ShLIOp>(one, right), one);
  Value below = emit<arith::AndIOp>(high, mask);
  Value threshold = emit<arith::SubIOp>(emit<arith::ShRSIOp>(mask, one), sign);
  Value carry =
      rewriter.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::sgt, below, threshold);
  carry = rewriter.createOrFold<arith::ExtUIOp>(loc, typeOf(32), carry);
  return emit<arith::AddIOp>(emit<arith::ShRSIOp>(high, right), carry);
}

Value Expander::expandSingle() {
  if (widthOf(op.getInput()) == 64) {
    // The product can have more than 64 bits. What the lowest 16 bits of the input add to it,
    // together with the rounding, is shifted by 16 in advance; the rest of the input fits 32 bits.
    Value high = emit<arith::ShRSIOp>(op.getInput(), constant(16, 64));
    Value low = emit<arith::AndIOp>(op.getInput(), constant(0xffff, 64));
    Value lowProduct = emit<arith::MulIOp>(low, getMultiplier(64));
    Value carried =
        emit<arith::ShRSIOp>(emit<arith::AddIOp>(lowProduct, getHalf(31)), constant(16, 64));
    Value sum = emit<arith::AddIOp>(emit<arith::MulIOp>(high, getMultiplier(64)), carried);
    return resize(emit<arith::ShRSIOp>(sum, getDistance(15, 64)), 32);
  }
  Value product = emit<arith::MulIOp>(resize(op.getInput(), 64), getMultiplier(64));
  Value sum = emit<arith::AddIOp>(product, getHalf(31));
  return resize(emit<arith::ShRSIOp>(sum, getDistance(31, 64)), 32);
}

Value Expander::expandReduced() {
  auto reduce = [](int64_t m) { return m < 0x7fff0000 ? (m + (1 << 15)) >> 16 : 0x7fff; };
  Value reduced;
  if (multiplier.isConstant()) {
    reduced = constant(reduce(multiplier.min), 64);
  } else {
    // Multipliers from 0x7fff0000 on would round to 0x8000; their minimum with 0x7fff0000 gives
    // 0x7fff, as wanted.
    Value limited = emit<arith::MinSIOp>(op.getMultiplier(), constant(0x7fff0000, 32));
    Value rounded = emit<arith::AddIOp>(limited, constant(1 << 15, 32));
    reduced = resize(emit<arith::ShRSIOp>(rounded, constant(16, 32)), 64);
  }
  Value product = emit<arith::MulIOp>(resize(op.getInput(), 64), reduced);
  Value sum = emit<arith::AddIOp>(product, getHalf(15));
  return resize(emit<arith::ShRSIOp>(sum, getDistance(15, 64)), 32);
}

struct ExpandRescalePattern : OpRewritePattern<RescaleOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(RescaleOp op, PatternRewriter &rewriter) const override {
    if (isa<TensorType>(op.getType()))
      return rewriter.notifyMatchFailure(
          op, "works on scalars and vectors; tensors are lowered to linalg first");
    rewriter.replaceOp(op, Expander(op, rewriter).expand());
    return success();
  }
};
} // namespace

void tflc::tflrt::populateExpandRescalePatterns(RewritePatternSet &patterns) {
  patterns.add<ExpandRescalePattern>(patterns.getContext());
}

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {
struct ExpandRescalePass : tflc::tflrt::impl::ExpandRescaleBase<ExpandRescalePass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateExpandRescalePatterns(patterns);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace
