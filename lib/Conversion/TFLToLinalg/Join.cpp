//===- Join.cpp - lowering of the join family -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/JoinOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

/// Stored u8 values of scale and zero point `from` as those of `to`, in single precision.
Value rescaleUnsigned(OpBuilder &builder, Location loc, Value input,
                      quant::UniformQuantizedType from, quant::UniformQuantizedType to) {
  float ratio = float(from.getScale()) * (1.0f / float(to.getScale()));
  float bias = float(-from.getZeroPoint()) * ratio;
  Type i32 = builder.getI32Type(), f32 = builder.getF32Type();
  return buildElementwise(
      builder, loc, input, tensor::getMixedSizes(builder, loc, input), getElementType(input),
      [&](OpBuilder &b, Location l, ValueRange args) -> Value {
        Value real = arith::UIToFPOp::create(b, l, f32, args[0]);
        real = arith::MulFOp::create(b, l, real, createFloat(b, l, f32, ratio));
        real = arith::AddFOp::create(b, l, real, createFloat(b, l, f32, bias));
        Value rounded = math::RoundOp::create(b, l, real);
        Value stored = arith::FPToSIOp::create(b, l, i32, rounded);
        stored = arith::AddIOp::create(b, l, stored, createInt(b, l, i32, to.getZeroPoint()));
        stored = clampInt(b, l, stored, 0, 255);
        return arith::TruncIOp::create(b, l, args[0].getType(), stored);
      });
}

struct ConvertConcatenation : OpConversionPattern<tfl::ConcatenationOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ConcatenationOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    int64_t axis = int32_t(op.getAxis());
    axis = axis < 0 ? axis + type.getRank() : axis;

    SmallVector<Value> inputs;
    auto to = getUniform(op.getType());
    for (auto [model, input] : llvm::zip(op.getInputs(), adaptor.getInputs())) {
      auto from = getUniform(model.getType());
      bool isSame = !from || !to ||
                    (float(from.getScale()) == float(to.getScale()) &&
                     from.getZeroPoint() == to.getZeroPoint());
      bool isRescaled = !isSame && !to.isSigned() && to.getStorageTypeIntegralWidth() == 8;
      inputs.push_back(isRescaled ? rescaleUnsigned(rewriter, loc, input, from, to) : input);
    }

    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, inputs[0]);
    for (Value input : ArrayRef(inputs).drop_front())
      sizes[axis] = math.add(sizes[axis], tensor::getMixedSize(rewriter, loc, input, axis));
    Value result = createEmpty(rewriter, loc, sizes, type.getElementType());
    SmallVector<OpFoldResult> offsets(type.getRank(), math.get(0));
    SmallVector<OpFoldResult> strides(type.getRank(), math.get(1));
    for (Value input : inputs) {
      SmallVector<OpFoldResult> part = tensor::getMixedSizes(rewriter, loc, input);
      result = tensor::InsertSliceOp::create(rewriter, loc, input, result, offsets, part, strides);
      offsets[axis] = math.add(offsets[axis], part[axis]);
    }
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertPack : OpConversionPattern<tfl::PackOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::PackOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    int64_t axis = int32_t(op.getAxis());
    axis = axis < 0 ? axis + type.getRank() : axis;
    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getValues()[0]);
    sizes.insert(sizes.begin() + axis, math.get(adaptor.getValues().size()));
    Value result = createEmpty(rewriter, loc, sizes, type.getElementType());
    SmallVector<OpFoldResult> offsets(type.getRank(), math.get(0));
    SmallVector<OpFoldResult> strides(type.getRank(), math.get(1));
    sizes[axis] = math.get(1);
    for (auto [i, value] : llvm::enumerate(adaptor.getValues())) {
      offsets[axis] = math.get(i);
      result = tensor::InsertSliceOp::create(rewriter, loc, value, result, offsets, sizes, strides);
    }
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

} // namespace

void tflc::populateJoinPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertConcatenation, ConvertPack>(converter, patterns.getContext());
}
