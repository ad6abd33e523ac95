//===- NarrowSaturating.cpp - clamped bytes by saturating instructions ----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TargetTriple.h"

#include "TFLRT/IR/TFLRTDialect.h"
#include "TFLRT/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

namespace tflc::tflrt {
#define GEN_PASS_DEF_NARROWSATURATING
#include "TFLRT/Transforms/Passes.h.inc"
} // namespace tflc::tflrt

using namespace mlir;
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

/// A rescaled value whose magnitude is at most 2^30: something is always shifted out.
bool hasRoom(Value value) {
  auto rescale = value.getDefiningOp<RescaleOp>();
  if (!rescale)
    return false;
  if (rescale.getMaxShiftAttr())
    return rescale.getMaxShiftAttr().getInt() < 0;
  Value shift = rescale.getShift();
  if (auto splat = matchSplat(shift))
    return *splat < 0;
  return false;
}

struct NarrowPattern : OpRewritePattern<arith::TruncIOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    auto type = dyn_cast<VectorType>(op.getType());
    if (!type || type.getRank() != 1 || type.isScalable() || !type.getElementType().isInteger(8) ||
        type.getNumElements() % 8 != 0 ||
        !cast<VectorType>(op.getIn().getType()).getElementType().isInteger(32))
      return rewriter.notifyMatchFailure(op, "not a full vector of 32 bit integers to bytes");
    std::optional<Clamp> clamp = matchClamp(op.getIn());
    if (!clamp || clamp->low < INT8_MIN || clamp->high > INT8_MAX)
      return rewriter.notifyMatchFailure(op, "not clamped to the range of a byte");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto half = VectorType::get(type.getShape(), b.getI16Type());
    auto splat = [&](VectorType vector, int64_t value) -> Value {
      return arith::ConstantOp::create(
          b, DenseElementsAttr::get(vector, b.getIntegerAttr(vector.getElementType(), value)));
    };
    auto saturate = [&](Value value, VectorType to) -> Value {
      auto from = cast<VectorType>(value.getType());
      int64_t limit = (int64_t(1) << (to.getElementTypeBitWidth() - 1)) - 1;
      value = arith::MaxSIOp::create(b, value, splat(from, -limit - 1));
      value = arith::MinSIOp::create(b, value, splat(from, limit));
      return arith::TruncIOp::create(b, to, value);
    };
    // What leaves 16 bits is far beyond the limits, and stays so when the zero point joins it
    // there.
    Value input = clamp->input, zeroPoint;
    if (auto add = input.getDefiningOp<arith::AddIOp>())
      if (auto splatted = matchSplat(add.getRhs());
          splatted && std::abs(*splatted) <= 256 && hasRoom(add.getLhs())) {
        zeroPoint = splat(half, *splatted);
        input = add.getLhs();
      }
    Value value = saturate(input, half);
    if (zeroPoint)
      value = LLVM::SAddSat::create(b, half, value, zeroPoint);
    value = saturate(value, type);
    if (clamp->low > INT8_MIN)
      value = arith::MaxSIOp::create(b, value, splat(type, clamp->low));
    if (clamp->high < INT8_MAX)
      value = arith::MinSIOp::create(b, value, splat(type, clamp->high));
    rewriter.replaceOp(op, value);
    return success();
  }
};

struct NarrowSaturatingPass : tflc::tflrt::impl::NarrowSaturatingBase<NarrowSaturatingPass> {
  void runOnOperation() override {
    // NEON narrows with saturation in one instruction (SQXTN).
    if (!tflc::tflrt::isTripleOfAArch64(tflc::tflrt::getTargetTriple(getOperation())))
      return;
    RewritePatternSet patterns(&getContext());
    patterns.add<NarrowPattern>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
