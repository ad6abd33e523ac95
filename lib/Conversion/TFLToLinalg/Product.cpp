//===- Product.cpp - lowering of products with weights --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Product.h"

#include "TypeConverter.h"
#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Shared helpers
//===----------------------------------------------------------------------===//

Value tflc::createReshape(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getShape() == shape)
    return value;
  if (DenseElementsAttr elements = matchConstant(value))
    return arith::ConstantOp::create(builder, loc, elements.reshape(type.clone(shape)));
  auto all = [](int64_t rank) {
    SmallVector<ReassociationIndices> groups;
    if (rank > 0)
      groups.push_back(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
    return groups;
  };
  if (type.getRank() != 1)
    value = type.getRank() == 0
                ? Value(tensor::ExpandShapeOp::create(builder, loc, type.clone({1}), value, all(0)))
                : Value(tensor::CollapseShapeOp::create(builder, loc, value, all(type.getRank())));
  if (shape.size() == 1)
    return value;
  return tensor::ExpandShapeOp::create(builder, loc, type.clone(shape), value, all(shape.size()));
}

Value tflc::createFloatActivation(OpBuilder &builder, Location loc, Value value,
                                  StringRef activation) {
  if (activation == "TANH")
    return math::TanhOp::create(builder, loc, value);
  RealRange range = getActivationRange(*parseActivation(activation));
  constexpr float largest = std::numeric_limits<float>::max();
  Type type = value.getType();
  Value min = createFloat(builder, loc, type, range.min.value_or(-largest));
  Value max = createFloat(builder, loc, type, range.max.value_or(largest));
  value = arith::MaximumFOp::create(builder, loc, value, min);
  return arith::MinimumFOp::create(builder, loc, value, max);
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

Product::Product(PatternRewriter &builder, ProductSpec spec)
    : builder(builder), loc(spec.op->getLoc()), spec(spec),
      kind(*tfl::getProductKind(spec.inputType, spec.weightsType, spec.outputType)) {
  unsigned shortWidth = spec.biasType ? tfl::getStoredType(spec.biasType).getIntOrFloatBitWidth()
                                      : spec.shortAccumulatorWidth;
  switch (kind) {
  case tfl::ProductKind::Float:
    accumulatorType = builder.getF32Type();
    break;
  case tfl::ProductKind::Byte:
  case tfl::ProductKind::Hybrid:
    accumulatorType = builder.getI32Type();
    break;
  case tfl::ProductKind::Short:
    accumulatorType = builder.getIntegerType(shortWidth);
    isWide = shortWidth == 64;
    break;
  }
}

/// The limits of a signed or unsigned type.
static IntegerRange getLimits(Type type) {
  unsigned width = tfl::getStoredType(type).getIntOrFloatBitWidth();
  if (isUnsignedElement(getElementTypeOrSelf(type)))
    return {0, int32_t((int64_t(1) << width) - 1)};
  return {int32_t(-(int64_t(1) << (width - 1))), int32_t((int64_t(1) << (width - 1)) - 1)};
}

/// Constant weights without their zero point, as signed 8-bit integers; null where one does not
/// fit.
static DenseElementsAttr subtractZeroPoint(DenseElementsAttr weights, int32_t zeroPoint) {
  SmallVector<int8_t> values;
  values.reserve(weights.getNumElements());
  for (uint8_t value : weights.getValues<uint8_t>()) {
    int32_t difference = int32_t(value) - zeroPoint;
    if (difference < -128 || difference > 127)
      return nullptr;
    values.push_back(int8_t(difference));
  }
  return DenseElementsAttr::get(weights.getType(), ArrayRef(values));
}

LogicalResult Product::match() {
  constantWeights = matchConstant(spec.weights);
  if (kind == tfl::ProductKind::Float)
    return success();

  std::optional<tfl::Quantization> weights = tfl::getQuantization(spec.weightsType);
  weightsZero = weights->zeroPoints[0];
  for (int64_t i = 0, repeats = weights->axis ? spec.channelRepeats : 1; i < repeats; ++i)
    llvm::append_range(weightScales, weights->scales);
  weightsAreUnsigned = isUnsignedElement(getElementTypeOrSelf(spec.weightsType));
  if (weightsAreUnsigned && constantWeights)
    if (DenseElementsAttr shifted = subtractZeroPoint(constantWeights, weightsZero)) {
      constantWeights = shifted;
      weightsZero = 0;
      weightsAreUnsigned = false;
    }
  if (kind == tfl::ProductKind::Hybrid)
    return success();

  std::optional<tfl::Quantization> input = tfl::getQuantization(spec.inputType);
  std::optional<tfl::Quantization> output = tfl::getQuantization(spec.outputType);
  inputZero = input->zeroPoints[0];
  outputZero = output->zeroPoints[0];
  float inputScale = input->scales[0], outputScale = output->scales[0];
  for (float weightsScale : weightScales) {
    double product = spec.roundsScaleProduct && !weights->axis
                         ? double(inputScale * weightsScale)
                         : double(inputScale) * double(weightsScale);
    if (!std::isfinite(product))
      return builder.notifyMatchFailure(spec.op, "the product of the scales is infinite");
    FixedPointMultiplier multiplier = quantizeMultiplier(product / double(outputScale));
    // What `tflrt.rescale` takes.
    if (isWide && multiplier.shift > 7)
      return builder.notifyMatchFailure(spec.op, "the quotient of the scales is too large");
    multipliers.push_back(multiplier);
  }
  auto isFirst = [&](FixedPointMultiplier multiplier) {
    return multiplier.value == multipliers[0].value && multiplier.shift == multipliers[0].shift;
  };
  if (llvm::all_of(multipliers, isFirst))
    multipliers.truncate(1);
  clamp = *getQuantizedActivationRange(*parseActivation(spec.activation), outputScale, outputZero,
                                       getLimits(spec.outputType));

  if (constantWeights && inputZero != 0) {
    for (int32_t sum : sumWeights())
      biasCorrection.push_back(int32_t(0u - uint32_t(inputZero) * uint32_t(sum)));
    inputZero = 0;
  }
  narrowSums();
  return success();
}

/// Sums of 64 bits become those of 32 that machines multiply and add into, where the weights, or
/// their number alone, show that nothing can overflow. A bias that may not fit joins behind them.
void Product::narrowSums() {
  if (!isWide)
    return;
  auto fits = [](ProductSum sum) { return llvm::isInt<32>(sum.min) && llvm::isInt<32>(sum.max); };
  SmallVector<ProductSum> sums = boundProducts();
  if (sums.empty() || !llvm::all_of(sums, fits))
    return;
  accumulatorType = builder.getI32Type();
  if (!spec.bias)
    return;
  DenseElementsAttr bias = matchConstant(spec.bias);
  biasIsLast = !bias || sums.size() != static_cast<size_t>(bias.getNumElements());
  for (size_t i = 0; !biasIsLast && i < sums.size(); ++i) {
    int64_t value = bias.getValues<APInt>()[i].getSExtValue(), min, max;
    biasIsLast = llvm::AddOverflow(sums[i].min, value, min) ||
                 llvm::AddOverflow(sums[i].max, value, max) || !fits({min, max});
  }
}

SmallVector<Product::ProductSum> Product::boundProducts() {
  // Inputs as far from their zero point as so many bits allow.
  Type element = getElementTypeOrSelf(spec.inputType);
  unsigned bits = getStorageElementType(element).getIntOrFloatBitWidth();
  int64_t least = (isUnsignedElement(element) ? 0 : llvm::minIntN(bits)) - inputZero;
  int64_t largest = (isUnsignedElement(element) ? llvm::maxUIntN(bits) : llvm::maxIntN(bits));
  largest -= inputZero;
  auto weights = cast<RankedTensorType>(spec.weights.getType());
  if (!constantWeights) {
    if (!weights.hasStaticShape() || weightsAreUnsigned || weightsZero != 0 ||
        weights.getNumElements() == 0)
      return {};
    int64_t count = weights.getNumElements() / weights.getDimSize(spec.channelAxis);
    // The products of the least numbers are the largest.
    unsigned width = weights.getElementTypeBitWidth();
    int64_t most = llvm::minIntN(width) * least;
    if (count > INT64_MAX / most)
      return {};
    return {{-count * most, count * most}};
  }
  if (!constantWeights.getElementType().isInteger(8))
    return {};
  ArrayRef<int64_t> shape = constantWeights.getType().getShape();
  int64_t inner = ShapedType::getNumElements(shape.drop_front(spec.channelAxis + 1));
  SmallVector<ProductSum> sums(shape[spec.channelAxis], {0, 0});
  for (auto [index, value] : llvm::enumerate(constantWeights.getValues<int8_t>())) {
    int64_t weight = (weightsAreUnsigned ? uint8_t(value) : int32_t(value)) - weightsZero;
    ProductSum &sum = sums[index / inner % sums.size()];
    sum.min += weight * (weight < 0 ? largest : least);
    sum.max += weight * (weight < 0 ? least : largest);
  }
  return sums;
}

SmallVector<int32_t> Product::sumWeights() {
  ArrayRef<int64_t> shape = constantWeights.getType().getShape();
  int64_t channels = shape[spec.channelAxis];
  int64_t inner = ShapedType::getNumElements(shape.drop_front(spec.channelAxis + 1));
  SmallVector<uint32_t> sums(channels, 0);
  int64_t outer = ShapedType::getNumElements(shape.take_front(spec.channelAxis));
  auto value = constantWeights.value_begin<int8_t>();
  for (int64_t i = 0; i < outer; ++i)
    for (uint32_t &sum : sums)
      for (int64_t j = 0; j < inner; ++j, ++value)
        sum += uint32_t((weightsAreUnsigned ? uint8_t(*value) : int32_t(*value)) - weightsZero);
  return SmallVector<int32_t>(sums.begin(), sums.end());
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

Value Product::createInputZero() {
  Type element = getStorageElementType(getElementTypeOrSelf(spec.inputType));
  if (isa<FloatType>(element))
    return createFloat(builder, loc, element, 0);
  // Not `inputZero`, which is what is left to subtract.
  return createInt(builder, loc, element, tfl::getQuantization(spec.inputType)->zeroPoints[0]);
}

Value Product::createWeights(ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(spec.weights.getType());
  if (!constantWeights ||
      (type.getShape() == shape && constantWeights == matchConstant(spec.weights)))
    return createReshape(builder, loc, spec.weights, shape);
  return arith::ConstantOp::create(builder, loc, constantWeights.reshape(type.clone(shape)));
}

AffineMap Product::getChannelMap(int64_t rank, size_t channelRank) {
  return builder.getMultiDimIdentityMap(rank).getMinorSubMap(channelRank);
}

Value Product::createTable(Type elementType, ArrayRef<int64_t> channels, ArrayRef<int32_t> values) {
  auto type = RankedTensorType::get(channels, elementType);
  SmallVector<APInt> elements;
  for (int32_t value : values)
    elements.push_back(APInt(elementType.getIntOrFloatBitWidth(), value, /*isSigned=*/true));
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, elements));
}

Value Product::createBias(ArrayRef<int64_t> channels) {
  if (!spec.bias)
    return biasCorrection.empty() ? Value()
                                  : createTable(accumulatorType, channels, biasCorrection);
  Value bias = createReshape(builder, loc, spec.bias, channels);
  if (isWide && accumulatorType.isInteger(32)) {
    SmallVector<int32_t> narrowed;
    for (const APInt &value : matchConstant(spec.bias).getValues<APInt>())
      narrowed.push_back(static_cast<int32_t>(value.getSExtValue()));
    return createTable(accumulatorType, channels, narrowed);
  }
  if (biasCorrection.empty())
    return bias;
  // A zero point other than 0 means 8-bit activations, and those a 32-bit bias.
  if (DenseElementsAttr values = matchConstant(bias)) {
    SmallVector<int32_t> corrected;
    for (auto [value, correction] : llvm::zip(values.getValues<int32_t>(), biasCorrection))
      corrected.push_back(int32_t(uint32_t(value) + uint32_t(correction)));
    return createTable(accumulatorType, channels, corrected);
  }
  Value table = createTable(accumulatorType, channels, biasCorrection);
  return buildElementwise(
      builder, loc, {bias, table}, tensor::getMixedSizes(builder, loc, bias), accumulatorType,
      [](OpBuilder &builder, Location loc, ValueRange args) {
        return arith::AddIOp::create(builder, loc, args[0], args[1]).getResult();
      });
}

//===----------------------------------------------------------------------===//
// Contraction
//===----------------------------------------------------------------------===//

/// Widens a scalar to the accumulator's type.
static Value widen(OpBuilder &builder, Location loc, Value value, Type type, bool isUnsigned) {
  if (value.getType() == type)
    return value;
  if (isa<FloatType>(type))
    return arith::ExtFOp::create(builder, loc, type, value);
  if (isUnsigned)
    return arith::ExtUIOp::create(builder, loc, type, value);
  return arith::ExtSIOp::create(builder, loc, type, value);
}

static Value subtract(OpBuilder &builder, Location loc, Value value, int32_t zeroPoint) {
  if (zeroPoint == 0)
    return value;
  Value zero = createInt(builder, loc, value.getType(), zeroPoint);
  return arith::SubIOp::create(builder, loc, value, zero);
}

Value Product::createInit(ArrayRef<OpFoldResult> sizes, ArrayRef<int64_t> channels) {
  // A hybrid product's bias is a float; the epilogue adds it.
  Value bias = isHybrid() || biasIsLast ? Value() : createBias(channels);
  if (!bias)
    return createFilled(builder, loc, sizes, createZero(builder, loc, accumulatorType));
  return buildElementwise(builder, loc, bias, getChannelMap(sizes.size(), channels.size()), sizes,
                          accumulatorType, [&](OpBuilder &builder, Location loc, ValueRange args) {
                            return widen(builder, loc, args[0], accumulatorType, false);
                          });
}

Value Product::createContraction(Value input, AffineMap inputMap, Value weights,
                                 AffineMap weightsMap, ArrayRef<OpFoldResult> sizes,
                                 ArrayRef<int64_t> channels, unsigned numReductions) {
  Value init = createInit(sizes, channels);
  unsigned rank = sizes.size(), total = rank + numReductions;
  AffineMap resultMap = builder.getMultiDimIdentityMap(total).getMajorSubMap(rank);
  SmallVector<utils::IteratorType> iterators(total, utils::IteratorType::reduction);
  std::fill_n(iterators.begin(), rank, utils::IteratorType::parallel);
  bool inputIsUnsigned = isUnsignedElement(getElementTypeOrSelf(spec.inputType));
  auto body = [&](OpBuilder &builder, Location loc, ValueRange args) {
    Value a = widen(builder, loc, args[0], accumulatorType, inputIsUnsigned);
    Value b = widen(builder, loc, args[1], accumulatorType, weightsAreUnsigned);
    Value sum;
    if (isa<FloatType>(accumulatorType)) {
      sum = arith::AddFOp::create(builder, loc, args[2], arith::MulFOp::create(builder, loc, a, b));
    } else {
      a = subtract(builder, loc, a, inputZero);
      b = subtract(builder, loc, b, weightsZero);
      sum = arith::AddIOp::create(builder, loc, args[2], arith::MulIOp::create(builder, loc, a, b));
    }
    linalg::YieldOp::create(builder, loc, sum);
  };
  SmallVector<AffineMap> maps = {inputMap, weightsMap, resultMap};
  return linalg::GenericOp::create(builder, loc, init.getType(), ValueRange{input, weights}, init,
                                   maps, iterators, body)
      .getResult(0);
}

//===----------------------------------------------------------------------===//
// Epilogue
//===----------------------------------------------------------------------===//

Value Product::createRescaleEpilogue(Value accumulators, ArrayRef<int64_t> channels) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, accumulators);
  Type i32 = builder.getI32Type(), i8 = builder.getI8Type();
  Type storage = getStorageElementType(getElementTypeOrSelf(spec.outputType));
  tflrt::Rounding rounding = isWide ? spec.wideRounding : spec.rounding;

  SmallVector<Value> inputs = {accumulators};
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(sizes.size())};
  Value multiplier, shift;
  IntegerAttr maxShift;
  if (multipliers.size() == 1) {
    multiplier = createInt(builder, loc, i32, multipliers[0].value);
    shift = createInt(builder, loc, i8, multipliers[0].shift);
  } else {
    SmallVector<int32_t> values, shifts;
    for (FixedPointMultiplier each : multipliers) {
      values.push_back(each.value);
      shifts.push_back(each.shift);
    }
    maxShift = builder.getI32IntegerAttr(*llvm::max_element(shifts));
    inputs.push_back(createTable(i32, channels, values));
    inputs.push_back(createTable(i8, channels, shifts));
    maps.append(2, getChannelMap(sizes.size(), channels.size()));
  }
  if (biasIsLast) {
    inputs.push_back(createReshape(builder, loc, spec.bias, channels));
    maps.push_back(getChannelMap(sizes.size(), channels.size()));
  }
  SmallVector<int32_t> ranges = boundAccumulators(channels);
  return buildElementwise(
      builder, loc, inputs, maps, sizes, storage,
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        Value sum = args[0];
        if (biasIsLast) {
          Value bias = args[inputs.size() - 1];
          sum = arith::AddIOp::create(builder, loc,
                                      widen(builder, loc, sum, builder.getI64Type(), false),
                                      widen(builder, loc, bias, builder.getI64Type(), false));
        }
        auto rescale =
            tflrt::RescaleOp::create(builder, loc, i32, sum, multiplier ? multiplier : args[1],
                                     shift ? shift : args[2], rounding);
        if (maxShift)
          rescale.setMaxShiftAttr(maxShift);
        int64_t maxInput = 0;
        for (int64_t end : ranges)
          maxInput = std::max(maxInput, std::abs(end));
        if (!ranges.empty() && maxInput <= INT32_MAX)
          rescale.setMaxInputAttr(builder.getI32IntegerAttr(maxInput));
        if (ranges.size() == 2 * multipliers.size() && !multiplier)
          rescale.setInputRanges(ranges);
        Value value = rescale;
        if (outputZero != 0)
          value =
              arith::AddIOp::create(builder, loc, value, createInt(builder, loc, i32, outputZero));
        value = clampInt(builder, loc, value, clamp.min, clamp.max);
        return arith::TruncIOp::create(builder, loc, storage, value).getResult();
      });
}

SmallVector<int32_t> Product::boundAccumulators(ArrayRef<int64_t> channels) {
  if (!constantWeights || !accumulatorType.isInteger(32) || biasIsLast)
    return {};
  DenseElementsAttr bias;
  if (spec.bias && !(bias = matchConstant(createReshape(builder, loc, spec.bias, channels))))
    return {};
  SmallVector<ProductSum> ends = boundProducts();
  for (auto [channel, end] : llvm::enumerate(ends)) {
    int32_t start = bias ? int32_t(bias.getValues<APInt>()[channel].getSExtValue()) : 0;
    if (!biasCorrection.empty())
      start = int32_t(uint32_t(start) + uint32_t(biasCorrection[channel]));
    end.min += start;
    end.max += start;
  }
  SmallVector<int32_t> ranges;
  for (auto [min, max] : ends) {
    if (!llvm::isInt<32>(min) || !llvm::isInt<32>(max))
      return {}; // wraps around
    ranges.append({static_cast<int32_t>(min), static_cast<int32_t>(max)});
  }
  return ranges;
}

Value Product::createWeightSums(ArrayRef<int64_t> channels) {
  if (constantWeights)
    return createTable(builder.getI32Type(), channels, sumWeights());
  auto type = cast<RankedTensorType>(spec.weights.getType());
  SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::reduction);
  iterators[spec.channelAxis] = utils::IteratorType::parallel;
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  SmallVector<AffineMap> maps = {identity, identity.getSubMap(spec.channelAxis)};
  Value init = createFilled(builder, loc, {builder.getIndexAttr(type.getDimSize(spec.channelAxis))},
                            createInt(builder, loc, builder.getI32Type(), 0));
  Value sums =
      linalg::GenericOp::create(
          builder, loc, init.getType(), spec.weights, init, maps, iterators,
          [&](OpBuilder &builder, Location loc, ValueRange args) {
            Value value = widen(builder, loc, args[0], builder.getI32Type(), false);
            linalg::YieldOp::create(
                builder, loc, arith::AddIOp::create(builder, loc, args[1], value).getResult());
          })
          .getResult(0);
  return createReshape(builder, loc, sums, channels);
}

Value Product::createHybridEpilogue(Value accumulators, ArrayRef<int64_t> channels,
                                    const RowQuantization &rows) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, accumulators);
  AffineMap channelMap = getChannelMap(sizes.size(), channels.size());
  Type f32 = builder.getF32Type();
  SmallVector<Value> inputs = {accumulators, rows.scales};
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(sizes.size()), rows.resultMap};
  if (!rows.isSymmetric()) {
    inputs.append({rows.zeroPoints, createWeightSums(channels)});
    maps.append({rows.resultMap, channelMap});
  }
  Value scale;
  if (weightScales.size() == 1) {
    scale = createFloat(builder, loc, f32, weightScales[0]);
  } else {
    auto type = RankedTensorType::get(channels, f32);
    inputs.push_back(arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(type, ArrayRef<float>(weightScales))));
    maps.push_back(channelMap);
  }
  if (spec.bias) {
    inputs.push_back(createReshape(builder, loc, spec.bias, channels));
    maps.push_back(channelMap);
  }
  return buildElementwise(builder, loc, inputs, maps, sizes, f32,
                          [&](OpBuilder &builder, Location loc, ValueRange args) {
                            Value sum = args[0], rowScale = args[1];
                            args = args.drop_front(2);
                            if (!rows.isSymmetric()) {
                              Value offset = arith::MulIOp::create(builder, loc, args[0], args[1]);
                              sum = arith::SubIOp::create(builder, loc, sum, offset);
                              args = args.drop_front(2);
                            }
                            Value weightScale = scale;
                            if (!scale) {
                              weightScale = args.front();
                              args = args.drop_front();
                            }
                            Value value = arith::SIToFPOp::create(builder, loc, f32, sum);
                            Value step = arith::MulFOp::create(builder, loc, rowScale, weightScale);
                            value = arith::MulFOp::create(builder, loc, value, step);
                            if (spec.bias)
                              value = arith::AddFOp::create(
                                  builder, loc, value,
                                  widen(builder, loc, args.front(), f32, false));
                            return createFloatActivation(builder, loc, value, spec.activation);
                          });
}

Value Product::createFloatEpilogue(Value accumulators) {
  return buildElementwise(builder, loc, accumulators,
                          tensor::getMixedSizes(builder, loc, accumulators), accumulatorType,
                          [&](OpBuilder &builder, Location loc, ValueRange args) {
                            return createFloatActivation(builder, loc, args[0], spec.activation);
                          });
}

Value Product::createEpilogue(Value accumulators, ArrayRef<int64_t> channels,
                              const RowQuantization *rows) {
  switch (kind) {
  case tfl::ProductKind::Float:
    return createFloatEpilogue(accumulators);
  case tfl::ProductKind::Hybrid:
    assert(rows && "a hybrid product quantizes its input first");
    return createHybridEpilogue(accumulators, channels, *rows);
  case tfl::ProductKind::Byte:
  case tfl::ProductKind::Short:
    return createRescaleEpilogue(accumulators, channels);
  }
  llvm_unreachable("all kinds are handled");
}
