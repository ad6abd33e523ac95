//===- ExpandRescale.cpp - rescaling as integer arithmetic ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ExpandRescale.h"
#include "Instructions.h"
#include "KnownRange.h"
#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDRESCALE
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

//===----------------------------------------------------------------------===//
// What is known
//===----------------------------------------------------------------------===//

namespace {
/// Whether all readers of `value` take everything below `zero` for `zero`: they raise it to a bound
/// that is at least as large. Lanes may be joined on the way, and a zero point added.
bool onlyReadFrom(int64_t zero, Value value, bool mayAdd = true) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (isa<vector::ShuffleOp>(user))
      return onlyReadFrom(zero, user->getResult(0), mayAdd);
    if (auto max = dyn_cast<arith::MaxSIOp>(user))
      return max.getLhs() == value && getKnownRange(max.getRhs(), {INT64_MIN, 0}).min >= zero;
    auto add = dyn_cast<arith::AddIOp>(user);
    if (!add || add.getLhs() != value || !mayAdd)
      return false;
    KnownRange addend = getKnownRange(add.getRhs(), {0, INT64_MAX});
    return addend.isConstant() && onlyReadFrom(zero + addend.min, add, /*mayAdd=*/false);
  });
}

/// Emits arithmetic in the shape (scalar or vector) of one rescale op.
class Expander {
public:
  Expander(RescaleOp op, RewriterBase &rewriter, const Instructions &instructions)
      : op(op), rewriter(rewriter), instructions(instructions), loc(op.getLoc()),
        shift(getKnownRange(op.getShift(),
                            {-31, op.getMaxShift() ? op.getMaxShiftAttr().getInt() : 30})),
        multiplier(getKnownRange(op.getMultiplier(), {0, INT32_MAX})) {}

  Value expand() {
    ImplicitLocOpBuilder b(loc, rewriter);
    if (Value result = instructions.rescale(b, op, {shift.min, shift.max}))
      return result;
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
  std::pair<Value, Value> multiplyPairs(Value x, int64_t addend);
  Value joinHalves(std::pair<Value, Value> products, bool upper);
  Value multiplyHighInPairs(Value x, int64_t addend);
  Value expandDoubleInPairs(Value x);
  Value multiplyHighShort(Value x);
  Value expandSingleInPairs(Value x);
  Value roundSecondTime(Value high);
  Value expandSingle();
  Value expandReduced();
  Value expandReducedInWords(Value reduced);

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

  int64_t lanesOf() { return cast<VectorType>(op.getType()).getNumElements(); }
  /// Half as many lanes of 64 bits, each over an even and an odd lane.
  VectorType pairType() { return VectorType::get(lanesOf() / 2, rewriter.getI64Type()); }
  Value splatPairs(int64_t value) {
    return arith::ConstantOp::create(
        rewriter, loc, DenseElementsAttr::get(pairType(), rewriter.getI64IntegerAttr(value)));
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
  RewriterBase &rewriter;
  const Instructions &instructions;
  Location loc;
  KnownRange shift;
  KnownRange multiplier;
};

Value Expander::expandDouble() {
  Value x = op.getInput();
  if (multipliesPairs()) {
    if (Value high = multiplyHighShort(x))
      return shift.min < 0 ? roundSecondTime(high) : high;
    if (shift.max < 0)
      if (Value result = expandDoubleInPairs(x))
        return result;
  }
  if (shift.max > 0) {
    Value left = shift.isConstant()
                     ? constant(shift.max, 32)
                     : emit<arith::MaxSIOp>(resize(op.getShift(), 32), constant(0, 32));
    x = emit<arith::ShLIOp>(x, left);
  }
  Value high = multipliesPairs() ? multiplyHighInPairs(x, int64_t(1) << 30) : multiplyHigh(x);
  return shift.min < 0 ? roundSecondTime(high) : high;
}

/// (x * multiplier + 2^30) >> 31 in 32 bits. The saturation of the definition needs a negative
/// multiplier, which the op excludes.
Value Expander::multiplyHigh(Value x) {
  Value product = emit<arith::MulIOp>(resize(x, 64), getMultiplier(64));
  Value nudged = emit<arith::AddIOp>(product, constant(int64_t(1) << 30, 64));
  return resize(emit<arith::ShRSIOp>(nudged, constant(31, 64)), 32);
}

/// The machine multiplies the even lanes of 32 bit vectors into 64 bits.
bool Expander::multipliesPairs() {
  auto vector = dyn_cast<VectorType>(op.getType());
  if (!vector || vector.getRank() != 1 || vector.getNumElements() % 4 != 0)
    return false;
  return instructions.multipliesEvenLanes();
}

//===----------------------------------------------------------------------===//
// Even and odd lanes apart
//===----------------------------------------------------------------------===//

/// The 64 bit products of even lanes and of odd lanes with the multiplier, each plus `addend`.
std::pair<Value, Value> Expander::multiplyPairs(Value x, int64_t addend) {
  // A left and a right shift by 32 are how LLVM knows the sign extension of an even lane; it sinks
  // this pair, and no other form, to the multiplication, where it costs nothing. Multipliers
  // that left the loop in another form would be multiplied as full 64 bit numbers.
  auto even = [&](Value lanes) {
    Value wide = vector::BitCastOp::create(rewriter, loc, pairType(), lanes);
    Value distance = splatPairs(32);
    return emit<arith::ShRSIOp>(emit<arith::ShLIOp>(wide, distance), distance);
  };
  auto odd = [&](Value lanes) {
    SmallVector<int64_t> pick;
    for (int64_t lane = 0; lane < lanesOf(); ++lane)
      pick.push_back(lane | 1);
    return even(vector::ShuffleOp::create(rewriter, loc, lanes, lanes, pick));
  };
  auto product = [&](Value lanes, Value factor) {
    Value result = emit<arith::MulIOp>(lanes, factor);
    return addend == 0 ? result : emit<arith::AddIOp>(result, splatPairs(addend));
  };
  Value evenFactor, oddFactor;
  if (multiplier.isConstant()) {
    evenFactor = oddFactor = splatPairs(multiplier.min);
  } else {
    evenFactor = even(op.getMultiplier()), oddFactor = odd(op.getMultiplier());
  }
  return {product(even(x), evenFactor), product(odd(x), oddFactor)};
}

/// The upper halves of products in pairs, or the lower ones, in the order of the lanes.
Value Expander::joinHalves(std::pair<Value, Value> products, bool upper) {
  SmallVector<int64_t> pick;
  for (int64_t lane = upper; lane < lanesOf(); lane += 2)
    pick.append({lane, lanesOf() + lane});
  auto lanes = [&](Value pairs) -> Value {
    return vector::BitCastOp::create(rewriter, loc, op.getType(), pairs);
  };
  return vector::ShuffleOp::create(rewriter, loc, lanes(products.first), lanes(products.second),
                                   pick);
}

/// floor((x * multiplier + addend) / 2^31), which must fit 32 bits.
Value Expander::multiplyHighInPairs(Value x, int64_t addend) {
  auto [even, odd] = multiplyPairs(x, addend);
  // Both go to the lower half and the odd ones come back by a shuffle. One shift of those to the
  // left would do, but LLVM moves it into a constant multiplier, which then has 32 bits.
  auto shifted = [&](Value pairs) { return emit<arith::ShRUIOp>(pairs, splatPairs(31)); };
  return joinHalves({shifted(even), shifted(odd)}, /*upper=*/false);
}

/// Both roundings in one, where something is always shifted out. With right = -shift and h =
/// floor((x * m + 2^30) / 2^31), the second rounding is floor((h - [h < 0] + 2^(right - 1)) /
/// 2^right). As m is not negative, h < 0 implies x < 0; and x < 0 with h = 0 gives 0 with and
/// without the correction. So [x < 0] may stand for [h < 0], and floors of floors join:
///
///   result = floor((x * m + 2^30 + 2^(30 + right) - [x < 0] * 2^31) / 2^(31 + right))
///
/// Without the correction x >= 0 gives the same and x < 0 at most 0. Where the readers take
/// whatever is below 0 for 0 it may go, and then the upper half of the product is enough. With it,
/// the input must leave room for the half that joins in front of the last shift. Null where
/// neither holds.
Value Expander::expandDoubleInPairs(Value x) {
  constexpr int64_t nudge = int64_t(1) << 30;
  auto halfTimes2To31 = [&] { return int64_t(1) << (30 - shift.min); };
  // 2^(right - less) in each lane.
  auto power = [&](int64_t less) {
    return emit<arith::ShLIOp>(constant(1, 32), getDistance(-less, 32));
  };
  if (onlyReadFrom(0, op)) {
    if (shift.isConstant())
      return emit<arith::ShRSIOp>(
          joinHalves(multiplyPairs(x, nudge + halfTimes2To31()), /*upper=*/true),
          getDistance(-1, 32));
    if (shift.max < -1) { // the half lies within the upper half of the product
      Value high = joinHalves(multiplyPairs(x, nudge), /*upper=*/true);
      return emit<arith::ShRSIOp>(emit<arith::AddIOp>(high, power(2)), getDistance(-1, 32));
    }
  }
  int64_t largest = deriveRange(x).magnitude();
  if (op.getMaxInput())
    largest = std::min<int64_t>(largest, op.getMaxInputAttr().getInt());
  if (largest >= (1 << 30))
    return nullptr;
  Value sign = emit<arith::ShRSIOp>(x, constant(31, 32));
  Value sum;
  if (shift.isConstant())
    sum = multiplyHighInPairs(x, nudge + halfTimes2To31());
  else
    sum = emit<arith::AddIOp>(multiplyHighInPairs(x, nudge), power(1));
  return emit<arith::ShRSIOp>(emit<arith::AddIOp>(sum, sign), getDistance(0, 32));
}

/// The same as multiplyHigh for x = u * 2^k with a small u, as ADD has them, in 32 bits: with the
/// multiplier split as upper * 2^(31 - k) + lower,
///   floor((x * m + 2^30) / 2^31) = u * upper + floor((u * lower + 2^(30 - k)) / 2^(31 - k)).
/// Null for other inputs.
Value Expander::multiplyHighShort(Value x) {
  auto shifted = x.getDefiningOp<arith::ShLIOp>();
  if (!shifted || !multiplier.isConstant() || !shift.isConstant() || shift.max > 0)
    return nullptr;
  KnownRange left = getKnownRange(shifted.getRhs(), {0, 31});
  if (!left.isConstant() || left.min < 1 || left.min > 30)
    return nullptr;
  int64_t k = left.min;
  Value u = shifted.getLhs();
  int64_t largest = deriveRange(u).magnitude();
  // Neither x nor u * lower + 2^(30 - k) may wrap.
  if (largest >= int64_t(1) << (30 - k) || largest >= (int64_t(1) << k) - 1)
    return nullptr;
  int64_t upper = multiplier.min >> (31 - k),
          lower = multiplier.min & ((int64_t(1) << (31 - k)) - 1);
  Value high = emit<arith::MulIOp>(u, constant(upper, 32));
  if (lower == 0)
    return high; // the rest is below 1
  Value low = emit<arith::AddIOp>(emit<arith::MulIOp>(u, constant(lower, 32)),
                                  constant(int64_t(1) << (30 - k), 32));
  return emit<arith::AddIOp>(high, emit<arith::ShRSIOp>(low, constant(31 - k, 32)));
}

/// A single rounding of 32 bits in pairs: half of what is shifted out lies in the upper half of the
/// product.
Value Expander::expandSingleInPairs(Value x) {
  Value high = joinHalves(multiplyPairs(x, 0), /*upper=*/true);
  Value half = emit<arith::ShLIOp>(constant(1, 32), getDistance(-2, 32));
  return emit<arith::ShRSIOp>(emit<arith::AddIOp>(high, half), getDistance(-1, 32));
}

//===----------------------------------------------------------------------===//
// The general forms
//===----------------------------------------------------------------------===//

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
  if (multipliesPairs() && shift.max < -1)
    return expandSingleInPairs(op.getInput());
  Value product = emit<arith::MulIOp>(resize(op.getInput(), 64), getMultiplier(64));
  Value sum = emit<arith::AddIOp>(product, getHalf(31));
  return resize(emit<arith::ShRSIOp>(sum, getDistance(31, 64)), 32);
}

/// With x = high * 2^16 + low, m of 15 bits and a total of at least 17, floors of floors join:
///
///   result = (high * m + floor(low * m / 2^16) + 2^(total - 17)) >> (total - 16)
///
/// and none of these leaves 32 bits.
Value Expander::expandReducedInWords(Value reduced) {
  Value x = op.getInput();
  Value high = emit<arith::ShRSIOp>(x, constant(16, 32));
  Value low = emit<arith::AndIOp>(x, constant(0xffff, 32));
  Value lower = emit<arith::ShRUIOp>(emit<arith::MulIOp>(low, reduced), constant(16, 32));
  Value sum = emit<arith::AddIOp>(emit<arith::MulIOp>(high, reduced), lower);
  Value half = shift.isConstant() ? constant(int64_t(1) << (-2 - shift.min), 32)
                                  : emit<arith::ShLIOp>(constant(1, 32), getDistance(-2, 32));
  return emit<arith::ShRSIOp>(emit<arith::AddIOp>(sum, half), getDistance(-1, 32));
}

Value Expander::expandReduced() {
  // Registers of 64 bits take the product as a whole.
  bool inWords = widthOf(op.getInput()) == 32 && shift.max <= -2 && isa<VectorType>(op.getType());
  unsigned width = inWords ? 32 : 64;
  auto reduce = [](int64_t m) { return m < 0x7fff0000 ? (m + (1 << 15)) >> 16 : 0x7fff; };
  Value reduced;
  if (multiplier.isConstant()) {
    reduced = constant(reduce(multiplier.min), width);
  } else {
    // Multipliers from 0x7fff0000 on would round to 0x8000; their minimum with 0x7fff0000 gives
    // 0x7fff, as wanted.
    Value limited = emit<arith::MinSIOp>(op.getMultiplier(), constant(0x7fff0000, 32));
    Value rounded = emit<arith::AddIOp>(limited, constant(1 << 15, 32));
    reduced = resize(emit<arith::ShRSIOp>(rounded, constant(16, 32)), width);
  }
  if (inWords)
    return expandReducedInWords(reduced);
  Value product = emit<arith::MulIOp>(resize(op.getInput(), 64), reduced);
  Value sum = emit<arith::AddIOp>(product, getHalf(15));
  return resize(emit<arith::ShRSIOp>(sum, getDistance(15, 64)), 32);
}

} // namespace

//===----------------------------------------------------------------------===//
// Pass
//===----------------------------------------------------------------------===//

namespace {
struct ExpandRescalePass : tflc::impl::ExpandRescaleBase<ExpandRescalePass> {
  void runOnOperation() override {
    std::unique_ptr<Instructions> instructions = Instructions::createFor(getOperation());
    if (!instructions)
      return signalPassFailure();
    expandFloatRescales(getOperation());
    SmallVector<RescaleOp> ops;
    // Tensors are lowered to linalg first.
    getOperation()->walk([&](RescaleOp op) {
      if (!isa<TensorType>(op.getType()))
        ops.push_back(op);
    });
    // Readers first: what is known of an input is known by the ops that made it.
    IRRewriter rewriter(&getContext());
    for (RescaleOp op : llvm::reverse(ops)) {
      rewriter.setInsertionPoint(op);
      bool hasWords = instructions->target.pointerBits == 32;
      Value words = hasWords ? expandRescaleInWords(op, rewriter) : Value();
      rewriter.replaceOp(op, words ? words : Expander(op, rewriter, *instructions).expand());
    }
  }
};
} // namespace
