//===- Reshape.cpp - lowering of the reshape family -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "FedAxes.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "Utils.h"

#include "TFL/IR/ReshapeOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

/// The sizes of `type`, where at most one is unknown: it follows from the number of elements of
/// `input`.
FailureOr<SmallVector<OpFoldResult>> completeSizes(IndexMath &math, RankedTensorType type,
                                                   ArrayRef<OpFoldResult> inputSizes) {
  SmallVector<OpFoldResult> sizes;
  OpFoldResult known = math.get(1);
  std::optional<unsigned> unknown;
  for (auto [i, size] : llvm::enumerate(type.getShape())) {
    sizes.push_back(ShapedType::isDynamic(size) ? OpFoldResult() : math.get(size));
    if (!ShapedType::isDynamic(size))
      known = math.mul(known, sizes.back());
    else if (unknown)
      return failure();
    else
      unknown = i;
  }
  if (unknown)
    sizes[*unknown] = math.div(math.product(inputSizes), math.max(known, math.get(1)));
  return sizes;
}

struct ConvertReshape : OpConversionPattern<tfl::ReshapeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ReshapeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput();
    bool isComputed = type.getNumDynamicDims() > 1;
    if (isComputed && (!adaptor.getShape() || op.getShape().getType().getRank() != 1))
      return rewriter.notifyMatchFailure(op, "nothing tells the unknown dimensions");
    IndexMath math(rewriter, op.getLoc());
    SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(rewriter, op.getLoc(), input);
    SmallVector<OpFoldResult> sizes;
    if (isComputed)
      sizes = getComputedSizes(op, adaptor, math, inputSizes, rewriter);
    else
      sizes = *completeSizes(math, type, inputSizes);
    rewriter.replaceOp(op, reshapeTo(rewriter, op.getLoc(), input, type, sizes));
    return success();
  }

  /// The elements of the operand; one of them may turn out to be -1.
  SmallVector<OpFoldResult> getComputedSizes(tfl::ReshapeOp op, OpAdaptor adaptor, IndexMath &math,
                                             ArrayRef<OpFoldResult> inputSizes,
                                             OpBuilder &builder) const {
    auto type = op.getOutput().getType();
    SmallVector<OpFoldResult> sizes;
    OpFoldResult known = math.get(1);
    Value minusOne = math.getValue(math.get(-1)), one = math.getValue(math.get(1));
    auto isRest = [&](Value size) -> Value {
      return arith::CmpIOp::create(builder, op.getLoc(), arith::CmpIPredicate::eq, size, minusOne);
    };
    for (int64_t i = 0; i < type.getRank(); ++i) {
      OpFoldResult size = type.isDynamicDim(i)
                              ? math.getElement(op.getShape(), adaptor.getShape(), i)
                              : math.get(type.getDimSize(i));
      if (getConstantIntValue(size) == -1)
        size = minusOne;
      sizes.push_back(size);
      if (auto value = dyn_cast<Value>(size))
        size = arith::SelectOp::create(builder, op.getLoc(), isRest(value), one, value).getResult();
      known = math.mul(known, size);
    }
    Value rest = math.getValue(math.div(math.product(inputSizes), math.max(known, math.get(1))));
    for (OpFoldResult &size : sizes)
      if (auto value = dyn_cast<Value>(size))
        size =
            arith::SelectOp::create(builder, op.getLoc(), isRest(value), rest, value).getResult();
    return sizes;
  }
};

/// SQUEEZE, EXPAND_DIMS and DENSIFY: the result has the input's dimensions of other sizes than one,
/// in order.
template <typename Op> struct ConvertUnitDims : OpConversionPattern<Op> {
  using OpConversionPattern<Op>::OpConversionPattern;
  LogicalResult matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = this->getTypeConverter()->template convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput();
    IndexMath math(rewriter, op.getLoc());
    SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(rewriter, op.getLoc(), input);
    SmallVector<OpFoldResult> sizes;
    auto unknown =
        llvm::make_filter_range(inputSizes, [](OpFoldResult size) { return isa<Value>(size); });
    if (llvm::range_size(unknown) != size_t(type.getNumDynamicDims()))
      return rewriter.notifyMatchFailure(op, "nothing tells the unknown dimensions");
    auto next = unknown.begin();
    for (int64_t size : type.getShape())
      sizes.push_back(ShapedType::isDynamic(size) ? *next++ : math.get(size));
    rewriter.replaceOp(op, reshapeTo(rewriter, op.getLoc(), input, type, sizes));
    return success();
  }
};

/// EXPAND_DIMS where the data choose the new dimension.
struct ConvertFedExpandDims : OpConversionPattern<tfl::ExpandDimsOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ExpandDimsOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (tfl::evaluateInt(op.getAxis()))
      return rewriter.notifyMatchFailure(op, "the axis is known");
    Location loc = op.getLoc();
    ScalarBuilder b(rewriter, loc);
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    SmallVector<OpFoldResult> longer = inputSizes;
    longer.push_back(math.get(1));
    FedAxes axes(rewriter, loc, adaptor.getAxis(), longer, /*numNamed=*/std::nullopt);
    // Behind the new dimension each size stands one place further.
    SmallVector<OpFoldResult> sizes;
    Value isBehind = b.integer(rewriter.getI1Type(), 0), one = math.getValue(math.get(1));
    for (size_t dim = 0; dim < longer.size(); ++dim) {
      Value size = b.select(axes.isNamed(dim), one, math.getValue(longer[dim]));
      if (dim > 0)
        size = b.select(isBehind, math.getValue(inputSizes[dim - 1]), size);
      isBehind = b.emit<arith::OrIOp>(isBehind, axes.isNamed(dim));
      sizes.push_back(size);
    }
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    SmallVector<int64_t> unknown(sizes.size(), ShapedType::kDynamic);
    Value result = reshapeTo(rewriter, loc, adaptor.getInput(), type.clone(unknown), sizes);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertShape : OpConversionPattern<tfl::ShapeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ShapeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    IndexMath math(rewriter, op.getLoc());
    SmallVector<Value> sizes;
    for (OpFoldResult size : tensor::getMixedSizes(rewriter, op.getLoc(), adaptor.getInput()))
      sizes.push_back(arith::IndexCastOp::create(rewriter, op.getLoc(), type.getElementType(),
                                                 math.getValue(size)));
    if (sizes.empty())
      rewriter.replaceOpWithNewOp<tensor::EmptyOp>(op, type.getShape(), type.getElementType());
    else
      rewriter.replaceOpWithNewOp<tensor::FromElementsOp>(op, type, sizes);
    return success();
  }
};

struct ConvertRank : OpConversionPattern<tfl::RankOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::RankOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value rank =
        createInt(rewriter, op.getLoc(), type.getElementType(), op.getInput().getType().getRank());
    rewriter.replaceOpWithNewOp<tensor::FromElementsOp>(op, type, rank);
    return success();
  }
};

} // namespace

void tflc::populateReshapePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertReshape, ConvertUnitDims<tfl::SqueezeOp>, ConvertUnitDims<tfl::ExpandDimsOp>,
               ConvertUnitDims<tfl::DensifyOp>, ConvertFedExpandDims, ConvertShape, ConvertRank>(
      converter, patterns.getContext());
}
