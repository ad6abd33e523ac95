//===- Convolution.cpp - convolutions and windows -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"
#include "Weights.h"

#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/PoolingOps.h"
#include "TF/IR/ShapeOps.h"

using namespace mlir;
using namespace tflc;

static int64_t getOr1(ArrayRef<int64_t> list, unsigned i) { return i < list.size() ? list[i] : 1; }

/// The padding that an operator can say; explicit amounts become a PAD before it.
static FailureOr<std::pair<StringRef, Value>> getPadding(PatternRewriter &rewriter, Operation *op,
                                                         Value input, StringRef padding,
                                                         ArrayRef<int64_t> amounts) {
  if (padding == "SAME" || padding == "VALID")
    return std::pair(padding, input);
  auto type = dyn_cast<RankedTensorType>(input.getType());
  if (padding != "EXPLICIT" || !type || int64_t(amounts.size()) != 2 * type.getRank())
    return rewriter.notifyMatchFailure(op, "unknown padding");
  auto pairs = RankedTensorType::get({type.getRank(), 2}, rewriter.getI32Type());
  Value paddings = createConstant(rewriter, op->getLoc(), tf::makeIntegers(pairs, amounts));
  return std::pair(StringRef("VALID"),
                   Value(tf::PadOp::create(rewriter, op->getLoc(), input, paddings)));
}

template <typename Op>
static OperatorOptions getWindowOptions(Op op, StringRef padding, OpBuilder &builder) {
  OperatorOptions options(builder);
  options.set("padding", padding)
      .set("stride_w", op.getStrides()[2])
      .set("stride_h", op.getStrides()[1]);
  return options;
}

static LogicalResult convertConv2D(tf::Conv2DOp op, PatternRewriter &rewriter) {
  auto filter = dyn_cast<RankedTensorType>(op.getFilter().getType());
  if (op.getDataFormat() != "NHWC" || !filter || op.getStrides().size() != 4)
    return rewriter.notifyMatchFailure(op, "needs NHWC and a known rank");
  auto padded = getPadding(rewriter, op, op.getInput(), op.getPadding(), op.getExplicitPaddings());
  if (failed(padded))
    return failure();
  Biased biased = takeBias(rewriter, op, filter.getDimSize(3));
  rewriter.setInsertionPoint(biased.last);
  Value weights = transpose(rewriter, op.getFilter(), {3, 0, 1, 2});
  OperatorOptions options = getWindowOptions(op, padded->first, rewriter);
  options.set("fused_activation_function", "NONE")
      .set("dilation_w_factor", getOr1(op.getDilations(), 2))
      .set("dilation_h_factor", getOr1(op.getDilations(), 1));
  rewriter.replaceOp(biased.last,
                     createBuiltin(rewriter, biased.last->getLoc(), "CONV_2D", op.getType(),
                                   {padded->second, weights, biased.getBias(rewriter)},
                                   options.get()));
  return success();
}

static LogicalResult convertDepthwise(tf::DepthwiseConv2dNativeOp op, PatternRewriter &rewriter) {
  auto filter = dyn_cast<RankedTensorType>(op.getFilter().getType());
  if (op.getDataFormat() != "NHWC" || !filter || !filter.hasStaticShape() ||
      op.getStrides().size() != 4)
    return rewriter.notifyMatchFailure(op, "needs NHWC and a known filter");
  auto padded = getPadding(rewriter, op, op.getInput(), op.getPadding(), op.getExplicitPaddings());
  if (failed(padded))
    return failure();
  ArrayRef<int64_t> shape = filter.getShape();
  Biased biased = takeBias(rewriter, op, shape[2] * shape[3]);
  rewriter.setInsertionPoint(biased.last);
  Value weights = reshape(rewriter, op.getFilter(), {1, shape[0], shape[1], shape[2] * shape[3]});
  OperatorOptions options = getWindowOptions(op, padded->first, rewriter);
  options.set("depth_multiplier", shape[3])
      .set("fused_activation_function", "NONE")
      .set("dilation_w_factor", getOr1(op.getDilations(), 2))
      .set("dilation_h_factor", getOr1(op.getDilations(), 1));
  rewriter.replaceOp(biased.last, createBuiltin(rewriter, biased.last->getLoc(),
                                                "DEPTHWISE_CONV_2D", op.getType(),
                                                {padded->second, weights, biased.getBias(rewriter)},
                                                options.get()));
  return success();
}

static LogicalResult convertTransposed(tf::Conv2DBackpropInputOp op, PatternRewriter &rewriter) {
  auto filter = dyn_cast<RankedTensorType>(op.getFilter().getType());
  if (op.getDataFormat() != "NHWC" || !filter || op.getStrides().size() != 4 ||
      (op.getPadding() != "SAME" && op.getPadding() != "VALID"))
    return rewriter.notifyMatchFailure(op, "needs NHWC and a known rank");
  if (llvm::any_of(op.getDilations(), [](int64_t dilation) { return dilation != 1; }))
    return rewriter.notifyMatchFailure(op, "dilated");
  Biased biased = takeBias(rewriter, op, filter.getDimSize(2));
  rewriter.setInsertionPoint(biased.last);
  Value weights = transpose(rewriter, op.getFilter(), {2, 0, 1, 3});
  OperatorOptions options = getWindowOptions(op, op.getPadding(), rewriter);
  options.set("fused_activation_function", "NONE");
  SmallVector<Value> operands = {castToI32(rewriter, op.getInputSizes()), weights,
                                 op.getOutBackprop()};
  if (biased.bias)
    operands.push_back(biased.bias);
  rewriter.replaceOp(biased.last, createBuiltin(rewriter, biased.last->getLoc(), "TRANSPOSE_CONV",
                                                op.getType(), operands, options.get()));
  return success();
}

template <typename Op>
static LogicalResult convertVolume(Op op, PatternRewriter &rewriter, StringRef name,
                                   ValueRange operands) {
  if (op.getDataFormat() != "NDHWC" || op.getStrides().size() != 5)
    return rewriter.notifyMatchFailure(op, "needs NDHWC");
  OperatorOptions options(rewriter);
  options.set("padding", op.getPadding())
      .set("stride_d", op.getStrides()[1])
      .set("stride_w", op.getStrides()[3])
      .set("stride_h", op.getStrides()[2])
      .set("fused_activation_function", "NONE")
      .set("dilation_d_factor", getOr1(op.getDilations(), 1))
      .set("dilation_w_factor", getOr1(op.getDilations(), 3))
      .set("dilation_h_factor", getOr1(op.getDilations(), 2));
  auto filter = dyn_cast<RankedTensorType>(op.getFilter().getType());
  if (!filter)
    return rewriter.notifyMatchFailure(op, "unknown rank");
  bool isTransposed = name == "CONV_3D_TRANSPOSE";
  Biased biased = takeBias(rewriter, op, filter.getDimSize(isTransposed ? 3 : 4));
  rewriter.setInsertionPoint(biased.last);
  SmallVector<Value> all(operands);
  if (isTransposed)
    all[0] = castToI32(rewriter, all[0]);
  if (biased.bias)
    all.push_back(biased.bias);
  rewriter.replaceOp(biased.last, createBuiltin(rewriter, biased.last->getLoc(), name, op.getType(),
                                                all, options.get()));
  return success();
}

static LogicalResult convertConv3D(tf::Conv3DOp op, PatternRewriter &rewriter) {
  return convertVolume(op, rewriter, "CONV_3D", op->getOperands());
}

static LogicalResult convertConv3DTransposed(tf::Conv3DBackpropInputV2Op op,
                                             PatternRewriter &rewriter) {
  return convertVolume(op, rewriter, "CONV_3D_TRANSPOSE", op->getOperands());
}

template <typename Op>
static LogicalResult convertPool(Op op, PatternRewriter &rewriter, StringRef name) {
  if (op.getDataFormat() != "NHWC" || op.getKsize().size() != 4 || op.getStrides().size() != 4 ||
      op.getKsize()[0] != 1 || op.getKsize()[3] != 1)
    return rewriter.notifyMatchFailure(op, "needs NHWC and windows in height and width");
  auto type = dyn_cast<RankedTensorType>(op.getInput().getType());
  ArrayRef<int64_t> amounts = op.getExplicitPaddings();
  Value input = op.getInput();
  StringRef padding = op.getPadding();
  if (padding == "EXPLICIT") {
    if (!type || type.getRank() != 4 || amounts.size() != 8 || name != "MAX_POOL_2D" ||
        !isa<FloatType>(type.getElementType()))
      return rewriter.notifyMatchFailure(op, "explicit padding that is no maximum of floats");
    // What is less than all others never is the maximum.
    auto pairs = RankedTensorType::get({4, 2}, rewriter.getI32Type());
    Value paddings = createConstant(rewriter, op.getLoc(), tf::makeIntegers(pairs, amounts));
    Value least = createScalar(rewriter, op.getLoc(), type.getElementType(),
                               -std::numeric_limits<float>::max());
    input = tf::PadV2Op::create(rewriter, op.getLoc(), input, paddings, least);
    padding = "VALID";
  }
  if (padding != "SAME" && padding != "VALID")
    return rewriter.notifyMatchFailure(op, "unknown padding");
  OperatorOptions options = getWindowOptions(op, padding, rewriter);
  options.set("filter_width", op.getKsize()[2])
      .set("filter_height", op.getKsize()[1])
      .set("fused_activation_function", "NONE");
  rewriter.replaceOp(
      op, createBuiltin(rewriter, op.getLoc(), name, op.getType(), input, options.get()));
  return success();
}

static LogicalResult convertAvgPool(tf::AvgPoolOp op, PatternRewriter &rewriter) {
  return convertPool(op, rewriter, "AVERAGE_POOL_2D");
}

static LogicalResult convertMaxPool(tf::MaxPoolOp op, PatternRewriter &rewriter) {
  return convertPool(op, rewriter, "MAX_POOL_2D");
}

void tflc::populateConvolutionPatterns(RewritePatternSet &patterns) {
  addPattern<tf::AvgPoolOp>(patterns, convertAvgPool);
  addPattern<tf::Conv2DBackpropInputOp>(patterns, convertTransposed);
  addPattern<tf::Conv2DOp>(patterns, convertConv2D);
  addPattern<tf::Conv3DBackpropInputV2Op>(patterns, convertConv3DTransposed);
  addPattern<tf::Conv3DOp>(patterns, convertConv3D);
  addPattern<tf::DepthwiseConv2dNativeOp>(patterns, convertDepthwise);
  addPattern<tf::MaxPoolOp>(patterns, convertMaxPool);
}
