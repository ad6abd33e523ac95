//===- FoldConstants.cpp - compute constant operators ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/PermuteOps.h"
#include "TFL/IR/QuantizationOps.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/Transforms/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cstring>

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_FOLDCONSTANTSPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

/// The float of a half's bits. Models have millions of them; APFloat would take seconds.
static float widen(uint16_t half) {
  uint32_t sign = uint32_t(half & 0x8000) << 16, exponent = (half >> 10) & 0x1f;
  uint32_t mantissa = half & 0x3ff, bits;
  if (exponent == 0x1f) {
    bits = sign | 0x7f800000 | mantissa << 13;
  } else if (exponent != 0) {
    bits = sign | (exponent + 112) << 23 | mantissa << 13;
  } else {
    float magnitude = float(mantissa) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  float result;
  std::memcpy(&result, &bits, sizeof(result));
  return result;
}

namespace {

/// DEQUANTIZE of float16 weights.
struct WidenHalfs : OpRewritePattern<DequantizeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(DequantizeOp op, PatternRewriter &rewriter) const override {
    DenseElementsAttr elements;
    auto type = cast<RankedTensorType>(op.getResult().getType());
    if (!matchPattern(op->getOperand(0), m_Constant(&elements)) ||
        !elements.getElementType().isF16() || !type.getElementType().isF32() ||
        type.getShape() != elements.getType().getShape())
      return rewriter.notifyMatchFailure(op, "not a float16 constant");
    ArrayRef<char> raw = elements.getRawData();
    std::vector<float> values(raw.size() / 2);
    for (size_t i = 0; i < values.size(); ++i) {
      uint16_t half;
      std::memcpy(&half, raw.data() + 2 * i, sizeof(half));
      values[i] = widen(half);
    }
    rewriter.replaceOpWithNewOp<ConstOp>(op, type,
                                         DenseElementsAttr::get(type, ArrayRef<float>(values)));
    return success();
  }
};

/// TRANSPOSE of weights.
struct TransposeConstant : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    DenseElementsAttr elements;
    std::optional<SmallVector<int64_t>> perm = evaluateAllInts(op.getPerm());
    auto type = op.getOutput().getType();
    if (!perm || !type.hasStaticShape() || !matchPattern(op.getInput(), m_Constant(&elements)))
      return rewriter.notifyMatchFailure(op, "not a constant");
    unsigned width = elements.getElementType().getIntOrFloatBitWidth();
    auto valueType = elements.getType().clone(type.getShape());
    if (elements.isSplat()) {
      rewriter.replaceOpWithNewOp<ConstOp>(op, type, elements.resizeSplat(valueType));
      return success();
    }
    if (width % 8 != 0)
      return rewriter.notifyMatchFailure(op, "elements are not bytes");
    size_t rank = perm->size(), bytes = width / 8;
    ArrayRef<int64_t> from = elements.getType().getShape(), to = type.getShape();
    // Distance in the input between neighbours along a dimension of the result.
    SmallVector<int64_t> inputStrides(rank, 1), strides(rank), index(rank, 0);
    for (size_t i = rank; i-- > 1;)
      inputStrides[i - 1] = inputStrides[i] * from[i];
    for (size_t i = 0; i < rank; ++i)
      strides[i] = inputStrides[(*perm)[i] < 0 ? (*perm)[i] + int64_t(rank) : (*perm)[i]];
    ArrayRef<char> raw = elements.getRawData();
    std::vector<char> moved(raw.size());
    int64_t at = 0;
    for (size_t place = 0; place < moved.size(); place += bytes) {
      std::memcpy(moved.data() + place, raw.data() + at * bytes, bytes);
      for (size_t i = rank; i-- > 0;) {
        at += strides[i];
        if (++index[i] < to[i])
          break;
        at -= strides[i] * to[i];
        index[i] = 0;
      }
    }
    rewriter.replaceOpWithNewOp<ConstOp>(op, type,
                                         DenseElementsAttr::getFromRawBuffer(valueType, moved));
    return success();
  }
};

class FoldConstants : public tflc::tfl::impl::FoldConstantsPassBase<FoldConstants> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<TransposeConstant, WidenHalfs>(&getContext());
    GreedyRewriteConfig config;
    config.enableFolding();
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      signalPassFailure();
  }
};

} // namespace
