//===- QuantizedConstants.cpp - constants in their quantized form ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "QuantizedConstants.h"

#include "TFL/IR/BlockQuantization.h"
#include "TFL/IR/QuantizationOps.h"
#include "tflc/Quantization/ClipWeights.h"

#include <cstring>

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

ConstOp tflc::tfl::getFloatConstant(Value value) {
  auto constant = value.getDefiningOp<ConstOp>();
  if (!constant || !isa<DenseElementsAttr>(constant.getValue()))
    return {};
  return getElementTypeOrSelf(constant.getOutput().getType()).isF32() ? constant : ConstOp();
}

std::vector<float> tflc::tfl::getFloats(ConstOp constant) {
  auto elements = cast<DenseElementsAttr>(constant.getValue());
  ArrayRef<char> raw = elements.getRawData();
  std::vector<float> values(elements.getNumElements());
  if (elements.isSplat()) {
    float value;
    std::memcpy(&value, raw.data(), sizeof(value));
    std::fill(values.begin(), values.end(), value);
  } else {
    std::memcpy(values.data(), raw.data(), values.size() * sizeof(float));
  }
  return values;
}

/// The values of one slice of an axis.
static std::vector<float> getSlice(ArrayRef<float> values, ArrayRef<int64_t> shape, unsigned axis,
                                   int64_t slice) {
  int64_t inner = 1;
  for (int64_t size : shape.drop_front(axis + 1))
    inner *= size;
  std::vector<float> result;
  for (size_t at = slice * inner; at < values.size(); at += shape[axis] * inner)
    llvm::append_range(result, values.slice(at, inner));
  return result;
}

std::vector<FloatRange> tflc::tfl::getWeightRanges(ConstOp weights, int axis, bool clip,
                                                   unsigned width) {
  std::vector<float> values = getFloats(weights);
  ArrayRef<int64_t> shape = cast<RankedTensorType>(weights.getOutput().getType()).getShape();
  std::vector<FloatRange> ranges = axis < 0 ? std::vector<FloatRange>{getRange(values)}
                                            : getRangesAlong(values, shape, unsigned(axis));
  if (!clip)
    return ranges;
  for (auto [i, range] : llvm::enumerate(ranges)) {
    float magnitude = axis < 0 ? chooseMagnitude(values, width)
                               : chooseMagnitude(getSlice(values, shape, unsigned(axis), i), width);
    range = {-magnitude, magnitude};
  }
  return ranges;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

quant::UniformQuantizedType tflc::tfl::getActivationType(MLIRContext *context, unsigned width,
                                                         bool isSigned,
                                                         QuantizationParameters parameters) {
  return quant::UniformQuantizedType::get(
      isSigned ? quant::QuantizationFlags::Signed : 0, IntegerType::get(context, width),
      Float32Type::get(context), parameters.scale, parameters.zeroPoint,
      quant::QuantizedType::getDefaultMinimumForInteger(isSigned, width),
      quant::QuantizedType::getDefaultMaximumForInteger(isSigned, width));
}

quant::UniformQuantizedType tflc::tfl::getActivationType(MLIRContext *context, unsigned width,
                                                         FloatRange range) {
  int64_t storedMax = quant::QuantizedType::getDefaultMaximumForInteger(true, width);
  QuantizationParameters parameters = width == 8
                                          ? chooseAsymmetric(range, -storedMax - 1, storedMax)
                                          : chooseSymmetric(range, storedMax);
  return getActivationType(context, width, /*isSigned=*/true, parameters);
}

/// Slices of zeros have the scale of the widest slice: one that a bias can be expressed in.
static std::vector<double> getSymmetricScales(ArrayRef<FloatRange> ranges, int64_t storedMax) {
  FloatRange all;
  for (FloatRange range : ranges)
    all.include(range);
  std::vector<double> scales;
  for (FloatRange range : ranges)
    scales.push_back(
        chooseSymmetric(range.min == 0 && range.max == 0 ? all : range, storedMax).scale);
  return scales;
}

quant::QuantizedType tflc::tfl::getWeightsType(MLIRContext *context, unsigned width,
                                               ArrayRef<FloatRange> ranges, int axis) {
  auto storage = IntegerType::get(context, width);
  auto real = Float32Type::get(context);
  int64_t storedMax = quant::QuantizedType::getDefaultMaximumForInteger(true, width);
  int64_t storedMin = quant::QuantizedType::getDefaultMinimumForInteger(true, width);
  std::vector<double> scales = getSymmetricScales(ranges, storedMax);
  if (axis < 0 || scales.size() == 1)
    return quant::UniformQuantizedType::get(quant::QuantizationFlags::Signed, storage, real,
                                            scales.front(), 0, storedMin, storedMax);
  SmallVector<int64_t> zeroPoints(scales.size(), 0);
  return quant::UniformQuantizedPerAxisType::get(quant::QuantizationFlags::Signed, storage, real,
                                                 scales, zeroPoints, axis, storedMin, storedMax);
}

quant::QuantizedType tflc::tfl::getSignedType(quant::QuantizedType type) {
  if (type.isSigned())
    return type;
  unsigned width = type.getStorageTypeIntegralWidth();
  int64_t shift = int64_t(1) << (width - 1);
  int64_t storedMin = quant::QuantizedType::getDefaultMinimumForInteger(true, width);
  int64_t storedMax = quant::QuantizedType::getDefaultMaximumForInteger(true, width);
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type))
    return quant::UniformQuantizedType::get(
        quant::QuantizationFlags::Signed, uniform.getStorageType(), uniform.getExpressedType(),
        uniform.getScale(), uniform.getZeroPoint() - shift, storedMin, storedMax);
  auto perAxis = cast<quant::UniformQuantizedPerAxisType>(type);
  SmallVector<int64_t> zeroPoints = llvm::map_to_vector(
      perAxis.getZeroPoints(), [&](int64_t zeroPoint) { return zeroPoint - shift; });
  return quant::UniformQuantizedPerAxisType::get(
      quant::QuantizationFlags::Signed, perAxis.getStorageType(), perAxis.getExpressedType(),
      perAxis.getScales(), zeroPoints, perAxis.getQuantizedDimension(), storedMin, storedMax);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// Stores integers of `width` bits (a byte for each below 8).
static void append(std::vector<char> &bytes, int64_t value, unsigned width) {
  size_t count = std::max(width / 8, 1u);
  // Models and machines of this compiler are little-endian.
  for (size_t i = 0; i < count; ++i)
    bytes.push_back(char(uint64_t(value) >> (8 * i)));
  if (width < 8)
    bytes.back() &= char((1u << width) - 1);
}

static ConstOp makeConstant(ConstOp original, Type elementType, IntegerType storage,
                            ArrayRef<char> bytes) {
  auto shaped = cast<RankedTensorType>(original.getOutput().getType());
  OpBuilder builder(original);
  auto type = RankedTensorType::get(shaped.getShape(), elementType);
  auto stored = RankedTensorType::get(shaped.getShape(), storage);
  return ConstOp::create(builder, original.getLoc(), type,
                         DenseElementsAttr::getFromRawBuffer(stored, bytes));
}

Value QuantizedConstants::get(ConstOp constant, quant::QuantizedType type, bool narrow) {
  Value &result = made[{constant.getOperation(), type}];
  if (result)
    return result;
  std::vector<float> values = getFloats(constant);
  ArrayRef<int64_t> shape = cast<RankedTensorType>(constant.getOutput().getType()).getShape();
  unsigned width = type.getStorageTypeIntegralWidth();
  std::vector<QuantizationParameters> parameters;
  int64_t inner = std::max<int64_t>(values.size(), 1);
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    parameters.push_back({float(uniform.getScale()), uniform.getZeroPoint()});
  } else if (std::optional<BlockQuantization> blocks = getBlockQuantization(type)) {
    for (float scale : blocks->scales.getValues<float>())
      parameters.push_back({scale, 0});
    inner = blocks->blockSize;
  } else {
    auto perAxis = cast<quant::UniformQuantizedPerAxisType>(type);
    for (auto [scale, zeroPoint] : llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints()))
      parameters.push_back({float(scale), zeroPoint});
    inner = 1;
    for (int64_t size : shape.drop_front(perAxis.getQuantizedDimension() + 1))
      inner *= size;
  }
  int64_t storedMin = narrow ? -type.getStorageTypeMax() : type.getStorageTypeMin();
  std::vector<char> bytes;
  bytes.reserve(values.size() * std::max(width / 8, 1u));
  for (auto [i, value] : llvm::enumerate(values))
    append(bytes,
           quantizeValue(value, parameters[int64_t(i) / inner % parameters.size()], storedMin,
                         type.getStorageTypeMax()),
           width);
  result = makeConstant(constant, type, IntegerType::get(constant.getContext(), width), bytes);
  return result;
}

Value QuantizedConstants::getBias(ConstOp constant, ArrayRef<float> scales, unsigned width) {
  std::vector<float> values = getFloats(constant);
  MLIRContext *context = constant.getContext();
  auto storage = IntegerType::get(context, width);
  int64_t storedMin = quant::QuantizedType::getDefaultMinimumForInteger(true, width);
  int64_t storedMax = quant::QuantizedType::getDefaultMaximumForInteger(true, width);
  std::vector<char> bytes;
  for (auto [i, value] : llvm::enumerate(values))
    append(bytes,
           quantizeValue(value, {scales[scales.size() == 1 ? 0 : i], 0}, storedMin, storedMax),
           width);
  // The dialect `quant` has no types of 64 bits; the exporter reads the attributes.
  if (width == 64) {
    ConstOp result = makeConstant(constant, storage, storage, bytes);
    OpBuilder builder(constant);
    result->setAttr("scale", builder.getDenseF32ArrayAttr(scales));
    result->setAttr("quantized_dimension", builder.getI32IntegerAttr(0));
    return result;
  }
  auto real = Float32Type::get(context);
  Type type;
  if (scales.size() == 1) {
    type = quant::UniformQuantizedType::get(quant::QuantizationFlags::Signed, storage, real,
                                            scales[0], 0, storedMin, storedMax);
  } else {
    SmallVector<double> wide(scales.begin(), scales.end());
    SmallVector<int64_t> zeroPoints(scales.size(), 0);
    type = quant::UniformQuantizedPerAxisType::get(quant::QuantizationFlags::Signed, storage, real,
                                                   wide, zeroPoints, 0, storedMin, storedMax);
  }
  return makeConstant(constant, type, storage, bytes);
}

Value QuantizedConstants::getHalf(ConstOp constant) {
  Type half = Float16Type::get(constant.getContext());
  Value &result = made[{constant.getOperation(), half}];
  if (result)
    return result;
  std::vector<char> bytes;
  for (float value : getFloats(constant))
    append(bytes, narrowToHalf(value), 16);
  auto type = cast<RankedTensorType>(constant.getOutput().getType());
  auto narrow = RankedTensorType::get(type.getShape(), half);
  OpBuilder builder(constant);
  auto stored = ConstOp::create(builder, constant.getLoc(), narrow,
                                DenseElementsAttr::getFromRawBuffer(narrow, bytes));
  result = DequantizeOp::create(builder, constant.getLoc(), type, stored);
  return result;
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

void tflc::tfl::raiseOperatorVersion(ModuleOp module, Operation *op, int version) {
  constexpr StringLiteral attributeName = "tfl.operator_versions";
  std::string name = op->getName().stripDialect().upper();
  NamedAttrList versions(module->getAttrOfType<DictionaryAttr>(attributeName));
  auto present = dyn_cast_or_null<IntegerAttr>(versions.get(name));
  if (version <= (present ? present.getInt() : 1))
    return;
  Builder builder(module.getContext());
  versions.set(name, builder.getI32IntegerAttr(version));
  module->setAttr(attributeName, versions.getDictionary(module.getContext()));
}

void tflc::tfl::eraseUnusedConstants(ModuleOp module) {
  module.walk([](ConstOp constant) {
    if (constant.use_empty())
      constant.erase();
  });
}
