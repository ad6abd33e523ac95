//===- Reduction.cpp - lowering of reductions -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatFunctions.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ReducedOperand.h"
#include "Utils.h"

#include "TFL/IR/ReductionOps.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {

template <typename OpTy> struct ReductionLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  static constexpr bool isMean = std::is_same_v<OpTy, tfl::MeanOp>;
  static constexpr bool isSum = std::is_same_v<OpTy, tfl::SumOp>;
  static constexpr bool isMax = std::is_same_v<OpTy, tfl::ReduceMaxOp>;
  static constexpr bool isAny = std::is_same_v<OpTy, tfl::ReduceAnyOp>;
  static constexpr bool isAll = std::is_same_v<OpTy, tfl::ReduceAllOp>;

  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type element = getElementType(adaptor.getInput());
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    if (!isa<FloatType>(element) && (isMean || isSum) && !in && !element.isInteger(32) &&
        !element.isInteger(64))
      return rewriter.notifyMatchFailure(op, "no arithmetic for these types");

    ReducedOperand operand(rewriter, op, adaptor.getInput(), adaptor.getAxes(), op.getKeepDims());
    Value input = operand.getValue(), result;
    ArrayRef<int64_t> axes = operand.getAxes();
    if constexpr (isAny || isAll)
      result = lowerLogic(op, rewriter, input, axes);
    else if constexpr (isMean || isSum)
      result = lowerSum(op, rewriter, operand, in, out);
    else
      result = reduceExtremum(rewriter, op.getLoc(), input, axes,
                              isUnsignedElement(op.getInput().getType().getElementType()), isMax);
    auto type = this->getTypeConverter()->template convertType<RankedTensorType>(op.getType());
    rewriter.replaceOp(op, operand.restore(result, type));
    return success();
  }

private:
  /// Bools are stored as 0 and 1.
  static Value lowerLogic(OpTy op, OpBuilder &builder, Value input, ArrayRef<int64_t> axes) {
    Value initial = createInt(builder, op.getLoc(), builder.getI8Type(), isAll);
    return reduceAxes(builder, op.getLoc(), input, axes, initial,
                      [](ScalarBuilder &b, Value value, Value result) {
                        return isAll ? b.emit<arith::AndIOp>(result, value)
                                     : b.emit<arith::OrIOp>(result, value);
                      });
  }

  static Value lowerSum(OpTy op, OpBuilder &builder, const ReducedOperand &operand,
                        std::optional<AffineQuantization> in,
                        std::optional<AffineQuantization> out) {
    Location loc = op.getLoc();
    Value input = operand.getValue();
    ArrayRef<int64_t> axes = operand.getAxes();
    Type element = getElementType(input);
    Type sumType = element;
    if (in && out)
      sumType = builder.getI32Type();
    else if (isMean && isa<IntegerType>(element))
      sumType = builder.getI64Type();
    Type modelType = op.getInput().getType().getElementType();
    Value sums =
        reduceAxes(builder, loc, input, axes, createZero(builder, loc, sumType),
                   [&](ScalarBuilder &b, Value value, Value sum) -> Value {
                     if (value.getType() != sumType)
                       value = extendInt(b.getBuilder(), b.getLoc(), value, modelType, sumType);
                     return b.add(sum, value);
                   });
    if (!isMean && !in)
      return sums;
    IndexMath math(builder, loc);
    // Of each sum; a constant where the dimensions are known.
    OpFoldResult count = operand.getCount();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, sums);
    ScalarBuilder outer(builder, loc);
    if (!in) {
      Value divisor = getDivisor(outer, math, count, element, sumType);
      return buildElementwise(builder, loc, sums, sizes, element,
                              [&](OpBuilder &inner, Location at, ValueRange args) -> Value {
                                ScalarBuilder b(inner, at);
                                if (isa<FloatType>(element))
                                  return b.emit<arith::DivFOp>(args[0], divisor);
                                return b.resize(b.emit<arith::DivSIOp>(args[0], divisor), element);
                              });
    }
    if (isSum && in->isSigned)
      return scaleSums(builder, loc, sums, sizes, count, *in, *out);
    return rescaleSums(builder, loc, sums, sizes, count, *in, *out);
  }

  /// Sums of signed types. The reference kernels read the bytes as unsigned ones; what counts are
  /// LiteRT's default kernels, which scale in single precision, product and sum rounded apart.
  static Value scaleSums(OpBuilder &builder, Location loc, Value sums, ArrayRef<OpFoldResult> sizes,
                         OpFoldResult count, const AffineQuantization &in,
                         const AffineQuantization &out) {
    float scale = in.scale / out.scale;
    ScalarBuilder outer(builder, loc);
    IndexMath math(builder, loc);
    Value number = outer.emit<arith::IndexCastOp>(outer.i32(), math.getValue(count));
    Value bias = outer.mul(outer.emit<arith::SIToFPOp>(outer.f32(), number),
                           outer.constant(outer.f32(), static_cast<float>(-in.zeroPoint) * scale));
    return buildElementwise(
        builder, loc, sums, sizes, IntegerType::get(builder.getContext(), out.width),
        [&](OpBuilder &inner, Location at, ValueRange args) {
          ScalarBuilder b(inner, at);
          Value product =
              b.mul(b.emit<arith::SIToFPOp>(b.f32(), args[0]), b.constant(b.f32(), scale));
          return emitRounded(b, b.add(product, bias), b.constant(b.f32(), out.zeroPoint),
                             out.limits, b.getBuilder().getIntegerType(out.width));
        });
  }

  /// What the mean divides by; one where there is nothing to divide.
  static Value getDivisor(ScalarBuilder &b, IndexMath &math, OpFoldResult count, Type element,
                          Type sumType) {
    std::optional<int64_t> known = getConstantIntValue(count);
    if (isa<FloatType>(element)) {
      if (known)
        return b.constant(element, double(*known));
      Value wide = b.emit<arith::IndexCastOp>(b.i64(), math.getValue(count));
      return b.emit<arith::SIToFPOp>(element, wide);
    }
    return b.emit<arith::IndexCastOp>(sumType, math.getValue(math.max(count, math.get(1))));
  }

  static Value rescaleSums(OpBuilder &builder, Location loc, Value sums,
                           ArrayRef<OpFoldResult> sizes, OpFoldResult count,
                           const AffineQuantization &in, const AffineQuantization &out) {
    FixedPointMultiplier scale = quantizeMultiplier(double(in.scale) / double(out.scale));
    std::optional<int64_t> known = getConstantIntValue(count);
    Value multiplier, shift, offset;
    ScalarBuilder outer(builder, loc);
    if (known) {
      if (isMean) {
        int64_t divisor = std::max<int64_t>(*known, 1);
        int k = std::min({int(llvm::Log2_64(divisor)), 32, 31 + scale.shift});
        scale.value = static_cast<int32_t>((int64_t(scale.value) << k) / divisor);
        scale.shift -= k;
      }
    } else {
      std::tie(multiplier, shift) = divideMultiplier(outer, scale, count);
      IndexMath math(builder, loc);
      Value number = outer.emit<arith::IndexCastOp>(outer.i32(), math.getValue(count));
      offset = outer.mul(number, outer.integer(outer.i32(), -in.zeroPoint));
    }
    return buildElementwise(
        builder, loc, sums, sizes, IntegerType::get(builder.getContext(), out.width),
        [&](OpBuilder &inner, Location at, ValueRange args) {
          ScalarBuilder b(inner, at);
          Value result;
          if (known) {
            Value centered = b.add(args[0], -int64_t(in.zeroPoint) * *known);
            result = b.rescale(centered, scale);
          } else {
            Value centered = b.add(args[0], offset);
            result = b.emit<tflrt::RescaleOp>(centered, multiplier, shift, tflrt::Rounding::Double);
          }
          return b.store(b.add(result, out.zeroPoint), out.limits, out);
        });
  }

  /// The same division of the multiplier where the number of elements shows at run time.
  static std::pair<Value, Value> divideMultiplier(ScalarBuilder &b, FixedPointMultiplier scale,
                                                  OpFoldResult count) {
    Value value = b.integer(b.i32(), scale.value), shift = b.integer(b.i32(), scale.shift);
    if (!isMean)
      return {value, b.emit<arith::TruncIOp>(b.i8(), shift)};
    IndexMath math(b.getBuilder(), b.getLoc());
    Value number = b.emit<arith::IndexCastOp>(b.i64(), math.getValue(math.max(count, math.get(1))));
    Value zeros = b.emit<math::CountLeadingZerosOp>(number);
    Value log = b.sub(b.integer(b.i64(), 63), zeros);
    Value k = b.emit<arith::MinSIOp>(log, b.integer(b.i64(), std::min(32, 31 + scale.shift)));
    Value wide = b.emit<arith::ShLIOp>(b.integer(b.i64(), scale.value), k);
    value = b.resize(b.emit<arith::DivSIOp>(wide, number), b.i32());
    shift = b.sub(shift, b.resize(k, b.i32()));
    return {value, b.emit<arith::TruncIOp>(b.i8(), shift)};
  }
};

} // namespace

void tflc::populateReductionPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ReductionLowering<tfl::MeanOp>, ReductionLowering<tfl::SumOp>,
               ReductionLowering<tfl::ReduceMaxOp>, ReductionLowering<tfl::ReduceMinOp>,
               ReductionLowering<tfl::ReduceAnyOp>, ReductionLowering<tfl::ReduceAllOp>>(
      converter, patterns.getContext());
}
