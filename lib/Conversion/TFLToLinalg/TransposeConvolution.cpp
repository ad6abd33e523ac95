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

#include "Guard.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "Product.h"
#include "TFL/IR/ConvolutionOps.h"
#include "Utils.h"
#include "Windows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace tflc;

namespace {

/// One spatial dimension. Data can decide how large the result is.
struct TransposedAxis {
  int64_t filter, stride;
  OpFoldResult input, output, padLow;
  /// Taps of one phase.
  int64_t taps;
  /// Places of one phase.
  OpFoldResult places;
};

/// A transposed convolution of any number of spatial dimensions.
struct TransposedConvolution {
  SmallVector<TransposedAxis> axes;
  /// Where the weights have their output and input channels, and the filter's dimensions.
  int64_t outputAxis, inputAxis, filterAxis;
  int64_t inputChannels, outputChannels;

  int64_t getPhases() const {
    int64_t phases = 1;
    for (const TransposedAxis &axis : axes)
      phases *= axis.stride;
    return phases;
  }
  /// phases, output channels, taps, input channels
  SmallVector<int64_t> getGroupedShape() const {
    SmallVector<int64_t> shape;
    for (const TransposedAxis &axis : axes)
      shape.push_back(axis.stride);
    shape.push_back(outputChannels);
    for (const TransposedAxis &axis : axes)
      shape.push_back(axis.taps);
    shape.push_back(inputChannels);
    return shape;
  }
  /// The same with the phases joined to the output channels.
  SmallVector<int64_t> getWeightsShape() const {
    SmallVector<int64_t> shape = {getPhases() * outputChannels};
    llvm::append_range(shape, ArrayRef(getGroupedShape()).drop_front(axes.size() + 1));
    return shape;
  }
};

} // namespace

/// The axes of `op`, whose input is `input` and whose operand `output_shape` is `outputShape`.
/// Guards the input against shapes that do not fit.
template <typename Op>
static SmallVector<TransposedAxis> getAxes(OpBuilder &builder, Op op, Value &input,
                                           Value outputShape, ArrayRef<int64_t> filter,
                                           ArrayRef<int64_t> strides) {
  Location loc = op.getLoc();
  IndexMath math(builder, loc);
  ScalarBuilder b(builder, loc);
  Value isRejected;
  // A size that the verifier could not check.
  auto reject = [&](arith::CmpIPredicate predicate, OpFoldResult size, OpFoldResult bound) {
    Value found = b.compare(predicate, math.getValue(size), math.getValue(bound));
    isRejected = isRejected ? b.emit<arith::OrIOp>(isRejected, found) : found;
  };
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
    if (type.isDynamicDim(i + 1)) {
      axis.output = getGiven(i + 1);
      reject(arith::CmpIPredicate::slt, axis.output, math.get(1));
      axis.output = math.max(axis.output, math.get(1));
    }
    axis.padLow = getWindowExtent(builder, loc, {int64_t(i + 1), taps, stride, 1}, axis.output,
                                  op.getPadding() == "SAME")
                      .padLow;
    axis.taps = llvm::divideCeil(taps, stride);
    axis.places = math.ceilDiv(math.add(axis.padLow, axis.output), math.get(stride));
    axes.push_back(axis);
  }
  // The batch is the input's, the channels are the weights'.
  OpFoldResult batch = tensor::getMixedSize(builder, loc, input, 0);
  OpFoldResult channels = math.get(type.getShape().back());
  for (auto [dim, size] : {std::pair(int64_t(0), batch), {type.getRank() - 1, channels}}) {
    OpFoldResult given = getGiven(dim);
    if (!getConstantIntValue(given) || !getConstantIntValue(size))
      reject(arith::CmpIPredicate::ne, given, size);
  }
  if (isRejected)
    input = guardScalar(builder, loc, input, isRejected, TFLC_INVALID_VALUE);
  return axes;
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

/// Constant weights by phase; `fill` are the bytes of a tap that the filter does not have.
static DenseElementsAttr groupConstant(DenseElementsAttr weights, const TransposedConvolution &conv,
                                       uint8_t fill) {
  auto type = cast<RankedTensorType>(weights.getType());
  unsigned size = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  ArrayRef<char> source = weights.getRawData();
  SmallVector<int64_t> shape = conv.getGroupedShape();
  SmallVector<int64_t> sourceStrides = computeStrides(type.getShape());
  size_t spatial = conv.axes.size();
  std::vector<char> grouped(ShapedType::getNumElements(shape) * size, char(fill));
  SmallVector<int64_t> index(shape.size(), 0);
  for (size_t at = 0; at < grouped.size(); at += size) {
    int64_t from = index[spatial] * sourceStrides[conv.outputAxis] +
                   index.back() * sourceStrides[conv.inputAxis];
    bool exists = true;
    for (auto [i, axis] : llvm::enumerate(conv.axes)) {
      int64_t tap = index[i] + axis.stride * (axis.taps - 1 - index[spatial + 1 + i]);
      exists &= tap < axis.filter;
      from += tap * sourceStrides[conv.filterAxis + i];
    }
    if (exists)
      std::copy_n(source.data() + (weights.isSplat() ? 0 : from * size), size, grouped.data() + at);
    for (size_t i = shape.size(); i-- > 0 && ++index[i] == shape[i];)
      index[i] = 0;
  }
  return DenseElementsAttr::getFromRawBuffer(type.clone(conv.getWeightsShape()), grouped);
}

/// The same for weights that arrive at run time.
static Value groupAtRunTime(OpBuilder &builder, Location loc, Value weights,
                            const TransposedConvolution &conv, uint8_t fill) {
  auto type = cast<RankedTensorType>(weights.getType());
  size_t spatial = conv.axes.size();
  SmallVector<OpFoldResult> low(type.getRank(), builder.getIndexAttr(0)), high = low;
  SmallVector<int64_t> splitShape;
  SmallVector<ReassociationIndices> split;
  for (int64_t i = 0; i < type.getRank(); ++i) {
    split.push_back({int64_t(splitShape.size())});
    int64_t spatialIndex = i - conv.filterAxis;
    if (spatialIndex < 0 || spatialIndex >= int64_t(spatial)) {
      splitShape.push_back(type.getDimSize(i));
      continue;
    }
    const TransposedAxis &axis = conv.axes[spatialIndex];
    high[i] = builder.getIndexAttr(axis.taps * axis.stride - axis.filter);
    split.back().push_back(splitShape.size() + 1);
    splitShape.append({axis.taps, axis.stride});
  }
  Type element = type.getElementType();
  Value zero = isa<FloatType>(element) ? createFloat(builder, loc, element, 0)
                                       : createInt(builder, loc, element, int8_t(fill));
  Value padded = tensor::PadOp::create(builder, loc, Type(), weights, low, high, zero);
  Value expanded =
      tensor::ExpandShapeOp::create(builder, loc, type.clone(splitShape), padded, split);

  // Iterators: phases, output channels, taps, input channels.
  auto dim = [&](unsigned i) { return builder.getAffineDimExpr(i); };
  SmallVector<AffineExpr> source(splitShape.size());
  source[split[conv.outputAxis][0]] = dim(spatial);
  source[split[conv.inputAxis][0]] = dim(2 * spatial + 1);
  for (auto [i, axis] : llvm::enumerate(conv.axes)) {
    const ReassociationIndices &places = split[conv.filterAxis + i];
    source[places[0]] = axis.taps - 1 - dim(spatial + 1 + i);
    source[places[1]] = dim(i);
  }
  SmallVector<OpFoldResult> sizes =
      getAsIndexOpFoldResult(builder.getContext(), conv.getGroupedShape());
  Value grouped = buildElementwise(
      builder, loc, expanded, AffineMap::get(sizes.size(), 0, source, builder.getContext()), sizes,
      element, [](OpBuilder &, Location, ValueRange args) { return args[0]; });
  SmallVector<ReassociationIndices> joined(1);
  for (size_t i = 0; i < sizes.size(); ++i) {
    if (i > spatial)
      joined.emplace_back();
    joined.back().push_back(i);
  }
  return tensor::CollapseShapeOp::create(builder, loc, grouped, joined);
}

/// The bias once for each phase.
static Value repeatBias(OpBuilder &builder, Location loc, Value bias,
                        const TransposedConvolution &conv) {
  int64_t phases = conv.getPhases(), channels = conv.outputChannels;
  if (phases == 1)
    return bias;
  if (DenseElementsAttr values = matchConstant(bias)) {
    SmallVector<Attribute> repeated;
    for (int64_t i = 0; i < phases; ++i)
      llvm::append_range(repeated, values.getValues<Attribute>());
    auto type = RankedTensorType::get({phases * channels}, values.getElementType());
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, repeated));
  }
  Value flat = createReshape(builder, loc, bias, channels);
  SmallVector<OpFoldResult> sizes = {builder.getIndexAttr(phases), builder.getIndexAttr(channels)};
  Value repeated = buildElementwise(builder, loc, flat, sizes, getElementType(bias),
                                    [](OpBuilder &, Location, ValueRange args) { return args[0]; });
  return createReshape(builder, loc, repeated, phases * channels);
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
  if (DenseElementsAttr weights = matchConstant(spec.weights))
    spec.weights = arith::ConstantOp::create(rewriter, loc, groupConstant(weights, conv, fill));
  else
    spec.weights = groupAtRunTime(rewriter, loc, spec.weights, conv, fill);
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
    Value input = adaptor.getInput();
    SmallVector<TransposedAxis> axes =
        getAxes(rewriter, op, input, adaptor.getOutputShape(), weights.slice(1, 2),
                {op.getStrideH(), op.getStrideW()});
    TransposedConvolution conv = {axes,       /*outputAxis=*/0, /*inputAxis=*/3, /*filterAxis=*/1,
                                  weights[3], weights[0]};
    ProductSpec spec = describeProduct(op, adaptor, op.getWeights(), adaptor.getWeights());
    spec.rounding = tflrt::Rounding::Double;
    spec.roundsScaleProduct = tfl::isStoredInteger(spec.inputType, 8, false);
    FailureOr<Value> result = lower(rewriter, spec, input, conv);
    if (failed(result))
      return failure();
    rewriter.replaceOp(
        op, castTo(rewriter, op.getLoc(), *result, getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

struct ConvertConv3DTranspose : OpConversionPattern<tfl::Conv3DTransposeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::Conv3DTransposeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
    Value input = adaptor.getInput();
    SmallVector<TransposedAxis> axes =
        getAxes(rewriter, op, input, adaptor.getOutputShape(), filter.take_front(3),
                {op.getStrideD(), op.getStrideH(), op.getStrideW()});
    TransposedConvolution conv = {axes,      /*outputAxis=*/3, /*inputAxis=*/4, /*filterAxis=*/0,
                                  filter[4], filter[3]};
    ProductSpec spec = describeProduct(op, adaptor, op.getFilter(), adaptor.getFilter());
    spec.rounding = tflrt::Rounding::Double;
    spec.roundsScaleProduct = false;
    FailureOr<Value> result = lower(rewriter, spec, input, conv);
    if (failed(result))
      return failure();
    rewriter.replaceOp(
        op, castTo(rewriter, op.getLoc(), *result, getTypeConverter()->convertType(op.getType())));
    return success();
  }
};

} // namespace

void tflc::populateTransposeConvolutionPatterns(TFLTypeConverter &converter,
                                                RewritePatternSet &patterns) {
  patterns.add<ConvertTransposeConv, ConvertConv3DTranspose>(converter, patterns.getContext());
}
