//===- Convolution.cpp - lowering of convolutions -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "Product.h"
#include "TFL/IR/ConvolutionOps.h"
#include "Utils.h"
#include "Windows.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// What both convolutions have in common.
template <typename ConvOp>
static Product getProduct(ConvOp op, typename ConvOp::Adaptor adaptor,
                          ConversionPatternRewriter &rewriter, int64_t channelAxis) {
  ProductSpec spec = describeProduct(op, adaptor, op.getFilter(), adaptor.getFilter());
  spec.channelAxis = channelAxis;
  spec.rounding = tflrt::Rounding::Double;
  // The kernels keep uint8's older computation of scales.
  spec.roundsScaleProduct = tfl::isStoredInteger(spec.inputType, 8, false);
  spec.shortAccumulatorWidth = std::is_same_v<ConvOp, tfl::Conv2DOp> ? 32 : 64;
  return Product(rewriter, spec);
}

/// A convolution's input after padding and, in a hybrid product, quantization.
template <typename ConvOp>
static Value prepareInput(ConvOp op, Value input, OpBuilder &builder, Product &product,
                          const WindowGeometry &geometry, std::optional<RowQuantization> &rows) {
  Location loc = op.getLoc();
  if (product.isHybrid()) {
    // One scale selects CONV_2D's older, symmetric arithmetic.
    tfl::Quantization filter = *tfl::getQuantization(op.getFilter().getType());
    bool isSymmetric = std::is_same_v<ConvOp, tfl::Conv2DOp> && !filter.axis;
    rows = createRowQuantization(builder, loc, input, /*rowRank=*/1, isSymmetric);
  }
  // Zeros in front of the quantization become the batch's own zero point.
  input = padForWindow(builder, loc, input, geometry, product.createInputZero());
  return rows ? createQuantizedRows(builder, loc, input, *rows) : input;
}

/// Splits the last dimension of `value` into groups.
static Value splitLast(OpBuilder &builder, Location loc, Value value, int64_t groups) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.back() /= groups;
  shape.insert(shape.end() - 1, groups);
  SmallVector<ReassociationIndices> split;
  for (int64_t i = 0; i < type.getRank(); ++i)
    split.push_back({i});
  split.back().push_back(type.getRank());
  return tensor::ExpandShapeOp::create(builder, loc, type.clone(shape), value, split);
}

/// Joins the last two dimensions of `value`.
static Value joinLast(OpBuilder &builder, Location loc, Value value) {
  int64_t rank = cast<RankedTensorType>(value.getType()).getRank();
  SmallVector<ReassociationIndices> joined;
  for (int64_t i = 0; i + 1 < rank; ++i)
    joined.push_back({i});
  joined.back().push_back(rank - 1);
  return tensor::CollapseShapeOp::create(builder, loc, value, joined);
}

/// What is particular of a convolution over rows and columns. Its iterators are n, oh, ow, those of
/// `channels`, kh, kw, and one of the input's channels where those are added up.
struct PlanarContraction {
  /// The sizes of the result's last dimensions.
  SmallVector<int64_t> channels;
  SmallVector<int64_t> weightsShape;
  /// How the iterators read the input's channels, and the weights.
  SmallVector<AffineExpr> inputChannels, weights;
  /// Into how many groups the input's channels are split.
  int64_t inputGroups = 1;
  unsigned numReductions;
};

template <typename ConvOp>
static Value convolvePlanes(ConvOp op, Value input, ConversionPatternRewriter &rewriter,
                            Product &product, const PlanarContraction &conv) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  WindowGeometry geometry =
      getWindowGeometry(rewriter, loc, input,
                        {{1, filter[1], op.getStrideH(), op.getDilationHFactor()},
                         {2, filter[2], op.getStrideW(), op.getDilationWFactor()}},
                        op.getPadding());
  std::optional<RowQuantization> rows;
  input = prepareInput(op, input, rewriter, product, geometry, rows);
  SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(rewriter, loc, input, 0),
                                     geometry.outputs[0], geometry.outputs[1]};
  for (int64_t size : conv.channels)
    sizes.push_back(rewriter.getIndexAttr(size));
  if (conv.inputGroups > 1)
    input = splitLast(rewriter, loc, input, conv.inputGroups);

  unsigned rank = sizes.size(), total = rank + conv.numReductions;
  auto dim = [&](unsigned i) { return rewriter.getAffineDimExpr(i); };
  SmallVector<AffineExpr> in = {dim(0), getWindowPlace(geometry.axes[0], dim(1), dim(rank)),
                                getWindowPlace(geometry.axes[1], dim(2), dim(rank + 1))};
  llvm::append_range(in, conv.inputChannels);
  MLIRContext *context = rewriter.getContext();
  Value result = product.createContraction(
      input, AffineMap::get(total, 0, in, context), product.createWeights(conv.weightsShape),
      AffineMap::get(total, 0, conv.weights, context), sizes, conv.channels, conv.numReductions);
  if (rows)
    rows->resultMap = rewriter.getMultiDimIdentityMap(rank).getMajorSubMap(1);
  result = product.createEpilogue(result, conv.channels, rows ? &*rows : nullptr);
  return conv.channels.size() > 1 ? joinLast(rewriter, loc, result) : result;
}

namespace {

struct ConvertConv2D : OpConversionPattern<tfl::Conv2DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::Conv2DOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Product product = getProduct(op, adaptor, rewriter, /*channelAxis=*/0);
    if (failed(product.match()))
      return failure();
    ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
    int64_t groups = op.getInput().getType().getDimSize(3) / filter[3];
    PlanarContraction conv;
    conv.channels = {filter[0]};
    conv.weightsShape.assign(filter.begin(), filter.end());
    if (groups > 1) {
      conv.channels = {groups, filter[0] / groups};
      conv.weightsShape = {groups, filter[0] / groups, filter[1], filter[2], filter[3]};
    }
    conv.inputGroups = groups;
    conv.numReductions = 3;

    // Iterators: n, oh, ow, (group,) oc, kh, kw, ic.
    unsigned rank = 3 + conv.channels.size();
    auto dim = [&](unsigned i) { return rewriter.getAffineDimExpr(i); };
    if (groups > 1) {
      conv.inputChannels.push_back(dim(3));
      conv.weights.push_back(dim(3));
    }
    conv.inputChannels.push_back(dim(rank + 2));
    conv.weights.append({dim(rank - 1), dim(rank), dim(rank + 1), dim(rank + 2)});
    Value result = convolvePlanes(op, adaptor.getInput(), rewriter, product, conv);
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }
};

struct ConvertDepthwiseConv2D : OpConversionPattern<tfl::DepthwiseConv2DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::DepthwiseConv2DOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Product product = getProduct(op, adaptor, rewriter, /*channelAxis=*/3);
    if (failed(product.match()))
      return failure();
    ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
    int64_t inputChannels = op.getInput().getType().getDimSize(3);
    int64_t multiplier = filter[3] / inputChannels;
    PlanarContraction conv;
    conv.channels = {inputChannels};
    if (multiplier > 1)
      conv.channels.push_back(multiplier);
    conv.weightsShape = {filter[1], filter[2]};
    llvm::append_range(conv.weightsShape, conv.channels);
    conv.numReductions = 2;

    // Iterators: n, oh, ow, c, (multiplier,) kh, kw.
    unsigned rank = 3 + conv.channels.size();
    auto dim = [&](unsigned i) { return rewriter.getAffineDimExpr(i); };
    conv.inputChannels = {dim(3)};
    conv.weights = {dim(rank), dim(rank + 1), dim(3)};
    if (multiplier > 1)
      conv.weights.push_back(dim(4));
    Value result = convolvePlanes(op, adaptor.getInput(), rewriter, product, conv);
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }
};

struct ConvertConv3D : OpConversionPattern<tfl::Conv3DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::Conv3DOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Product product = getProduct(op, adaptor, rewriter, /*channelAxis=*/4);
    if (failed(product.match()))
      return failure();
    Location loc = op.getLoc();
    ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
    Value input = adaptor.getInput();
    WindowGeometry geometry =
        getWindowGeometry(rewriter, loc, input,
                          {{1, filter[0], op.getStrideD(), op.getDilationDFactor()},
                           {2, filter[1], op.getStrideH(), op.getDilationHFactor()},
                           {3, filter[2], op.getStrideW(), op.getDilationWFactor()}},
                          op.getPadding());
    input = padForWindow(rewriter, loc, input, geometry, product.createInputZero());
    SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(rewriter, loc, input, 0)};
    llvm::append_range(sizes, geometry.outputs);
    sizes.push_back(rewriter.getIndexAttr(filter[4]));

    // Iterators: n, od, oh, ow, oc, kd, kh, kw, ic.
    auto dim = [&](unsigned i) { return rewriter.getAffineDimExpr(i); };
    SmallVector<AffineExpr> in = {dim(0)};
    for (unsigned i = 0; i < 3; ++i)
      in.push_back(getWindowPlace(geometry.axes[i], dim(1 + i), dim(5 + i)));
    in.push_back(dim(8));
    SmallVector<AffineExpr> weights = {dim(5), dim(6), dim(7), dim(8), dim(4)};
    MLIRContext *context = getContext();
    Value result = product.createContraction(
        input, AffineMap::get(9, 0, in, context), product.createWeights(filter),
        AffineMap::get(9, 0, weights, context), sizes, filter[4], /*numReductions=*/4);
    result = product.createEpilogue(result, filter[4]);
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }
};

} // namespace

void tflc::populateConvolutionPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertConv2D, ConvertConv3D, ConvertDepthwiseConv2D>(converter,
                                                                     patterns.getContext());
}
