//===- Reduction.cpp - lowering of reductions -----------------------------===//
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

#include "TFL/IR/Reduction.h"
#include "TFL/IR/ReductionOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
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

/// What a reduction works on: the operand along its constant axes, or along the second dimension of
/// a matrix that fed axes make of it.
class ReducedOperand {
public:
  ReducedOperand(OpBuilder &builder, Operation *op, Value input, Value axes, bool keepDims)
      : builder(builder), loc(op->getLoc()), value(input),
        rank(cast<RankedTensorType>(input.getType()).getRank()), keepDims(keepDims) {
    if (auto known = tfl::getReducedAxes(op->getOperand(1), rank)) {
      constantAxes = *known;
      return;
    }
    std::optional<int64_t> numReduced;
    if (!keepDims)
      numReduced = rank - cast<RankedTensorType>(op->getResult(0).getType()).getRank();
    fedAxes.emplace(builder, loc, axes, tensor::getMixedSizes(builder, loc, input), numReduced);
    value = fedAxes->createRows(input);
    constantAxes = {1};
  }

  Value getValue() const { return value; }
  ArrayRef<int64_t> getAxes() const { return constantAxes; }

  /// What the operator gives back, of `type`, from one element for each place that is left.
  Value restore(Value result, RankedTensorType type) const {
    if (fedAxes) {
      SmallVector<OpFoldResult> sizes =
          keepDims ? fedAxes->getOtherSizes() : fedAxes->collectOtherSizes(type.getRank());
      SmallVector<int64_t> unknown(sizes.size(), ShapedType::kDynamic);
      result = reshapeTo(builder, loc, result,
                         RankedTensorType::get(unknown, getElementType(result)), sizes);
    } else if (keepDims) {
      result = restoreDims(builder, loc, result, rank, constantAxes);
    }
    return castTo(builder, loc, result, type);
  }

private:
  OpBuilder &builder;
  Location loc;
  Value value;
  int64_t rank;
  bool keepDims;
  SmallVector<int64_t> constantAxes;
  std::optional<FedAxes> fedAxes;
};

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

/// The largest or least element along `axes`.
Value reduceExtremum(OpBuilder &builder, Location loc, Value input, ArrayRef<int64_t> axes,
                     bool isUnsigned, bool isMax) {
  Type element = getElementType(input);
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
  return reduceAxes(
      builder, loc, input, axes, initial, [&](ScalarBuilder &b, Value value, Value best) -> Value {
        // A NaN is passed over.
        if (isa<FloatType>(element))
          return isMax ? b.emit<arith::MaxNumFOp>(best, value)
                       : b.emit<arith::MinNumFOp>(best, value);
        if (isUnsigned)
          return isMax ? b.emit<arith::MaxUIOp>(best, value) : b.emit<arith::MinUIOp>(best, value);
        return isMax ? b.emit<arith::MaxSIOp>(best, value) : b.emit<arith::MinSIOp>(best, value);
      });
}

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
      result = lowerSum(op, rewriter, input, axes, in, out);
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

  static Value lowerSum(OpTy op, OpBuilder &builder, Value input, ArrayRef<int64_t> axes,
                        std::optional<AffineQuantization> in,
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
    // Of each sum; a constant where the dimensions are known.
    IndexMath math(builder, loc);
    SmallVector<OpFoldResult> reduced;
    for (int64_t axis : axes)
      reduced.push_back(tensor::getMixedSize(builder, loc, input, axis));
    OpFoldResult count = math.product(reduced);
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
    return rescaleSums(builder, loc, sums, sizes, count, *in, *out);
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
        int k = std::min({int(llvm::Log2_64(*known)), 32, 31 + scale.shift});
        scale.value = static_cast<int32_t>((int64_t(scale.value) << k) / *known);
        scale.shift -= k;
      }
    } else {
      std::tie(multiplier, shift) = divideMultiplier(outer, scale, count);
      IndexMath math(builder, loc);
      Value number = outer.emit<arith::IndexCastOp>(outer.i32(), math.getValue(count));
      offset = outer.mul(number, outer.integer(outer.i32(), -in.zeroPoint));
    }
    // The reference reads int8 as uint8 when it adds up; there, what counts is the sum itself,
    // rounded once.
    auto rounding = isMean || !in.isSigned ? tflrt::Rounding::Double : tflrt::Rounding::Single;
    return buildElementwise(
        builder, loc, sums, sizes, IntegerType::get(builder.getContext(), out.width),
        [&](OpBuilder &inner, Location at, ValueRange args) {
          ScalarBuilder b(inner, at);
          Value result;
          if (known) {
            Value centered = b.add(args[0], -int64_t(in.zeroPoint) * *known);
            result = b.rescale(centered, scale, rounding);
          } else {
            Value centered = b.add(args[0], offset);
            result = b.emit<tflrt::RescaleOp>(centered, multiplier, shift, rounding);
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

struct ProductLowering : OpConversionPattern<tfl::ReduceProdOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::ReduceProdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    ReducedOperand operand(rewriter, op, adaptor.getInput(), adaptor.getAxes(), op.getKeepDims());
    Value input = operand.getValue();
    ArrayRef<int64_t> axes = operand.getAxes();
    std::optional<int64_t> count = countReduced(input, axes);
    if (in && (!count || *count == 0))
      return rewriter.notifyMatchFailure(op, "the product of an unknown number of elements");
    Location loc = op.getLoc();
    Value result = in ? lowerQuantized(rewriter, loc, input, axes, *in, *out, *count)
                      : lowerPlain(rewriter, loc, input, axes);
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
  static Value lowerQuantized(OpBuilder &builder, Location loc, Value input, ArrayRef<int64_t> axes,
                              const AffineQuantization &in, const AffineQuantization &out,
                              int64_t count) {
    FixedPointMultiplier scale =
        quantizeMultiplier(double(in.scale) / std::pow(double(out.scale), 1.0 / double(count)));
    auto rescale = [&](ScalarBuilder &b, Value value) {
      return b.rescale(b.resize(value, b.i64()), scale, tflrt::Rounding::Reduced);
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
};

/// The least index at which the extremum stands: both are reductions that may run in any order.
template <typename OpTy> struct ArgLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  static constexpr bool isMax = std::is_same_v<OpTy, tfl::ArgMaxOp>;

  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ReducedOperand operand(rewriter, op, adaptor.getInput(), adaptor.getAxis(),
                           /*keepDims=*/false);
    Value input = operand.getValue();
    bool isUnsigned = isUnsignedElement(op.getInput().getType().getElementType());
    Value extrema = reduceExtremum(rewriter, loc, input, operand.getAxes(), isUnsigned, isMax);
    Value result = findFirst(rewriter, loc, input, extrema, operand.getAxes()[0],
                             getElementType(op.getOutput()));
    auto type = this->getTypeConverter()->template convertType<RankedTensorType>(op.getType());
    rewriter.replaceOp(op, operand.restore(result, type));
    return success();
  }

private:
  /// The last index of a dimension of this size; zero where it is empty.
  static Value createLast(OpBuilder &builder, Location loc, OpFoldResult size, Type type) {
    if (std::optional<int64_t> known = getConstantIntValue(size))
      return createInt(builder, loc, type, std::max<int64_t>(*known - 1, 0));
    IndexMath math(builder, loc);
    OpFoldResult last = math.sub(math.max(size, math.get(1)), math.get(1));
    return arith::IndexCastOp::create(builder, loc, type, math.getValue(last));
  }

  static Value findFirst(OpBuilder &builder, Location loc, Value input, Value extrema, int64_t axis,
                         Type indexType) {
    unsigned rank = cast<RankedTensorType>(input.getType()).getRank();
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    iterators[axis] = utils::IteratorType::reduction;
    AffineMap whole = builder.getMultiDimIdentityMap(rank), each = whole.dropResult(axis);
    Value last =
        createLast(builder, loc, tensor::getMixedSize(builder, loc, input, axis), indexType);
    Value init = createFilled(builder, loc, tensor::getMixedSizes(builder, loc, extrema), last);
    return linalg::GenericOp::create(
               builder, loc, init.getType(), ValueRange{input, extrema}, init,
               ArrayRef<AffineMap>{whole, each, each}, iterators,
               [&](OpBuilder &inner, Location at, ValueRange args) {
                 ScalarBuilder b(inner, at);
                 Value isHere = isa<FloatType>(args[0].getType())
                                    ? b.compare(arith::CmpFPredicate::OEQ, args[0], args[1])
                                    : b.compare(arith::CmpIPredicate::eq, args[0], args[1]);
                 Value index = b.emit<arith::IndexCastOp>(indexType, b.emit<linalg::IndexOp>(axis));
                 Value least = b.emit<arith::MinSIOp>(args[2], index);
                 linalg::YieldOp::create(inner, at, b.select(isHere, least, args[2]));
               })
        .getResult(0);
  }
};

} // namespace

void tflc::populateReductionPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ReductionLowering<tfl::MeanOp>, ReductionLowering<tfl::SumOp>,
               ReductionLowering<tfl::ReduceMaxOp>, ReductionLowering<tfl::ReduceMinOp>,
               ReductionLowering<tfl::ReduceAnyOp>, ReductionLowering<tfl::ReduceAllOp>,
               ProductLowering, ArgLowering<tfl::ArgMaxOp>, ArgLowering<tfl::ArgMinOp>>(
      converter, patterns.getContext());
}
