//===- FoldInputs.cpp - factors and offsets ahead of products -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConvolutionOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_FOLDINPUTSPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

namespace {

/// A product with constant weights, seen as so many sums over the channels of its input.
struct Product {
  Operation *op;
  DenseElementsAttr weights;
  /// The dimension of the weights that the input's channels go along.
  unsigned channelDim;
  /// Whether no zeros are added around the input.
  bool isUnpadded;

  static std::optional<Product> find(Operation *op);

  int64_t getChannels() const { return weights.getType().getDimSize(channelDim); }
  /// The channel that a weight belongs to.
  int64_t getChannel(int64_t place) const {
    return place / getStrides(weights.getType().getShape())[channelDim] % getChannels();
  }
};

} // namespace

std::optional<Product> Product::find(Operation *op) {
  std::optional<Product> result;
  if (auto product = dyn_cast<MatMulOp>(op); product && !product.getTransposeA())
    result = Product{op, getConstant(product.getB()), product.getTransposeB() ? 1u : 0u, true};
  else if (auto product = dyn_cast<BatchMatMulV2Op>(op); product && !product.getAdjX())
    result = Product{op, getConstant(product.getY()), product.getAdjY() ? 1u : 0u, true};
  else if (auto convolution = dyn_cast<Conv2DOp>(op))
    result =
        Product{op, getConstant(convolution.getFilter()), 2, convolution.getPadding() == "VALID"};
  else if (auto convolution = dyn_cast<DepthwiseConv2dNativeOp>(op))
    result =
        Product{op, getConstant(convolution.getFilter()), 2, convolution.getPadding() == "VALID"};
  if (!result || !result->weights || !isa<FloatType>(result->weights.getElementType()))
    return std::nullopt;
  bool isConvolution = result->channelDim == 2;
  if (isConvolution && op->getAttrOfType<StringAttr>("data_format") &&
      op->getAttrOfType<StringAttr>("data_format").getValue() != "NHWC")
    return std::nullopt;
  if (result->weights.getType().getRank() != (isConvolution ? 4 : 2))
    return std::nullopt;
  // In groups, the weights have but a part of the channels.
  std::optional<Shape> input = getShape(op->getOperand(0));
  if (!input || input->empty() || input->back() != result->getChannels())
    return std::nullopt;
  return result;
}

/// The numbers of a constant for each channel; none where it is of another shape.
static std::optional<std::vector<double>> getPerChannel(Value constant, Value input) {
  DenseElementsAttr elements = getConstant(constant);
  std::optional<Shape> shape = getShape(input);
  if (!elements || !shape || shape->empty() || ShapedType::isDynamic(shape->back()) ||
      !isa<FloatType>(elements.getElementType()))
    return std::nullopt;
  ShapedType type = elements.getType();
  bool isVector = type.getRank() > 0 && type.getRank() <= int64_t(shape->size()) &&
                  type.getShape().back() == shape->back() &&
                  elements.getNumElements() == shape->back();
  if (!isVector && elements.getNumElements() != 1)
    return std::nullopt;
  std::vector<double> values = getReals(elements);
  values.resize(shape->back(), values.front());
  return values;
}

/// All users of a value as products that take it for their input; empty where one is not.
static SmallVector<Product> getProducts(Value value) {
  SmallVector<Product> products;
  for (OpOperand &use : value.getUses()) {
    std::optional<Product> product =
        use.getOperandNumber() == 0 ? Product::find(use.getOwner()) : std::nullopt;
    if (!product)
      return {};
    products.push_back(*product);
  }
  return products;
}

/// (c * x) W is x (c W)
static LogicalResult foldFactor(MulOp op, PatternRewriter &rewriter) {
  std::optional<std::vector<double>> factors = getPerChannel(op.getY(), op.getX());
  SmallVector<Product> products = getProducts(op.getZ());
  if (!factors || products.empty() || op.getX().getType() != op.getType())
    return rewriter.notifyMatchFailure(op, "no factors that only products take");
  for (const Product &product : products) {
    std::vector<double> values = getReals(product.weights);
    for (size_t i = 0; i < values.size(); ++i)
      values[i] *= (*factors)[product.getChannel(i)];
    rewriter.setInsertionPoint(product.op);
    auto type = cast<RankedTensorType>(product.weights.getType());
    Value scaled = ConstOp::create(rewriter, product.op->getLoc(), makeReals(type, values));
    rewriter.modifyOpInPlace(product.op, [&] {
      product.op->setOperand(0, op.getX());
      product.op->setOperand(1, scaled);
    });
  }
  rewriter.eraseOp(op);
  return success();
}

/// What an offset for each channel adds to each output of a product.
static std::vector<double> sumOffsets(const Product &product, ArrayRef<double> offsets) {
  std::vector<double> weights = getReals(product.weights);
  ArrayRef<int64_t> shape = product.weights.getType().getShape();
  bool isDepthwise = isa<DepthwiseConv2dNativeOp>(product.op);
  int64_t outputs = isDepthwise               ? shape[2] * shape[3]
                    : product.channelDim == 1 ? shape[0]
                                              : shape.back();
  std::vector<double> sums(outputs);
  for (size_t i = 0; i < weights.size(); ++i) {
    int64_t output = product.channelDim == 1 ? i / shape[1] : i % outputs;
    sums[output] += weights[i] * offsets[product.getChannel(i)];
  }
  return sums;
}

/// (x + c) W is x W + c W, unless zeros are put around the sum.
static LogicalResult foldOffset(AddV2Op op, PatternRewriter &rewriter) {
  std::optional<std::vector<double>> offsets = getPerChannel(op.getY(), op.getX());
  SmallVector<Product> products = getProducts(op.getZ());
  if (!offsets || products.empty() || op.getX().getType() != op.getType() ||
      llvm::any_of(products, [](const Product &product) { return !product.isUnpadded; }))
    return rewriter.notifyMatchFailure(op, "no offsets that only products take");
  for (const Product &product : products) {
    std::vector<double> sums = sumOffsets(product, *offsets);
    rewriter.setInsertionPointAfter(product.op);
    auto type = RankedTensorType::get({int64_t(sums.size())}, rewriter.getF32Type());
    Value bias = ConstOp::create(rewriter, op.getLoc(), makeReals(type, sums));
    Value result = product.op->getResult(0);
    auto sum = AddV2Op::create(rewriter, op.getLoc(), result, bias);
    rewriter.replaceAllUsesExcept(result, sum, sum);
    rewriter.modifyOpInPlace(product.op, [&] { product.op->setOperand(0, op.getX()); });
  }
  rewriter.eraseOp(op);
  return success();
}

namespace {

class FoldInputs : public tflc::tf::impl::FoldInputsPassBase<FoldInputs> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<AddV2Op>(patterns, foldOffset);
    addPattern<MulOp>(patterns, foldFactor);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
