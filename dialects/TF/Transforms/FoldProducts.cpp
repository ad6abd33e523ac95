//===- FoldProducts.cpp - scales and offsets as weights -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/NormalizationOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/UnaryOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FOLDPRODUCTSPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

/// Constants of an addition or multiplication go to the right.
template <typename Op> static std::pair<Value, Value> splitConstant(Op op) {
  if (getConstant(op.getOperand(1)))
    return {op.getOperand(0), op.getOperand(1)};
  if (getConstant(op.getOperand(0)))
    return {op.getOperand(1), op.getOperand(0)};
  return {};
}

/// Whether a constant, broadcast against `value`, leaves its shape as it is and only varies along
/// the last dimension.
static bool isPerChannel(Value constant, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  DenseElementsAttr elements = getConstant(constant);
  if (!type || !elements || type.getRank() == 0)
    return false;
  ShapedType shape = elements.getType();
  if (shape.getRank() > type.getRank())
    return false;
  return elements.getNumElements() == 1 ||
         (shape.getRank() > 0 && shape.getShape().back() == elements.getNumElements() &&
          shape.getShape().back() == type.getShape().back());
}

/// One value a channel.
static std::vector<double> spread(Value constant, int64_t channels) {
  std::vector<double> values = getReals(getConstant(constant));
  values.resize(channels, values.front());
  return values;
}

//===----------------------------------------------------------------------===//
// Batch norms
//===----------------------------------------------------------------------===//

/// At inference a batch norm is a scale and an offset for each channel.
template <typename Op> static LogicalResult expandBatchNorm(Op op, PatternRewriter &rewriter) {
  if (op.getIsTraining() || op.getDataFormat() != "NHWC")
    return rewriter.notifyMatchFailure(op, "not for inference, or not NHWC");
  for (Value unused : op->getResults().drop_front())
    if (!unused.use_empty())
      return rewriter.notifyMatchFailure(op, "statistics are used");
  Location loc = op.getLoc();
  Value epsilon = makeScalar(rewriter, loc, op.getVariance(), op.getEpsilon().convertToDouble());
  Value variance = rewriter.createOrFold<AddV2Op>(loc, op.getVariance(), epsilon);
  Value root = rewriter.createOrFold<RsqrtOp>(loc, variance);
  Value factor = rewriter.createOrFold<MulOp>(loc, op.getScale(), root);
  Value shift = rewriter.createOrFold<SubOp>(
      loc, op.getOffset(), rewriter.createOrFold<MulOp>(loc, op.getMean(), factor));
  Value scaled = MulOp::create(rewriter, loc, op.getX(), factor);
  Value result = AddV2Op::create(rewriter, loc, scaled, shift);
  rewriter.replaceAllUsesWith(op->getResult(0), result);
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Multiplications
//===----------------------------------------------------------------------===//

/// The operand that holds the weights of a product, the output channels in its last dimensions, or
/// the last but one of a transposed convolution.
static std::optional<unsigned> getWeightOperand(Operation *op) {
  if (isa<Conv2DBackpropInputOp, Conv2DOp, Conv3DBackpropInputV2Op, Conv3DOp,
          DepthwiseConv2dNativeOp>(op))
    return 1;
  if (auto product = dyn_cast<MatMulOp>(op); product && !product.getTransposeB())
    return 1;
  // One matrix of weights for all of a batch.
  if (auto product = dyn_cast<BatchMatMulV2Op>(op); product && !product.getAdjY())
    if (DenseElementsAttr weights = getConstant(product.getY());
        weights && weights.getType().getRank() == 2)
      return 1;
  return std::nullopt;
}

/// Constant weights, which training may have given a range.
struct Weights {
  DenseElementsAttr values;
  /// The op that quantizes them in training; null if none does.
  Operation *fakeQuant = nullptr;

  static std::optional<Weights> find(Value operand) {
    if (DenseElementsAttr values = getConstant(operand))
      return Weights{values};
    Operation *source = operand.getDefiningOp();
    if (!source || !isa<FakeQuantWithMinMaxVarsOp, FakeQuantWithMinMaxVarsPerChannelOp>(source))
      return std::nullopt;
    DenseElementsAttr values = getConstant(source->getOperand(0));
    if (!values || !getConstant(source->getOperand(1)) || !getConstant(source->getOperand(2)))
      return std::nullopt;
    return Weights{values, source};
  }
};

/// The weights' range for each channel, scaled as the weights are.
static Value scaleRange(Operation *fakeQuant, Value weights, ArrayRef<double> factors,
                        PatternRewriter &rewriter) {
  int64_t channels = factors.size();
  std::vector<double> mins = spread(fakeQuant->getOperand(1), channels);
  std::vector<double> maxs = spread(fakeQuant->getOperand(2), channels);
  for (int64_t i = 0; i < channels; ++i) {
    std::tie(mins[i], maxs[i]) = std::minmax(mins[i] * factors[i], maxs[i] * factors[i]);
  }
  auto type = RankedTensorType::get({channels}, rewriter.getF32Type());
  Value min = ConstOp::create(rewriter, fakeQuant->getLoc(), makeReals(type, mins));
  Value max = ConstOp::create(rewriter, fakeQuant->getLoc(), makeReals(type, maxs));
  auto bits = fakeQuant->getAttrOfType<IntegerAttr>("num_bits");
  auto narrow = fakeQuant->getAttrOfType<BoolAttr>("narrow_range");
  return FakeQuantWithMinMaxVarsPerChannelOp::create(rewriter, fakeQuant->getLoc(), weights, min,
                                                     max, bits ? bits.getInt() : 8,
                                                     narrow && narrow.getValue());
}

/// (x * W) * c is x * (W * c) where c scales output channels, which are the last dimensions of W.
static LogicalResult foldIntoWeights(MulOp op, PatternRewriter &rewriter) {
  auto [value, factor] = splitConstant(op);
  Operation *product = value ? value.getDefiningOp() : nullptr;
  std::optional<unsigned> operand = product ? getWeightOperand(product) : std::nullopt;
  if (!operand || !value.hasOneUse() || !isPerChannel(factor, value))
    return rewriter.notifyMatchFailure(op, "not a constant times a product with weights");
  std::optional<Weights> weights = Weights::find(product->getOperand(*operand));
  int64_t channels = cast<RankedTensorType>(value.getType()).getShape().back();
  if (!weights || !isa<FloatType>(weights->values.getElementType()) ||
      ShapedType::isDynamic(channels) || channels == 0 ||
      weights->values.getNumElements() % channels != 0)
    return rewriter.notifyMatchFailure(op, "the weights are not constant");
  auto type = cast<RankedTensorType>(weights->values.getType());
  // A range for each channel goes by the last dimension, which holds but a part of a depthwise
  // filter's channels.
  if (weights->fakeQuant && type.getShape().back() != channels)
    return rewriter.notifyMatchFailure(op, "the range cannot be scaled");
  // In a transposed convolution the input's channels come last.
  int64_t run =
      isa<Conv2DBackpropInputOp, Conv3DBackpropInputV2Op>(product) ? type.getShape().back() : 1;
  if (weights->fakeQuant && run != 1)
    return rewriter.notifyMatchFailure(op, "the range cannot be scaled");
  std::vector<double> factors = spread(factor, channels), values = getReals(weights->values);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] *= factors[i / run % channels];
  rewriter.setInsertionPoint(product);
  Value scaled = ConstOp::create(rewriter, product->getLoc(), makeReals(type, values));
  if (weights->fakeQuant)
    scaled = scaleRange(weights->fakeQuant, scaled, factors, rewriter);
  rewriter.modifyOpInPlace(product, [&] { product->setOperand(*operand, scaled); });
  rewriter.replaceOp(op, value);
  return success();
}

/// (y + b) * c is y * c + b * c, so that both meet the product that y is.
template <typename Add>
static LogicalResult distribute(Operation *op, Add add, Value factor, PatternRewriter &rewriter) {
  Value value = add.getOperand(0), offset = add.getOperand(1);
  Operation *product = value.getDefiningOp();
  if (!product || !getWeightOperand(product) || !value.hasOneUse() || !getConstant(offset) ||
      !add->hasOneUse() || !isPerChannel(factor, value) || !isPerChannel(offset, value))
    return rewriter.notifyMatchFailure(op, "no product with an offset");
  Value scaled = MulOp::create(rewriter, op->getLoc(), value, factor);
  Value moved = rewriter.createOrFold<MulOp>(op->getLoc(), offset, factor);
  rewriter.replaceOpWithNewOp<AddV2Op>(op, scaled, moved);
  return success();
}

static LogicalResult distributeOverOffset(MulOp op, PatternRewriter &rewriter) {
  auto [value, factor] = splitConstant(op);
  Operation *source = value ? value.getDefiningOp() : nullptr;
  if (auto add = dyn_cast_or_null<BiasAddOp>(source))
    return distribute(op, add, factor, rewriter);
  if (auto add = dyn_cast_or_null<AddV2Op>(source))
    return distribute(op, add, factor, rewriter);
  return rewriter.notifyMatchFailure(op, "no product with an offset");
}

//===----------------------------------------------------------------------===//
// Offsets
//===----------------------------------------------------------------------===//

/// (y + a) + b is y + (a + b).
static LogicalResult joinOffsets(AddV2Op op, PatternRewriter &rewriter) {
  auto [value, offset] = splitConstant(op);
  Operation *inner = value ? value.getDefiningOp() : nullptr;
  if (!inner || !isa<AddV2Op, BiasAddOp>(inner) || !value.hasOneUse() ||
      !isa<FloatType>(getElementType(value)))
    return rewriter.notifyMatchFailure(op, "no two offsets");
  Value first = inner->getOperand(1);
  if (!getConstant(first) || !isPerChannel(first, inner->getOperand(0)) ||
      !isPerChannel(offset, value))
    return rewriter.notifyMatchFailure(op, "no two offsets");
  Value sum = rewriter.createOrFold<AddV2Op>(op.getLoc(), first, offset);
  rewriter.replaceOpWithNewOp<AddV2Op>(op, inner->getOperand(0), sum);
  return success();
}

/// y - a is y + (-a), where y is a product that takes offsets.
static LogicalResult turnDifference(SubOp op, PatternRewriter &rewriter) {
  Operation *source = op.getX().getDefiningOp();
  if (!source || !getConstant(op.getY()) || !isa<FloatType>(getElementType(op.getX())) ||
      !(getWeightOperand(source) || isa<AddV2Op, BiasAddOp>(source)) || !op.getX().hasOneUse())
    return rewriter.notifyMatchFailure(op, "no product");
  Value negated = rewriter.createOrFold<NegOp>(op.getLoc(), op.getY());
  rewriter.replaceOpWithNewOp<AddV2Op>(op, op.getX(), negated);
  return success();
}

/// Convolutions of lines are those of images of one row, whose height is squeezed away. An offset
/// for each channel may come before that, where it can become the bias.
template <typename Op> static LogicalResult moveBeforeSqueeze(Op op, PatternRewriter &rewriter) {
  auto squeeze = op.getOperand(0).template getDefiningOp<SqueezeOp>();
  Operation *product = squeeze ? squeeze.getInput().getDefiningOp() : nullptr;
  Value offset = op.getOperand(1);
  DenseElementsAttr constant = getConstant(offset);
  if (!product || !getWeightOperand(product) || !squeeze->hasOneUse() || !constant ||
      constant.getType().getRank() != 1 || op.getType() != squeeze.getType() ||
      !isPerChannel(offset, squeeze.getOutput()) || squeeze.getSqueezeDims().empty())
    return rewriter.notifyMatchFailure(op, "no squeezed product");
  int64_t rank = cast<RankedTensorType>(squeeze.getInput().getType()).getRank();
  for (int64_t dim : squeeze.getSqueezeDims())
    if (dim == -1 || dim == rank - 1)
      return rewriter.notifyMatchFailure(op, "the channels are squeezed");
  Value sum = AddV2Op::create(rewriter, op.getLoc(), squeeze.getInput(), offset);
  rewriter.replaceOpWithNewOp<SqueezeOp>(op, op.getType(), sum, squeeze.getSqueezeDims());
  return success();
}

static LogicalResult orderOperands(AddV2Op op, PatternRewriter &rewriter) {
  if (!getConstant(op.getX()) || getConstant(op.getY()))
    return rewriter.notifyMatchFailure(op, "in order");
  rewriter.replaceOpWithNewOp<AddV2Op>(op, op.getType(), op.getY(), op.getX());
  return success();
}

/// y / c is y * (1 / c) where that goes into weights.
static LogicalResult turnQuotient(RealDivOp op, PatternRewriter &rewriter) {
  Operation *source = op.getX().getDefiningOp();
  DenseElementsAttr divisor = getConstant(op.getY());
  if (!source || !divisor || !op.getX().hasOneUse() || !isPerChannel(op.getY(), op.getX()))
    return rewriter.notifyMatchFailure(op, "no constant divisor");
  Operation *inner =
      isa<AddV2Op, BiasAddOp>(source) ? source->getOperand(0).getDefiningOp() : source;
  if (!inner || !getWeightOperand(inner))
    return rewriter.notifyMatchFailure(op, "no product");
  std::vector<double> values = getReals(divisor);
  for (double &value : values)
    value = 1 / value;
  Value inverse = ConstOp::create(rewriter, op.getLoc(),
                                  makeReals(cast<RankedTensorType>(divisor.getType()), values));
  rewriter.replaceOpWithNewOp<MulOp>(op, op.getX(), inverse);
  return success();
}

namespace {

class FoldProducts : public tflc::tf::impl::FoldProductsPassBase<FoldProducts> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<AddV2Op>(patterns, joinOffsets);
    addPattern<AddV2Op>(patterns, moveBeforeSqueeze<AddV2Op>);
    addPattern<AddV2Op>(patterns, orderOperands);
    addPattern<BiasAddOp>(patterns, moveBeforeSqueeze<BiasAddOp>);
    addPattern<FusedBatchNormOp>(patterns, expandBatchNorm<FusedBatchNormOp>);
    addPattern<FusedBatchNormV2Op>(patterns, expandBatchNorm<FusedBatchNormV2Op>);
    addPattern<FusedBatchNormV3Op>(patterns, expandBatchNorm<FusedBatchNormV3Op>);
    addPattern<MulOp>(patterns, distributeOverOffset);
    addPattern<MulOp>(patterns, foldIntoWeights);
    addPattern<RealDivOp>(patterns, turnQuotient);
    addPattern<SubOp>(patterns, turnDifference);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
