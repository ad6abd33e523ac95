//===- Normalization.cpp - lowering of the normalization family -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "FixedPoint.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/NormalizationOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

using ElementMap = llvm::function_ref<Value(ScalarBuilder &, Value)>;

/// The sum over the last dimension of the squares of what `map` makes of the elements.
static Value sumSquares(OpBuilder &builder, Location loc, Value input, Type sumType,
                        ElementMap map) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  unsigned rank = sizes.size();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  iterators.back() = utils::IteratorType::reduction;
  sizes.pop_back();
  Value init = createFilled(builder, loc, sizes, createZero(builder, loc, sumType));
  AffineMap whole = builder.getMultiDimIdentityMap(rank);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), input, init,
             ArrayRef<AffineMap>{whole, whole.dropResult(rank - 1)}, iterators,
             [&](OpBuilder &inner, Location at, ValueRange args) {
               ScalarBuilder b(inner, at);
               Value x = map(b, args[0]);
               linalg::YieldOp::create(inner, at, b.add(args[1], b.mul(x, x)));
             })
      .getResult(0);
}

/// `function` of each element of `value`.
static Value mapElements(OpBuilder &builder, Location loc, Value value, Type type,
                         ElementMap function) {
  return buildElementwise(builder, loc, value, tensor::getMixedSizes(builder, loc, value), type,
                          [&](OpBuilder &inner, Location at, ValueRange args) {
                            ScalarBuilder b(inner, at);
                            return function(b, args[0]);
                          });
}

namespace {

//===----------------------------------------------------------------------===//
// L2_NORMALIZATION
//===----------------------------------------------------------------------===//

struct ConvertL2Normalization : OpConversionPattern<tfl::L2NormalizationOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::L2NormalizationOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    Value result = in && out ? lowerQuantized(rewriter, op.getLoc(), adaptor.getInput(), *in, *out)
                             : lowerFloat(rewriter, op.getLoc(), adaptor.getInput());
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }

private:
  static Value lowerFloat(OpBuilder &builder, Location loc, Value input) {
    Type f32 = builder.getF32Type();
    Value sums = sumSquares(builder, loc, input, f32,
                            [](ScalarBuilder &, Value element) { return element; });
    Value norms = mapElements(builder, loc, sums, f32, [](ScalarBuilder &b, Value sum) {
      // A NaN stays.
      Value norm = b.emit<math::SqrtOp>(sum), least = b.constant(b.f32(), 1e-6f);
      return b.select(b.compare(arith::CmpFPredicate::OLT, norm, least), least, norm);
    });
    return combineRows(builder, loc, input, norms, {}, [](ScalarBuilder &b, ValueRange args) {
      return b.emit<arith::DivFOp>(args[0], args[1]);
    });
  }

  static Value lowerQuantized(OpBuilder &builder, Location loc, Value input,
                              const AffineQuantization &in, const AffineQuantization &out) {
    Value sums = sumSquares(builder, loc, input, builder.getI32Type(),
                            [&](ScalarBuilder &b, Value element) { return b.center(element, in); });
    Value multipliers = mapElements(builder, loc, sums, builder.getI32Type(), emitInverseRoot);
    Value shifts = mapElements(builder, loc, sums, builder.getI8Type(),
                               [&](ScalarBuilder &b, Value sum) -> Value {
                                 Value shift = emitInverseRootShift(b, sum);
                                 // 2^7 is the inverse of the result's scale.
                                 return b.resize(b.add(shift, in.isSigned ? 7 : 0), b.i8());
                               });
    return combineRows(
        builder, loc, input, multipliers, shifts, [&](ScalarBuilder &b, ValueRange args) {
          Value x = b.center(args[0], in);
          if (!in.isSigned)
            x = b.shiftLeft(x, 7);
          Value value = b.emit<tflrt::RescaleOp>(x, args[1], args[2], tflrt::Rounding::Double);
          return b.store(b.add(value, out.zeroPoint), out.limits, out);
        });
  }

  /// `body` of each element and what belongs to its row.
  static Value combineRows(OpBuilder &builder, Location loc, Value input, Value first, Value second,
                           llvm::function_ref<Value(ScalarBuilder &, ValueRange)> body) {
    unsigned rank = cast<RankedTensorType>(input.getType()).getRank();
    AffineMap whole = builder.getMultiDimIdentityMap(rank), row = whole.dropResult(rank - 1);
    SmallVector<Value> inputs = {input, first};
    SmallVector<AffineMap> maps = {whole, row};
    if (second) {
      inputs.push_back(second);
      maps.push_back(row);
    }
    return buildElementwise(builder, loc, inputs, maps, tensor::getMixedSizes(builder, loc, input),
                            getElementType(input),
                            [&](OpBuilder &inner, Location at, ValueRange args) {
                              ScalarBuilder b(inner, at);
                              return body(b, args);
                            });
  }
};

//===----------------------------------------------------------------------===//
// LOCAL_RESPONSE_NORMALIZATION
//===----------------------------------------------------------------------===//

struct ConvertLocalResponse : OpConversionPattern<tfl::LocalResponseNormalizationOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::LocalResponseNormalizationOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value input = adaptor.getInput();
    // No window reaches farther than over all channels.
    IndexMath math(rewriter, loc);
    OpFoldResult channels = tensor::getMixedSize(rewriter, loc, input, 3);
    OpFoldResult radius = math.min(math.get(int32_t(op.getRadius())), channels);
    Value sums = sumWindows(rewriter, loc, input, radius);
    float bias = op.getBias().convertToFloat(), alpha = op.getAlpha().convertToFloat();
    float beta = op.getBeta().convertToFloat();
    Value result = buildElementwise(
        rewriter, loc, {input, sums}, tensor::getMixedSizes(rewriter, loc, input),
        rewriter.getF32Type(), [&](OpBuilder &builder, Location at, ValueRange args) {
          ScalarBuilder b(builder, at);
          Value sum = b.add(b.constant(b.f32(), bias), b.mul(b.constant(b.f32(), alpha), args[1]));
          return b.mul(args[0], raise(b, sum, beta));
        });
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }

private:
  /// The sums of the squares of each channel and `radius` channels on both sides of it.
  static Value sumWindows(OpBuilder &builder, Location loc, Value input, OpFoldResult radius) {
    Type f32 = builder.getF32Type();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
    Value zero = createZero(builder, loc, f32);
    Value init = createFilled(builder, loc, sizes, zero);
    Value squares = mapElements(builder, loc, input, f32,
                                [](ScalarBuilder &b, Value x) { return b.mul(x, x); });
    SmallVector<OpFoldResult> low(4, builder.getIndexAttr(0)), high = low;
    low[3] = high[3] = radius;
    Value padded = padTensor(builder, loc, squares, low, high, zero);
    // Gives the window's size to the iteration space.
    IndexMath math(builder, loc);
    OpFoldResult size = math.add(math.mul(radius, math.get(2)), math.get(1));
    Value window = tensor::EmptyOp::create(builder, loc, ArrayRef<OpFoldResult>(size), f32);
    auto dim = [&](unsigned i) { return builder.getAffineDimExpr(i); };
    SmallVector<AffineMap> maps = {
        AffineMap::get(5, 0, {dim(0), dim(1), dim(2), dim(3) + dim(4)}, builder.getContext()),
        AffineMap::get(5, 0, dim(4)), builder.getMultiDimIdentityMap(5).getMajorSubMap(4)};
    SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    return linalg::GenericOp::create(builder, loc, init.getType(), ValueRange{padded, window}, init,
                                     maps, iterators,
                                     [](OpBuilder &inner, Location at, ValueRange args) {
                                       ScalarBuilder b(inner, at);
                                       linalg::YieldOp::create(inner, at, b.add(args[2], args[0]));
                                     })
        .getResult(0);
  }

  /// `base^-exponent`.
  static Value raise(ScalarBuilder &b, Value base, float exponent) {
    Value one = b.constant(b.f32(), 1);
    if (exponent == 1.0f)
      return b.emit<arith::DivFOp>(one, base);
    if (exponent == 0.5f)
      return b.emit<arith::DivFOp>(one, b.emit<math::SqrtOp>(base));
    return b.emit<math::PowFOp>(base, b.constant(b.f32(), -exponent));
  }
};

} // namespace

void tflc::populateNormalizationPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertL2Normalization, ConvertLocalResponse>(converter, patterns.getContext());
}
