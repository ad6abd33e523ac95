//===- NarrowSaturating.cpp - clamped bytes by saturating instructions ----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TargetTriple.h"

#include "TFLRT/IR/TFLRTDialect.h"
#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace tflc {
#define GEN_PASS_DEF_NARROWSATURATING
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

namespace {

/// The one value of all lanes of a constant vector.
std::optional<int64_t> matchSplat(Value value) {
  while (auto broadcast = value.getDefiningOp<vector::BroadcastOp>())
    value = broadcast.getSource();
  APInt scalar;
  if (matchPattern(value, m_ConstantInt(&scalar)))
    return scalar.getSExtValue();
  DenseIntElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)) || !elements.isSplat())
    return std::nullopt;
  return elements.getSplatValue<APInt>().getSExtValue();
}

/// max(min(x, high), low) or the other way round.
struct Clamp {
  Value input;
  int64_t low, high;
};

std::optional<Clamp> matchClamp(Value value) {
  std::optional<int64_t> low, high;
  for (int i = 0; i < 2; ++i) {
    if (auto max = value.getDefiningOp<arith::MaxSIOp>(); max && !low) {
      low = matchSplat(max.getRhs());
      value = max.getLhs();
    } else if (auto min = value.getDefiningOp<arith::MinSIOp>(); min && !high) {
      high = matchSplat(min.getRhs());
      value = min.getLhs();
    }
  }
  if (!low || !high || *low > *high)
    return std::nullopt;
  return Clamp{value, *low, *high};
}

/// Whether a zero point of a byte may be added in 16 bits instead: the sum does not wrap around in
/// 32, for a rescaled value's magnitude is at most 2^30 (something is always shifted out).
bool hasRoom(arith::AddIOp add) {
  if (bitEnumContainsAll(add.getOverflowFlags(), arith::IntegerOverflowFlags::nsw))
    return true;
  auto rescale = add.getLhs().getDefiningOp<RescaleOp>();
  if (!rescale)
    return false;
  if (rescale.getMaxShiftAttr())
    return rescale.getMaxShiftAttr().getInt() < 0;
  auto shift = matchSplat(rescale.getShift());
  return shift && *shift < 0;
}

Value splat(ImplicitLocOpBuilder &b, VectorType type, int64_t value) {
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(type, b.getIntegerAttr(type.getElementType(), value)));
}

/// Clamped 32 bit integers that become bytes.
struct Narrowing {
  Value input; ///< of 32 bits
  int64_t zeroPoint = 0, low, high;
};

std::optional<Narrowing> matchNarrowing(arith::TruncIOp op) {
  auto type = dyn_cast<VectorType>(op.getType());
  if (!type || type.getRank() != 1 || type.isScalable() || !type.getElementType().isInteger(8) ||
      !cast<VectorType>(op.getIn().getType()).getElementType().isInteger(32))
    return std::nullopt;
  std::optional<Clamp> clamp = matchClamp(op.getIn());
  if (!clamp)
    return std::nullopt;
  Narrowing result{clamp->input, 0, clamp->low, clamp->high};
  // What leaves 16 bits is far beyond the limits, and stays so when the zero point joins it there.
  if (auto add = result.input.getDefiningOp<arith::AddIOp>())
    if (auto value = matchSplat(add.getRhs()); value && std::abs(*value) <= 256 && hasRoom(add)) {
      result.zeroPoint = *value;
      result.input = add.getLhs();
    }
  return result;
}

/// NEON narrows with saturation in one instruction (SQXTN).
struct NarrowNEON : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    auto narrowing = matchNarrowing(op);
    auto type = dyn_cast<VectorType>(op.getType());
    if (!narrowing || type.getNumElements() % 8 != 0 || narrowing->low < INT8_MIN ||
        narrowing->high > INT8_MAX)
      return rewriter.notifyMatchFailure(op, "not full vectors clamped to the range of a byte");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto half = VectorType::get(type.getShape(), b.getI16Type());
    auto saturate = [&](Value value, VectorType to) -> Value {
      auto from = cast<VectorType>(value.getType());
      int64_t limit = (int64_t(1) << (to.getElementTypeBitWidth() - 1)) - 1;
      value = arith::MaxSIOp::create(b, value, splat(b, from, -limit - 1));
      value = arith::MinSIOp::create(b, value, splat(b, from, limit));
      return arith::TruncIOp::create(b, to, value);
    };
    Value value = saturate(narrowing->input, half);
    if (narrowing->zeroPoint != 0)
      value = LLVM::SAddSat::create(b, half, value, splat(b, half, narrowing->zeroPoint));
    value = saturate(value, type);
    if (narrowing->low > INT8_MIN)
      value = arith::MaxSIOp::create(b, value, splat(b, type, narrowing->low));
    if (narrowing->high < INT8_MAX)
      value = arith::MinSIOp::create(b, value, splat(b, type, narrowing->high));
    rewriter.replaceOp(op, value);
    return success();
  }
};

/// AVX2 packs two registers into one, with saturation, but the lower and the upper half of them
/// each by itself. LLVM puts every result in order; here all are packed first.
struct NarrowAVX2 : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    auto narrowing = matchNarrowing(op);
    auto type = dyn_cast<VectorType>(op.getType());
    if (!narrowing || type.getNumElements() % 32 != 0)
      return rewriter.notifyMatchFailure(op, "not four registers of clamped integers");
    bool isSigned = narrowing->low >= INT8_MIN && narrowing->high <= INT8_MAX;
    if (!isSigned && (narrowing->low < 0 || narrowing->high > UINT8_MAX))
      return rewriter.notifyMatchFailure(op, "not clamped to the range of a byte");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto bytes = VectorType::get(32, b.getI8Type()), halves = VectorType::get(16, b.getI16Type());
    auto words = VectorType::get(8, b.getI32Type());
    auto call = [&](StringRef name, VectorType result, Value lhs, Value rhs) {
      return LLVM::CallIntrinsicOp::create(b, result, b.getStringAttr(name), ValueRange{lhs, rhs})
          .getResult(0);
    };
    Value all;
    for (int64_t done = 0; done < type.getNumElements(); done += 32) {
      SmallVector<Value, 4> parts;
      for (int64_t i = 0; i < 4; ++i)
        parts.push_back(vector::ExtractStridedSliceOp::create(
            b, narrowing->input, ArrayRef<int64_t>{done + 8 * i}, ArrayRef<int64_t>{8},
            ArrayRef<int64_t>{1}));
      SmallVector<Value, 2> pairs;
      for (int64_t i = 0; i < 4; i += 2) {
        Value pair = call("llvm.x86.avx2.packssdw", halves, parts[i], parts[i + 1]);
        if (narrowing->zeroPoint != 0)
          pair = LLVM::SAddSat::create(b, halves, pair, splat(b, halves, narrowing->zeroPoint));
        pairs.push_back(pair);
      }
      Value packed = call(isSigned ? "llvm.x86.avx2.packsswb" : "llvm.x86.avx2.packuswb", bytes,
                          pairs[0], pairs[1]);
      // Groups of four bytes: the lower ones of all parts, then the upper ones.
      packed = vector::BitCastOp::create(b, words, packed);
      packed =
          vector::ShuffleOp::create(b, packed, packed, ArrayRef<int64_t>{0, 4, 1, 5, 2, 6, 3, 7});
      packed = vector::BitCastOp::create(b, bytes, packed);
      if (isSigned && narrowing->low > INT8_MIN)
        packed = arith::MaxSIOp::create(b, packed, splat(b, bytes, narrowing->low));
      if (isSigned && narrowing->high < INT8_MAX)
        packed = arith::MinSIOp::create(b, packed, splat(b, bytes, narrowing->high));
      if (!isSigned && narrowing->low > 0)
        packed = arith::MaxUIOp::create(b, packed, splat(b, bytes, narrowing->low));
      if (!isSigned && narrowing->high < UINT8_MAX)
        packed = arith::MinUIOp::create(b, packed, splat(b, bytes, narrowing->high));
      if (type == bytes) {
        rewriter.replaceOp(op, packed);
        return success();
      }
      if (!all)
        all = splat(b, type, 0);
      all = vector::InsertStridedSliceOp::create(b, packed, all, ArrayRef<int64_t>{done},
                                                 ArrayRef<int64_t>{1});
    }
    rewriter.replaceOp(op, all);
    return success();
  }
};

struct NarrowSaturatingPass : tflc::impl::NarrowSaturatingBase<NarrowSaturatingPass> {
  void runOnOperation() override {
    StringRef triple = tflc::getTargetTriple(getOperation());
    DictionaryAttr target = tflc::getTargetAttr(getOperation());
    auto vectorBits = target ? target.getAs<IntegerAttr>("vector_bits") : IntegerAttr();
    RewritePatternSet patterns(&getContext());
    if (tflc::isTripleOfAArch64(triple))
      patterns.add<NarrowNEON>(&getContext());
    else if (triple.starts_with("x86_64") && vectorBits && vectorBits.getInt() == 256)
      patterns.add<NarrowAVX2>(&getContext());
    else
      return;
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
