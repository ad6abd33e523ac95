//===- Pooling.cpp - lowering of pooling ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "Product.h"
#include "TFL/IR/PoolingOps.h"
#include "Utils.h"
#include "Windows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Shared parts
//===----------------------------------------------------------------------===//

template <typename PoolOp>
static WindowGeometry getGeometry(PoolOp op, Value input, OpBuilder &builder) {
  return getWindowGeometry(
      builder, op.getLoc(), input,
      {{1, op.getFilterHeight(), op.getStrideH(), 1}, {2, op.getFilterWidth(), op.getStrideW(), 1}},
      op.getPadding());
}

/// Combines the elements of each window, from `initial` on, which also stands in the padding. The
/// result's elements have the type of `initial`; `body` gets an element and the result so far.
static Value reduceWindows(OpBuilder &builder, Location loc, Value input,
                           const WindowGeometry &geometry, Value padding, Value initial,
                           llvm::function_ref<Value(OpBuilder &, Location, Value, Value)> body) {
  SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(builder, loc, input, 0),
                                     geometry.outputs[0], geometry.outputs[1],
                                     tensor::getMixedSize(builder, loc, input, 3)};
  Value padded = padForWindow(builder, loc, input, geometry, padding);
  // Has no elements that anyone reads: it gives the window's size to the iteration space.
  Value window = tensor::EmptyOp::create(
      builder, loc, ArrayRef<int64_t>{geometry.axes[0].filter, geometry.axes[1].filter},
      getElementType(input));
  Value init = createFilled(builder, loc, sizes, initial);
  auto dim = [&](unsigned i) { return builder.getAffineDimExpr(i); };
  // Iterators: n, oh, ow, c, kh, kw.
  SmallVector<AffineMap> maps = {
      AffineMap::get(6, 0,
                     {dim(0), getWindowPlace(geometry.axes[0], dim(1), dim(4)),
                      getWindowPlace(geometry.axes[1], dim(2), dim(5)), dim(3)},
                     builder.getContext()),
      AffineMap::get(6, 0, {dim(4), dim(5)}, builder.getContext()),
      builder.getMultiDimIdentityMap(6).getMajorSubMap(4)};
  SmallVector<utils::IteratorType> iterators(4, utils::IteratorType::parallel);
  iterators.append(2, utils::IteratorType::reduction);
  return linalg::GenericOp::create(
             builder, loc, init.getType(), ValueRange{padded, window}, init, maps, iterators,
             [&](OpBuilder &builder, Location loc, ValueRange args) {
               linalg::YieldOp::create(builder, loc, body(builder, loc, args[0], args[2]));
             })
      .getResult(0);
}

/// The limits of stored values that the fused activation leaves.
template <typename PoolOp> static IntegerRange getClamp(PoolOp op) {
  Type output = op.getOutput().getType();
  bool isUnsigned = isUnsignedElement(getElementTypeOrSelf(output));
  int64_t width = tfl::getStoredType(output).getIntOrFloatBitWidth();
  IntegerRange limits = {isUnsigned ? 0 : int32_t(-(int64_t(1) << (width - 1))),
                         int32_t((int64_t(1) << (isUnsigned ? width : width - 1)) - 1)};
  std::optional<tfl::Quantization> quantization = tfl::getQuantization(output);
  if (!quantization || quantization->axis)
    return limits;
  return *getQuantizedActivationRange(*parseActivation(op.getFusedActivationFunction()),
                                      quantization->scales[0], quantization->zeroPoints[0], limits);
}

namespace {

//===----------------------------------------------------------------------===//
// Maximum
//===----------------------------------------------------------------------===//

struct ConvertMaxPool2D : OpConversionPattern<tfl::MaxPool2DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::MaxPool2DOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type element = getElementType(adaptor.getInput());
    bool isFloat = isa<FloatType>(element);
    bool isUnsigned = isUnsignedElement(op.getInput().getType().getElementType());
    WindowGeometry geometry = getGeometry(op, adaptor.getInput(), rewriter);
    Value lowest;
    if (isFloat)
      lowest = createFloat(rewriter, loc, element, std::numeric_limits<float>::lowest());
    else if (isUnsigned)
      lowest = createInt(rewriter, loc, element, 0);
    else
      lowest =
          createInt(rewriter, loc, element, -(int64_t(1) << (element.getIntOrFloatBitWidth() - 1)));
    Value result =
        reduceWindows(rewriter, loc, adaptor.getInput(), geometry, lowest, lowest,
                      [&](OpBuilder &builder, Location loc, Value element, Value result) -> Value {
                        if (isUnsigned)
                          return arith::MaxUIOp::create(builder, loc, element, result);
                        if (!isFloat)
                          return arith::MaxSIOp::create(builder, loc, element, result);
                        // A NaN compares as false and so loses.
                        Value greater = arith::CmpFOp::create(
                            builder, loc, arith::CmpFPredicate::OGT, element, result);
                        return arith::SelectOp::create(builder, loc, greater, element, result);
                      });
    if (isFloat || op.getFusedActivationFunction() != "NONE")
      result = createActivation(op, rewriter, result, isUnsigned);
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }

  static Value createActivation(tfl::MaxPool2DOp op, OpBuilder &builder, Value value,
                                bool isUnsigned) {
    Type element = getElementType(value);
    return buildElementwise(
        builder, op.getLoc(), value, tensor::getMixedSizes(builder, op.getLoc(), value), element,
        [&](OpBuilder &builder, Location loc, ValueRange args) -> Value {
          if (isa<FloatType>(element))
            return createFloatActivation(builder, loc, args[0], op.getFusedActivationFunction());
          IntegerRange clamp = getClamp(op);
          if (!isUnsigned)
            return clampInt(builder, loc, args[0], clamp.min, clamp.max);
          Value raised = arith::MaxUIOp::create(builder, loc, args[0],
                                                createInt(builder, loc, element, clamp.min));
          return arith::MinUIOp::create(builder, loc, raised,
                                        createInt(builder, loc, element, clamp.max));
        });
  }
};

//===----------------------------------------------------------------------===//
// Average
//===----------------------------------------------------------------------===//

/// How many elements of the input each place of a window covers along one axis, as a tensor; null
/// where it is the whole window everywhere.
Value createCoverage(OpBuilder &builder, Location loc, Value input, const WindowGeometry &geometry,
                     size_t index, Type elementType) {
  tfl::WindowAxis axis = geometry.axes[index];
  if (isZeroInteger(geometry.padLow[index]) && isZeroInteger(geometry.padHigh[index]))
    return nullptr;
  OpFoldResult size = tensor::getMixedSize(builder, loc, input, axis.dimension);
  std::optional<int64_t> known = getConstantIntValue(size);
  if (known) {
    int64_t outputs = *getConstantIntValue(geometry.outputs[index]);
    int64_t low = *getConstantIntValue(geometry.padLow[index]);
    SmallVector<Attribute> counts;
    for (int64_t i = 0; i < outputs; ++i) {
      int64_t begin = i * axis.stride - low, end = begin + axis.filter;
      int64_t count = std::min(end, *known) - std::max<int64_t>(begin, 0);
      counts.push_back(isa<FloatType>(elementType)
                           ? Attribute(builder.getFloatAttr(elementType, double(count)))
                           : Attribute(builder.getIntegerAttr(elementType, count)));
    }
    auto type = RankedTensorType::get({outputs}, elementType);
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, counts));
  }
  Value length = getValueOrCreateConstantIndexOp(builder, loc, size);
  Value low = getValueOrCreateConstantIndexOp(builder, loc, geometry.padLow[index]);
  return buildElementwise(
      builder, loc, ValueRange{}, geometry.outputs[index], elementType,
      [&](OpBuilder &builder, Location loc, ValueRange) -> Value {
        auto number = [&](int64_t value) {
          return createInt(builder, loc, builder.getIndexType(), value);
        };
        Value place = linalg::IndexOp::create(builder, loc, 0);
        Value begin = arith::SubIOp::create(
            builder, loc, arith::MulIOp::create(builder, loc, place, number(axis.stride)), low);
        Value end = arith::AddIOp::create(builder, loc, begin, number(axis.filter));
        end = arith::MinSIOp::create(builder, loc, end, length);
        begin = arith::MaxSIOp::create(builder, loc, begin, number(0));
        Value count = arith::IndexCastOp::create(builder, loc, builder.getI32Type(),
                                                 arith::SubIOp::create(builder, loc, end, begin));
        if (isa<FloatType>(elementType))
          return arith::SIToFPOp::create(builder, loc, elementType, count);
        return count;
      });
}

/// Means of elements, or of squares.
template <typename PoolOp> struct ConvertMeanPool : OpConversionPattern<PoolOp> {
  using OpConversionPattern<PoolOp>::OpConversionPattern;
  using OpAdaptor = typename OpConversionPattern<PoolOp>::OpAdaptor;
  static constexpr bool isSquare = std::is_same_v<PoolOp, tfl::L2Pool2DOp>;

  LogicalResult matchAndRewrite(PoolOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value input = adaptor.getInput();
    Type element = getElementType(input);
    bool isFloat = isa<FloatType>(element);
    Type modelType = op.getInput().getType().getElementType();
    Type sumType = isFloat ? element : rewriter.getI32Type();
    WindowGeometry geometry = getGeometry(op, input, rewriter);
    // Zeros in the padding add nothing to the sum; the count leaves them out.
    Value sums = reduceWindows(
        rewriter, loc, input, geometry, createZero(rewriter, loc, element),
        createZero(rewriter, loc, sumType),
        [&](OpBuilder &builder, Location loc, Value element, Value result) -> Value {
          if (isSquare)
            element = arith::MulFOp::create(builder, loc, element, element);
          if (isFloat)
            return arith::AddFOp::create(builder, loc, result, element);
          return arith::AddIOp::create(builder, loc, result,
                                       extendInt(builder, loc, element, modelType, sumType));
        });

    SmallVector<Value> inputs = {sums};
    SmallVector<AffineMap> maps = {rewriter.getMultiDimIdentityMap(4)};
    std::array<Value, 2> factors;
    for (size_t i = 0; i < 2; ++i) {
      if (Value coverage = createCoverage(rewriter, loc, input, geometry, i, sumType)) {
        inputs.push_back(coverage);
        maps.push_back(maps[0].getSubMap(geometry.axes[i].dimension));
      } else {
        int64_t count = geometry.axes[i].filter;
        factors[i] = isFloat ? createFloat(rewriter, loc, sumType, double(count))
                             : createInt(rewriter, loc, sumType, count);
      }
    }
    // The usual case, and one that divides by a constant.
    Value whole;
    if (int64_t count = geometry.axes[0].filter * geometry.axes[1].filter; factors[0] && factors[1])
      whole = isFloat ? createFloat(rewriter, loc, sumType, double(count))
                      : createInt(rewriter, loc, sumType, count);
    Value result = buildElementwise(
        rewriter, loc, inputs, maps, tensor::getMixedSizes(rewriter, loc, sums), element,
        [&](OpBuilder &builder, Location loc, ValueRange args) -> Value {
          Value count = whole;
          if (!count) {
            Value rows = factors[0] ? factors[0] : args[1];
            Value columns = factors[1] ? factors[1] : args.back();
            count = isFloat ? Value(arith::MulFOp::create(builder, loc, rows, columns))
                            : Value(arith::MulIOp::create(builder, loc, rows, columns));
          }
          if (isFloat) {
            Value mean = arith::DivFOp::create(builder, loc, args[0], count);
            if (isSquare)
              mean = math::SqrtOp::create(builder, loc, mean);
            return createFloatActivation(builder, loc, mean, op.getFusedActivationFunction());
          }
          return createIntegerMean(op, builder, loc, args[0], count, element);
        });
    replaceWithCast(rewriter, op, result, *this->getTypeConverter());
    return success();
  }

  /// Divides with halves away from zero, clamps and narrows.
  static Value createIntegerMean(PoolOp op, OpBuilder &builder, Location loc, Value sum,
                                 Value count, Type storage) {
    Type i32 = sum.getType();
    Value half = arith::ShRUIOp::create(builder, loc, count, createInt(builder, loc, i32, 1));
    Value isPositive = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sgt, sum,
                                             createInt(builder, loc, i32, 0));
    Value away = arith::SelectOp::create(builder, loc, isPositive,
                                         arith::AddIOp::create(builder, loc, sum, half),
                                         arith::SubIOp::create(builder, loc, sum, half));
    Value mean = arith::DivSIOp::create(builder, loc, away, count);
    IntegerRange clamp = getClamp(op);
    mean = clampInt(builder, loc, mean, clamp.min, clamp.max);
    return arith::TruncIOp::create(builder, loc, storage, mean);
  }
};

} // namespace

void tflc::populatePoolingPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertMaxPool2D, ConvertMeanPool<tfl::AveragePool2DOp>,
               ConvertMeanPool<tfl::L2Pool2DOp>>(converter, patterns.getContext());
}
