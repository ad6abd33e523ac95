//===- FakeQuantization.cpp - ranges from training as quantized tensors ---===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/NormalizationOps.h"
#include "TFL/IR/ConstantOps.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace tflc;

namespace {

/// Scale and zero point of an unsigned type.
struct Parameters {
  float scale;
  int64_t zeroPoint;
};

} // namespace

static constexpr int64_t signedOffset = 128;

/// The range moves so that 0 is one of the steps, as it does in training.
static std::optional<Parameters> getParameters(double min, double max, int64_t lowest,
                                               int64_t highest) {
  if (!(min <= 0 && max >= 0 && min < max) || !std::isfinite(max - min))
    return std::nullopt;
  float scale = float(max - min) / float(highest - lowest);
  float fromMin = float(lowest) - float(min) / scale;
  int64_t zeroPoint = fromMin < lowest    ? lowest
                      : fromMin > highest ? highest
                                          : int64_t(std::round(fromMin));
  return Parameters{scale, zeroPoint};
}

static Type getQuantizedType(ArrayRef<Parameters> channels, unsigned axis, MLIRContext *context) {
  auto storage = IntegerType::get(context, 8);
  auto expressed = Float32Type::get(context);
  constexpr unsigned isSigned = quant::QuantizationFlags::Signed;
  if (channels.size() == 1)
    return quant::UniformQuantizedType::get(isSigned, storage, expressed, channels[0].scale,
                                            channels[0].zeroPoint - signedOffset, -128, 127);
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  for (const Parameters &channel : channels) {
    scales.push_back(channel.scale);
    zeroPoints.push_back(channel.zeroPoint - signedOffset);
  }
  return quant::UniformQuantizedPerAxisType::get(isSigned, storage, expressed, scales, zeroPoints,
                                                 axis, -128, 127);
}

/// The unsigned integers that stand for a constant.
static std::vector<int64_t> quantize(DenseElementsAttr value, ArrayRef<Parameters> channels,
                                     int64_t lowest, int64_t highest) {
  std::vector<int64_t> integers;
  for (auto [i, real] : llvm::enumerate(tf::getReals(value))) {
    const Parameters &channel = channels[i % channels.size()];
    double steps = std::nearbyint(real / channel.scale) + double(channel.zeroPoint);
    integers.push_back(int64_t(std::clamp(steps, double(lowest), double(highest))));
  }
  return integers;
}

/// The constant that other widths than 8 bits leave. Weights of these have no type that all kernels
/// take, but their values are known.
static Value makeRounded(PatternRewriter &rewriter, Location loc, ArrayRef<int64_t> integers,
                         ArrayRef<Parameters> channels, RankedTensorType type) {
  std::vector<double> reals;
  for (auto [i, integer] : llvm::enumerate(integers)) {
    const Parameters &channel = channels[i % channels.size()];
    reals.push_back(double(integer - channel.zeroPoint) * channel.scale);
  }
  return createConstant(rewriter, loc, tf::makeReals(type, reals));
}

static LogicalResult convert(Operation *op, ArrayRef<double> mins, ArrayRef<double> maxs,
                             int64_t bits, bool narrowRange, PatternRewriter &rewriter) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  DenseElementsAttr value = getConstant(op->getOperand(0));
  bool isByte = bits == 8;
  if (!type || !(isByte || (value && bits > 1 && bits <= 16)) || mins.empty() ||
      mins.size() != maxs.size() ||
      (mins.size() > 1 && (type.getRank() == 0 || type.getShape().back() != int64_t(mins.size()))))
    return rewriter.notifyMatchFailure(op, "needs 8 bits, or a constant, and constant ranges");
  int64_t lowest = narrowRange ? 1 : 0, highest = (int64_t(1) << bits) - 1;
  SmallVector<Parameters> channels;
  for (auto [min, max] : llvm::zip_equal(mins, maxs)) {
    std::optional<Parameters> channel = getParameters(min, max, lowest, highest);
    if (!channel)
      return rewriter.notifyMatchFailure(op, "a range without 0");
    channels.push_back(*channel);
  }
  std::vector<int64_t> integers;
  if (value)
    integers = quantize(value, channels, lowest, highest);
  if (!isByte) {
    rewriter.replaceOp(op, makeRounded(rewriter, op->getLoc(), integers, channels, type));
    return success();
  }
  auto quantized = type.clone(
      getQuantizedType(channels, std::max<int64_t>(type.getRank(), 1) - 1, op->getContext()));
  Value stored;
  if (value) {
    for (int64_t &integer : integers)
      integer -= signedOffset;
    auto bytes = RankedTensorType::get(value.getType().getShape(), rewriter.getIntegerType(8));
    stored =
        tfl::ConstOp::create(rewriter, op->getLoc(), quantized, tf::makeIntegers(bytes, integers));
  } else {
    stored = createBuiltinValue(rewriter, op->getLoc(), "QUANTIZE", quantized, op->getOperand(0));
  }
  rewriter.replaceOp(op, createBuiltin(rewriter, op->getLoc(), "DEQUANTIZE", type, stored));
  return success();
}

template <typename Op> static LogicalResult convertVars(Op op, PatternRewriter &rewriter) {
  DenseElementsAttr min = getConstant(op.getMin()), max = getConstant(op.getMax());
  if (!min || !max)
    return rewriter.notifyMatchFailure(op, "the range is not constant");
  return convert(op, tf::getReals(min), tf::getReals(max), op.getNumBits(), op.getNarrowRange(),
                 rewriter);
}

static LogicalResult convertArgs(tf::FakeQuantWithMinMaxArgsOp op, PatternRewriter &rewriter) {
  return convert(op, op.getMin().convertToDouble(), op.getMax().convertToDouble(), op.getNumBits(),
                 op.getNarrowRange(), rewriter);
}

void tflc::populateFakeQuantizationPatterns(RewritePatternSet &patterns) {
  addPattern<tf::FakeQuantWithMinMaxArgsOp>(patterns, convertArgs);
  addPattern<tf::FakeQuantWithMinMaxVarsOp>(patterns, convertVars<tf::FakeQuantWithMinMaxVarsOp>);
  addPattern<tf::FakeQuantWithMinMaxVarsPerChannelOp>(
      patterns, convertVars<tf::FakeQuantWithMinMaxVarsPerChannelOp>);
}
