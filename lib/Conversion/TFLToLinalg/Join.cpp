//===- Join.cpp - lowering of the join family -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "Guard.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
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

/// Whether two sizes are the same constant or are read from the same place.
bool areSame(OpFoldResult one, OpFoldResult two) {
  if (one == two)
    return true;
  auto getDim = [](OpFoldResult size) {
    auto value = dyn_cast<Value>(size);
    return value ? value.getDefiningOp<tensor::DimOp>() : tensor::DimOp();
  };
  tensor::DimOp first = getDim(one), second = getDim(two);
  return first && second && first.getSource() == second.getSource() &&
         first.getConstantIndex() == second.getConstantIndex();
}

/// The same tensor, whose sizes are these where either is unknown; other data end the invocation.
/// What is smaller than its place would leave a part of the result without a value.
Value guardSizes(OpBuilder &builder, Location loc, Value value, ArrayRef<OpFoldResult> sizes,
                 std::optional<size_t> except) {
  ScalarBuilder b(builder, loc);
  IndexMath math(builder, loc);
  Value isOther;
  for (auto [dim, size] : llvm::enumerate(sizes)) {
    OpFoldResult own = tensor::getMixedSize(builder, loc, value, dim);
    if (dim == except || areSame(own, size))
      continue;
    Value differs = b.compare(arith::CmpIPredicate::ne, math.getValue(own), math.getValue(size));
    isOther = isOther ? b.emit<arith::OrIOp>(isOther, differs) : differs;
  }
  return isOther ? guardScalar(builder, loc, value, isOther, TFLC_INVALID_VALUE) : value;
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
    for (auto [dim, size] : llvm::enumerate(sizes))
      if (dim != static_cast<size_t>(axis) && !type.isDynamicDim(dim))
        size = math.get(type.getDimSize(dim));
    for (Value input : ArrayRef(inputs).drop_front())
      sizes[axis] = math.add(sizes[axis], tensor::getMixedSize(rewriter, loc, input, axis));
    Value result = createEmpty(rewriter, loc, sizes, type.getElementType());
    SmallVector<OpFoldResult> offsets(type.getRank(), math.get(0));
    SmallVector<OpFoldResult> strides(type.getRank(), math.get(1));
    for (Value input : inputs) {
      input = guardSizes(rewriter, loc, input, sizes, axis);
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
    // What one value does not know another one may.
    for (auto [dim, size] : llvm::enumerate(sizes))
      if (!type.isDynamicDim(dim))
        size = math.get(type.getDimSize(dim));
    Value result = createEmpty(rewriter, loc, sizes, type.getElementType());
    SmallVector<OpFoldResult> offsets(type.getRank(), math.get(0));
    SmallVector<OpFoldResult> strides(type.getRank(), math.get(1));
    SmallVector<OpFoldResult> valueSizes(sizes);
    valueSizes.erase(valueSizes.begin() + axis);
    for (auto [i, value] : llvm::enumerate(adaptor.getValues())) {
      offsets[axis] = math.get(i);
      value = guardSizes(rewriter, loc, value, valueSizes, std::nullopt);
      SmallVector<OpFoldResult> part = tensor::getMixedSizes(rewriter, loc, value);
      part.insert(part.begin() + axis, math.get(1));
      // A part whose shape is unknown needs all dimensions.
      auto valueType = cast<RankedTensorType>(value.getType());
      if (!valueType.hasStaticShape()) {
        SmallVector<int64_t> shape(valueType.getShape());
        shape.insert(shape.begin() + axis, 1);
        value = reshapeTo(rewriter, loc, value, type.clone(shape), part);
      }
      result = tensor::InsertSliceOp::create(rewriter, loc, value, result, offsets, part, strides);
    }
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

} // namespace

void tflc::populateJoinPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertConcatenation, ConvertPack>(converter, patterns.getContext());
}
