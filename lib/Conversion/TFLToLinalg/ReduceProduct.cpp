//===- ReduceProduct.cpp - lowering of REDUCE_PROD ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ReducedOperand.h"
#include "Utils.h"

#include "TFL/IR/ReductionOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace tflc;

namespace {

struct ProductLowering : OpConversionPattern<tfl::ReduceProdOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::ReduceProdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    ReducedOperand operand(rewriter, op, adaptor.getInput(), adaptor.getAxes(), op.getKeepDims());
    Location loc = op.getLoc();
    if (in && getConstantIntValue(operand.getCount()) == 0)
      return rewriter.notifyMatchFailure(op, "the product of no element has no scale");
    Value result = in ? lowerQuantized(rewriter, loc, operand, *in, *out)
                      : lowerPlain(rewriter, loc, operand.getValue(), operand.getAxes());
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    rewriter.replaceOp(op, operand.restore(result, type));
    return success();
  }

private:
  static Value lowerPlain(OpBuilder &builder, Location loc, Value input, ArrayRef<int64_t> axes) {
    Type element = getElementType(input);
    Value one = isa<FloatType>(element) ? createFloat(builder, loc, element, 1)
                                        : createInt(builder, loc, element, 1);
    return reduceAxes(
        builder, loc, input, axes, one,
        [](ScalarBuilder &b, Value value, Value product) { return b.mul(product, value); });
  }

  /// Rescaled after each factor but the first, so that nothing overflows: the order matters.
  static Value lowerQuantized(OpBuilder &builder, Location loc, const ReducedOperand &operand,
                              const AffineQuantization &in, const AffineQuantization &out) {
    Value input = operand.getValue();
    ArrayRef<int64_t> axes = operand.getAxes();
    auto [multiplier, shift] = createScale(builder, loc, operand, in, out);
    auto rescale = [&, value = multiplier, distance = shift](ScalarBuilder &b, Value factor) {
      return b.emit<tflrt::RescaleOp>(b.resize(factor, b.i64()), value, distance,
                                      tflrt::Rounding::Reduced);
    };
    Value products =
        reduceAxes(builder, loc, input, axes, createInt(builder, loc, builder.getI32Type(), 1),
                   [&](ScalarBuilder &b, Value value, Value product) -> Value {
                     Value factor = b.center(value, in);
                     Value isFirst;
                     for (int64_t axis : axes) {
                       Value index = b.emit<linalg::IndexOp>(axis);
                       Value isZero = b.compare(arith::CmpIPredicate::eq, index,
                                                b.integer(b.getBuilder().getIndexType(), 0));
                       isFirst = isFirst ? b.emit<arith::AndIOp>(isFirst, isZero) : isZero;
                     }
                     if (!isFirst)
                       return factor;
                     Value wide = b.mul(b.resize(product, b.i64()), b.resize(factor, b.i64()));
                     return b.select(isFirst, factor, rescale(b, wide));
                   });
    return buildElementwise(
        builder, loc, products, tensor::getMixedSizes(builder, loc, products),
        getElementType(input), [&](OpBuilder &inner, Location at, ValueRange args) {
          ScalarBuilder b(inner, at);
          return b.store(b.add(rescale(b, args[0]), out.zeroPoint), out.limits, out);
        });
  }

  /// The multiplier (i32) and shift (i8) of the scale after each factor: in / out^(1 / count).
  static std::pair<Value, Value> createScale(OpBuilder &builder, Location loc,
                                             const ReducedOperand &operand,
                                             const AffineQuantization &in,
                                             const AffineQuantization &out) {
    auto getScale = [&](int64_t count) {
      double root = std::pow(double(out.scale), 1.0 / double(std::max<int64_t>(count, 1)));
      return quantizeMultiplier(double(in.scale) / root);
    };
    Value multiplier = operand.selectByCount(builder.getI32Type(),
                                             [&](int64_t count) { return getScale(count).value; });
    Value shift = operand.selectByCount(builder.getI8Type(),
                                        [&](int64_t count) { return getScale(count).shift; });
    if (multiplier)
      return {multiplier, shift};
    return computeScale(builder, loc, operand.getCount(), in, out);
  }

  /// The same in an invocation, where only it shows the number of elements.
  static std::pair<Value, Value> computeScale(OpBuilder &builder, Location loc, OpFoldResult count,
                                              const AffineQuantization &in,
                                              const AffineQuantization &out) {
    ScalarBuilder b(builder, loc);
    IndexMath math(builder, loc);
    Type f64 = builder.getF64Type();
    Value number = b.emit<arith::IndexCastOp>(b.i64(), math.getValue(math.max(count, math.get(1))));
    // The scale is 2^exponent.
    Value exponent = b.sub(b.constant(f64, std::log2(double(in.scale))),
                           b.emit<arith::DivFOp>(b.constant(f64, std::log2(double(out.scale))),
                                                 b.emit<arith::SIToFPOp>(f64, number)));
    // As a whole number and the rest in [0, 1).
    Value whole = b.emit<arith::FPToSIOp>(b.i32(), exponent);
    Value isAbove =
        b.compare(arith::CmpFPredicate::OGT, b.emit<arith::SIToFPOp>(f64, whole), exponent);
    whole = b.sub(whole, b.emit<arith::ExtUIOp>(b.i32(), isAbove));
    Value rest = b.sub(exponent, b.emit<arith::SIToFPOp>(f64, whole));
    // 2^rest = exp(rest * ln 2) by its series, to the last bits of a double.
    constexpr int numTerms = 20;
    Value power = b.constant(f64, 1), argument = b.mul(rest, b.constant(f64, std::log(2.0)));
    for (int term = numTerms; term > 0; --term)
      power = b.add(b.constant(f64, 1), b.mul(power, b.mul(argument, b.constant(f64, 1.0 / term))));
    // In [2^30, 2^31].
    Value rounded = b.add(b.mul(power, b.constant(f64, 1 << 30)), b.constant(f64, 0.5));
    Value value = b.emit<arith::FPToSIOp>(b.i64(), rounded);
    Value isPower = b.compare(arith::CmpIPredicate::eq, value, b.integer(b.i64(), 1LL << 31));
    value = b.resize(b.select(isPower, b.integer(b.i64(), 1 << 30), value), b.i32());
    Value shift = b.add(b.add(whole, 1), b.emit<arith::ExtUIOp>(b.i32(), isPower));
    // What a shift cannot say, as `quantizeMultiplier` has it.
    Value isSmall = b.compare(arith::CmpIPredicate::slt, shift, b.integer(b.i32(), -31));
    Value isLarge = b.compare(arith::CmpIPredicate::sgt, shift, b.integer(b.i32(), 30));
    value = b.select(isSmall, b.integer(b.i32(), 0), value);
    value = b.select(isLarge, b.integer(b.i32(), std::numeric_limits<int32_t>::max()), value);
    shift = b.clamp(b.select(isSmall, b.integer(b.i32(), 0), shift), -31, 30);
    return {value, b.resize(shift, b.i8())};
  }
};

} // namespace

void tflc::populateReduceProductPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ProductLowering>(converter, patterns.getContext());
}
