//===- NarrowSaturating.cpp - clamped bytes by saturating instructions ----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
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

/// A zero point of a byte.
constexpr int64_t mostAdded = 256;

/// Whether a zero point may be added to `value` in 16 bits instead: the sum does not wrap around in
/// 32, as the value comes from rescales whose results are small enough.
bool hasRoom(Value value) {
  if (auto shuffle = value.getDefiningOp<vector::ShuffleOp>())
    return hasRoom(shuffle.getV1()) && hasRoom(shuffle.getV2());
  auto rescale = value.getDefiningOp<RescaleOpInterface>();
  std::optional<int64_t> largest = rescale ? rescale.getLargestResult() : std::nullopt;
  return largest && *largest <= INT32_MAX - mostAdded;
}

std::optional<Narrowing> matchNarrowing(arith::TruncIOp op) {
  auto type = dyn_cast<VectorType>(op.getType());
  if (!type || type.getRank() != 1 || type.isScalable() || !type.getElementType().isInteger(8) ||
      !cast<VectorType>(op.getIn().getType()).getElementType().isInteger(32))
    return std::nullopt;
  std::optional<Clamp> clamp = matchClamp(op.getIn());
  if (!clamp)
    return std::nullopt;
  Narrowing result{clamp->input, 0, clamp->low, clamp->high, type};
  // What leaves 16 bits is far beyond the limits, and stays so when the zero point joins it there.
  if (auto add = result.input.getDefiningOp<arith::AddIOp>())
    if (auto value = matchSplat(add.getRhs());
        value && std::abs(*value) <= mostAdded && hasRoom(add.getLhs())) {
      result.zeroPoint = *value;
      result.input = add.getLhs();
    }
  return result;
}

/// What reads `op` alone and flips the sign bits of its bytes, if there is such an op.
arith::XOrIOp findFlip(arith::TruncIOp op) {
  auto flip = op->hasOneUse() ? dyn_cast<arith::XOrIOp>(*op->user_begin()) : nullptr;
  return flip && flip.getLhs() == op && matchSplat(flip.getRhs()) == INT8_MIN ? flip : nullptr;
}

/// Bytes whose sign bits are flipped are those of a zero point 128 higher, without signs.
std::optional<Narrowing> matchFlipped(arith::TruncIOp op) {
  constexpr int64_t half = 128;
  std::optional<Narrowing> narrowing = findFlip(op) ? matchNarrowing(op) : std::nullopt;
  if (!narrowing || narrowing->low < -half || narrowing->high >= half ||
      std::abs(narrowing->zeroPoint + half) > mostAdded || !hasRoom(narrowing->input))
    return std::nullopt;
  narrowing->zeroPoint += half;
  narrowing->low += half;
  narrowing->high += half;
  return narrowing;
}

struct NarrowSaturating : OpRewritePattern<arith::TruncIOp> {
  NarrowSaturating(MLIRContext *context, const Instructions &instructions)
      : OpRewritePattern(context), instructions(instructions) {}

  LogicalResult matchAndRewrite(arith::TruncIOp op, PatternRewriter &rewriter) const override {
    if (matchFlipped(op))
      return rewriter.notifyMatchFailure(op, "its reader is replaced");
    std::optional<Narrowing> narrowing = matchNarrowing(op);
    if (!narrowing)
      return rewriter.notifyMatchFailure(op, "no clamped 32 bit integers that become bytes");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value bytes = instructions.narrow(b, *narrowing);
    if (!bytes)
      return rewriter.notifyMatchFailure(op, "no instructions for that many lanes or that clamp");
    rewriter.replaceOp(op, bytes);
    return success();
  }

  const Instructions &instructions;
};

/// A flip behind a narrowing costs nothing. Nor may it stand between packing and what puts the
/// bytes in order: LLVM 22 then combines some of them for ever (MobileNetV3).
struct NarrowFlipped : OpRewritePattern<arith::XOrIOp> {
  NarrowFlipped(MLIRContext *context, const Instructions &instructions)
      : OpRewritePattern(context), instructions(instructions) {}

  LogicalResult matchAndRewrite(arith::XOrIOp op, PatternRewriter &rewriter) const override {
    auto truncation = op.getLhs().getDefiningOp<arith::TruncIOp>();
    std::optional<Narrowing> narrowing = truncation ? matchFlipped(truncation) : std::nullopt;
    if (!narrowing)
      return rewriter.notifyMatchFailure(op, "flips no bytes that are clamped before");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value bytes = instructions.narrow(b, *narrowing);
    if (!bytes) {
      bytes = instructions.narrow(b, *matchNarrowing(truncation));
      if (!bytes)
        return rewriter.notifyMatchFailure(op, "no instructions for that many lanes or that clamp");
      bytes = arith::XOrIOp::create(b, bytes, op.getRhs());
    }
    rewriter.replaceOp(op, bytes);
    return success();
  }

  const Instructions &instructions;
};

struct NarrowSaturatingPass : tflc::impl::NarrowSaturatingBase<NarrowSaturatingPass> {
  void runOnOperation() override {
    std::unique_ptr<Instructions> instructions = Instructions::createFor(getOperation());
    if (!instructions)
      return signalPassFailure();
    RewritePatternSet patterns(&getContext());
    patterns.add<NarrowSaturating, NarrowFlipped>(&getContext(), *instructions);
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};

} // namespace
