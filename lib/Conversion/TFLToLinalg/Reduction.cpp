//===- Reduction.cpp - lowering of reductions -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/Reduction.h"
#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "TFL/IR/TFLDialect.h"
#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

#include <limits>

using namespace mlir;
using namespace tflc;

namespace {

using CombineBody = llvm::function_ref<Value(ScalarBuilder &, Value element, Value sum)>;

/// Combines the elements along `axes`, which vanish.
Value reduceAxes(OpBuilder &builder, Location loc, Value input, ArrayRef<int64_t> axes,
                 Value initial, CombineBody combine) {
  SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(builder, loc, input), sizes;
  unsigned rank = inputSizes.size();
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  for (int64_t axis : axes)
    iterators[axis] = utils::IteratorType::reduction;
  SmallVector<AffineExpr> results;
  for (unsigned i = 0; i < rank; ++i) {
    bool reduced = iterators[i] == utils::IteratorType::reduction;
    if (!reduced) {
      sizes.push_back(inputSizes[i]);
      results.push_back(builder.getAffineDimExpr(i));
    }
  }
  Value init = createFilled(builder, loc, sizes, initial);
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(rank),
                                 AffineMap::get(rank, 0, results, builder.getContext())};
  Value reduced = linalg::GenericOp::create(
                      builder, loc, init.getType(), input, init, maps, iterators,
                      [&](OpBuilder &b, Location at, ValueRange args) {
                        ScalarBuilder scalars(b, at);
                        linalg::YieldOp::create(b, at, combine(scalars, args[0], args[1]));
                      })
                      .getResult(0);
  return reduced;
}

/// Puts dimensions of size one where `axes` were.
Value restoreDims(OpBuilder &builder, Location loc, Value value, int64_t rank,
                  ArrayRef<int64_t> axes) {
  if (axes.empty())
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value), outSizes;
  SmallVector<int64_t> shape;
  SmallVector<ReassociationIndices> groups(type.getRank());
  int64_t next = 0;
  for (int64_t i = 0; i < rank; ++i) {
    bool isReduced = llvm::is_contained(axes, i);
    shape.push_back(isReduced ? 1 : type.getDimSize(next));
    outSizes.push_back(isReduced ? OpFoldResult(builder.getIndexAttr(1)) : sizes[next]);
    // Ones stand with the dimension before them, leading ones with the first.
    if (!groups.empty())
      groups[isReduced ? std::max<int64_t>(next - 1, 0) : next].push_back(i);
    if (!isReduced)
      ++next;
  }
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), value, groups, outSizes);
}

/// The number of elements that are reduced to one; none where it is unknown.
std::optional<int64_t> countReduced(Value input, ArrayRef<int64_t> axes) {
  auto type = cast<RankedTensorType>(input.getType());
  int64_t count = 1;
  for (int64_t axis : axes) {
    if (type.isDynamicDim(axis))
      return std::nullopt;
    count *= type.getDimSize(axis);
  }
  return count;
}

template <typename OpTy> struct ReductionLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  static constexpr bool isMean = std::is_same_v<OpTy, tfl::MeanOp>;
  static constexpr bool isSum = std::is_same_v<OpTy, tfl::SumOp>;
  static constexpr bool isMax = std::is_same_v<OpTy, tfl::ReduceMaxOp>;

  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Value input = adaptor.getInput();
    int64_t rank = cast<RankedTensorType>(input.getType()).getRank();
    auto axes = tfl::getReducedAxes(op.getAxes(), rank);
    if (!axes)
      return rewriter.notifyMatchFailure(op, "axes are not constant");
    std::optional<int64_t> count = countReduced(input, *axes);
    if (!count && isMean)
      return rewriter.notifyMatchFailure(op, "the mean of an unknown number of elements");
    Type element = getElementType(input);
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    if (!isa<FloatType>(element) && (isMean || isSum) && !in && !element.isInteger(32) &&
        !element.isInteger(64))
      return rewriter.notifyMatchFailure(op, "no arithmetic for these types");

    Location loc = op.getLoc();
    Value result;
    if constexpr (isMean || isSum)
      result = lowerSum(op, rewriter, input, *axes, count, in, out);
    else
      result = lowerExtremum(op, rewriter, input, *axes);
    if (op.getKeepDims())
      result = restoreDims(rewriter, loc, result, rank, *axes);
    rewriter.replaceOp(
        op, castTo(rewriter, loc, result, this->getTypeConverter()->convertType(op.getType())));
    return success();
  }

private:
  static Value lowerExtremum(OpTy op, OpBuilder &builder, Value input, ArrayRef<int64_t> axes) {
    Type element = getElementType(input);
    Location loc = op.getLoc();
    bool isUnsigned = isUnsignedElement(op.getInput().getType().getElementType());
    Value initial;
    if (isa<FloatType>(element)) {
      double lowest = std::numeric_limits<float>::lowest();
      initial = createFloat(builder, loc, element, isMax ? lowest : -lowest);
    } else {
      unsigned width = element.getIntOrFloatBitWidth();
      llvm::APInt value = isMax ? (isUnsigned ? llvm::APInt::getMinValue(width)
                                              : llvm::APInt::getSignedMinValue(width))
                                : (isUnsigned ? llvm::APInt::getMaxValue(width)
                                              : llvm::APInt::getSignedMaxValue(width));
      initial = arith::ConstantOp::create(builder, loc, builder.getIntegerAttr(element, value));
    }
    return reduceAxes(builder, loc, input, axes, initial,
                      [&](ScalarBuilder &b, Value value, Value best) -> Value {
                        // A NaN is passed over.
                        if (isa<FloatType>(element))
                          return isMax ? b.emit<arith::MaxNumFOp>(best, value)
                                       : b.emit<arith::MinNumFOp>(best, value);
                        if (isUnsigned)
                          return isMax ? b.emit<arith::MaxUIOp>(best, value)
                                       : b.emit<arith::MinUIOp>(best, value);
                        return isMax ? b.emit<arith::MaxSIOp>(best, value)
                                     : b.emit<arith::MinSIOp>(best, value);
                      });
  }

  static Value lowerSum(OpTy op, OpBuilder &builder, Value input, ArrayRef<int64_t> axes,
                        std::optional<int64_t> count, std::optional<AffineQuantization> in,
                        std::optional<AffineQuantization> out) {
    Location loc = op.getLoc();
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
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, sums);
    int64_t n = count.value_or(1);
    return buildElementwise(
        builder, loc, sums, sizes, element, [&](OpBuilder &inner, Location at, ValueRange args) {
          ScalarBuilder b(inner, at);
          if (!in) {
            if (isa<FloatType>(element))
              return b.emit<arith::DivFOp>(args[0], b.constant(element, double(n)));
            Value mean =
                b.emit<arith::DivSIOp>(args[0], b.integer(sumType, std::max<int64_t>(n, 1)));
            return b.resize(mean, element);
          }
          Value centered = b.add(args[0], -int64_t(in->zeroPoint) * n);
          FixedPointMultiplier scale = quantizeMultiplier(double(in->scale) / double(out->scale));
          if (isMean) {
            int k = std::min({int(llvm::Log2_64(n)), 32, 31 + scale.shift});
            scale.value = static_cast<int32_t>((int64_t(scale.value) << k) / n);
            scale.shift -= k;
          }
          Value mean = b.rescale(centered, scale);
          return b.store(b.add(mean, out->zeroPoint), out->limits, *out);
        });
  }
};

} // namespace

void tflc::populateReductionPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ReductionLowering<tfl::MeanOp>, ReductionLowering<tfl::SumOp>,
               ReductionLowering<tfl::ReduceMaxOp>, ReductionLowering<tfl::ReduceMinOp>>(
      converter, patterns.getContext());
}
