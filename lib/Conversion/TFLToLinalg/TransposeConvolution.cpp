//===- TransposeConvolution.cpp - lowering of transposed convolutions -----===//
//
// Part of tflc, under the Apache License 2.0.
//
// With stride s and taps k = s * t + p, a result at y = s * q + p sees the inputs q - t: all
// results of one phase p form an ordinary convolution with every s-th tap, in reverse order. The
// phases of all axes become output channels of one convolution of stride 1, whose result is then
// interleaved. A filter that is no multiple of the stride gets zeros at its end.
//
//===----------------------------------------------------------------------===//

#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "Product.h"
#include "SizeChecks.h"
#include "TFL/IR/ConvolutionOps.h"
#include "TransposedWeights.h"
#include "Utils.h"
#include "Windows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// The axes of `op`, whose input is `input` and whose operand `output_shape` is `outputShape`.
/// Shapes that do not fit end the invocation.
template <typename Op>
static SmallVector<TransposedAxis> getAxes(OpBuilder &builder, Op op, Value input,
                                           Value outputShape, ArrayRef<int64_t> filter,
                                           ArrayRef<int64_t> strides) {
  Location loc = op.getLoc();
  IndexMath math(builder, loc);
  SizeChecks checks(builder, loc);
  auto getGiven = [&](int64_t dim) {
    return math.getElement(op.getOutputShape(), outputShape, dim);
  };
  SmallVector<TransposedAxis> axes;
  RankedTensorType type = op.getOutput().getType();
  for (auto [i, taps, stride] : llvm::enumerate(filter, strides)) {
    TransposedAxis axis = {};
    axis.filter = taps;
    axis.stride = stride;
    axis.input = tensor::getMixedSize(builder, loc, input, i + 1);
    axis.output = math.get(type.getDimSize(i + 1));
    if (type.isDynamicDim(i + 1))
      axis.output = checks.requireAtLeast(getGiven(i + 1), 1);
    axis.padLow = getWindowExtent(builder, loc, {int64_t(i + 1), taps, stride, 1}, axis.output,
                                  op.getPadding() == "SAME")
                      .padLow;
    axis.taps = llvm::divideCeil(taps, stride);
    axis.places = math.ceilDiv(math.add(axis.padLow, axis.output), math.get(stride));
    axes.push_back(axis);
  }
  // The batch is the input's, the channels are the weights'.
  checks.requireEqual(getGiven(0), tensor::getMixedSize(builder, loc, input, 0));
  checks.requireEqual(getGiven(type.getRank() - 1), math.get(type.getShape().back()));
  checks.finish();
  return axes;
}

//===----------------------------------------------------------------------===//
// Result
//===----------------------------------------------------------------------===//

/// Puts the phases, which are in the channels of `value`, between each other, and cuts the result
/// out.
static Value interleave(OpBuilder &builder, Location loc, Value value,
                        const TransposedConvolution &conv) {
  int64_t spatial = conv.axes.size();
  OpFoldResult batch = tensor::getMixedSize(builder, loc, value, 0);
  if (conv.getPhases() > 1) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape().drop_back());
    SmallVector<ReassociationIndices> split;
    for (int64_t i = 0; i <= spatial + 1; ++i)
      split.push_back({i});
    // n, places, phases, channels become n, (place, phase) of each axis, channels.
    SmallVector<unsigned> source(2 * spatial + 2);
    SmallVector<OpFoldResult> sizes = {batch};
    SmallVector<ReassociationIndices> joined = {{0}};
    source[0] = 0;
    for (int64_t i = 0; i < spatial; ++i) {
      shape.push_back(conv.axes[i].stride);
      split.back().push_back(spatial + 2 + i);
      source[1 + i] = 1 + 2 * i;
      source[1 + spatial + i] = 2 + 2 * i;
      sizes.push_back(conv.axes[i].places);
      sizes.push_back(builder.getIndexAttr(conv.axes[i].stride));
      joined.push_back({1 + 2 * i, 2 + 2 * i});
    }
    shape.push_back(conv.outputChannels);
    source.back() = 2 * spatial + 1;
    sizes.push_back(builder.getIndexAttr(conv.outputChannels));
    joined.push_back({2 * spatial + 1});
    Value phases = tensor::ExpandShapeOp::create(builder, loc, type.clone(shape), value, split);
    Value mixed = buildElementwise(
        builder, loc, phases,
        AffineMap::getMultiDimMapWithTargets(sizes.size(), source, builder.getContext()), sizes,
        type.getElementType(), [](OpBuilder &, Location, ValueRange args) { return args[0]; });
    value = tensor::CollapseShapeOp::create(builder, loc, mixed, joined);
  }
  SmallVector<OpFoldResult> offsets(spatial + 2, builder.getIndexAttr(0)),
      sizes = {batch}, steps(spatial + 2, builder.getIndexAttr(1));
  bool isWhole = true;
  for (auto [i, axis] : llvm::enumerate(conv.axes)) {
    offsets[i + 1] = axis.padLow;
    sizes.push_back(axis.output);
    OpFoldResult all = IndexMath(builder, loc).mul(axis.places, builder.getIndexAttr(axis.stride));
    isWhole &= isEqualConstantIntOrValue(axis.output, all);
  }
  if (isWhole)
    return value;
  sizes.push_back(builder.getIndexAttr(conv.outputChannels));
  return tensor::ExtractSliceOp::create(builder, loc, value, offsets, sizes, steps);
}

/// The whole lowering; `spec` has the model's operands.
static FailureOr<Value> lower(PatternRewriter &rewriter, ProductSpec spec, Value input,
                              const TransposedConvolution &conv) {
  // The arithmetic does not depend on how the weights are grouped: decline before doing it.
  spec.channelAxis = conv.outputAxis;
  if (failed(Product(rewriter, spec).match()))
    return failure();
  Location loc = spec.op->getLoc();
  std::optional<tfl::Quantization> quantization = tfl::getQuantization(spec.weightsType);
  uint8_t fill = quantization ? uint8_t(quantization->zeroPoints[0]) : 0;
  spec.weights = groupWeights(rewriter, loc, spec.weights, conv, fill);
  if (spec.bias)
    spec.bias = repeatBias(rewriter, loc, spec.bias, conv);
  spec.channelAxis = 0;
  spec.channelRepeats = conv.getPhases();
  Product product(rewriter, spec);
  if (failed(product.match()))
    llvm_unreachable("matched before");

  std::optional<RowQuantization> rows;
  if (product.isHybrid())
    rows = createRowQuantization(rewriter, loc, input, /*rowRank=*/1, /*isSymmetric=*/false);
  unsigned spatial = conv.axes.size(), rank = spatial + 2, total = rank + spatial + 1;
  IndexMath math(rewriter, loc);
  SmallVector<OpFoldResult> low(rank, math.get(0)), high = low;
  SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(rewriter, loc, input, 0)};
  auto dim = [&](unsigned i) { return rewriter.getAffineDimExpr(i); };
  SmallVector<AffineExpr> in = {dim(0)}, weights = {dim(rank - 1)};
  bool isPadded = false;
  for (auto [i, axis] : llvm::enumerate(conv.axes)) {
    high[i + 1] = math.max(math.sub(axis.places, axis.input), math.get(0));
    isPadded |= axis.taps > 1 || !isZeroInteger(high[i + 1]);
    low[i + 1] = math.get(axis.taps - 1);
    sizes.push_back(axis.places);
    in.push_back(dim(1 + i) + dim(rank + i));
    weights.push_back(dim(rank + i));
  }
  in.push_back(dim(total - 1));
  weights.push_back(dim(total - 1));
  SmallVector<int64_t> shape = conv.getWeightsShape();
  sizes.push_back(rewriter.getIndexAttr(shape[0]));
  if (isPadded)
    input =
        tensor::PadOp::create(rewriter, loc, Type(), input, low, high, product.createInputZero());
  if (rows)
    input = createQuantizedRows(rewriter, loc, input, *rows);
  MLIRContext *context = rewriter.getContext();
  Value result = product.createContraction(
      input, AffineMap::get(total, 0, in, context), product.createWeights(shape),
      AffineMap::get(total, 0, weights, context), sizes, shape[0], /*numReductions=*/spatial + 1);
  if (rows)
    rows->resultMap = rewriter.getMultiDimIdentityMap(rank).getMajorSubMap(1);
  result = product.createEpilogue(result, shape[0], rows ? &*rows : nullptr);
  return interleave(rewriter, loc, result, conv);
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {

struct ConvertTransposeConv : OpConversionPattern<tfl::TransposeConvOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::TransposeConvOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ArrayRef<int64_t> weights = op.getWeights().getType().getShape();
    SmallVector<TransposedAxis> axes =
        getAxes(rewriter, op, adaptor.getInput(), adaptor.getOutputShape(), weights.slice(1, 2),
                {op.getStrideH(), op.getStrideW()});
    TransposedConvolution conv = {axes,       /*outputAxis=*/0, /*inputAxis=*/3, /*filterAxis=*/1,
                                  weights[3], weights[0]};
    ProductSpec spec = describeProduct(op, adaptor, op.getWeights(), adaptor.getWeights());
    spec.rounding = tflrt::Rounding::Double;
    spec.roundsScaleProduct = tfl::isStoredInteger(spec.inputType, 8, false);
    FailureOr<Value> result = lower(rewriter, spec, adaptor.getInput(), conv);
    if (failed(result))
      return failure();
    replaceWithCast(rewriter, op, *result, *getTypeConverter());
    return success();
  }
};

struct ConvertConv3DTranspose : OpConversionPattern<tfl::Conv3DTransposeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::Conv3DTransposeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    constexpr int64_t filterAxis = 0;
    Value weights = dilateWeights(
        rewriter, op.getLoc(), adaptor.getFilter(),
        {op.getDilationDFactor(), op.getDilationHFactor(), op.getDilationWFactor()}, filterAxis);
    ArrayRef<int64_t> filter = cast<RankedTensorType>(weights.getType()).getShape();
    SmallVector<TransposedAxis> axes =
        getAxes(rewriter, op, adaptor.getInput(), adaptor.getOutputShape(), filter.take_front(3),
                {op.getStrideD(), op.getStrideH(), op.getStrideW()});
    TransposedConvolution conv = {axes,       /*outputAxis=*/3, /*inputAxis=*/4,
                                  filterAxis, filter[4],        filter[3]};
    ProductSpec spec = describeProduct(op, adaptor, op.getFilter(), weights);
    spec.rounding = tflrt::Rounding::Double;
    spec.roundsScaleProduct = false;
    FailureOr<Value> result = lower(rewriter, spec, adaptor.getInput(), conv);
    if (failed(result))
      return failure();
    replaceWithCast(rewriter, op, *result, *getTypeConverter());
    return success();
  }
};

} // namespace

void tflc::populateTransposeConvolutionPatterns(TFLTypeConverter &converter,
                                                RewritePatternSet &patterns) {
  patterns.add<ConvertTransposeConv, ConvertConv3DTranspose>(converter, patterns.getContext());
}
