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
  return clampFloat(builder, loc, value, activation);
}

Value tflc::widenScalar(OpBuilder &builder, Location loc, Value value, Type type, bool isUnsigned) {
  if (value.getType() == type)
    return value;
  if (isa<FloatType>(type))
    return arith::ExtFOp::create(builder, loc, type, value);
  if (isUnsigned)
    return arith::ExtUIOp::create(builder, loc, type, value);
  return arith::ExtSIOp::create(builder, loc, type, value);
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
                            return widenScalar(builder, loc, args[0], accumulatorType, false);
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
    Value a = widenScalar(builder, loc, args[0], accumulatorType, inputIsUnsigned);
    Value b = widenScalar(builder, loc, args[1], accumulatorType, weightsAreUnsigned);
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
