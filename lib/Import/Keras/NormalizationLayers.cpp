//===- NormalizationLayers.cpp - normalization layers ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

#include <cmath>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// Axes counted from the front, in order.
static Integers getAxes(LayerBuilder &layer, Value x) {
  Integers axes = layer.getAxes("axis", x, {-1});
  llvm::sort(axes);
  return axes;
}

/// A weight over the axes of `x` in `axes`, so that it can be multiplied with `x`.
static Value spread(LayerBuilder &layer, Value weight, Value x, ArrayRef<int64_t> axes) {
  int64_t rank = layer.getRank(x);
  // Trailing axes broadcast as they are.
  bool isTrailing = true;
  for (auto [i, axis] : enumerate(axes))
    isTrailing &= axis == rank - int64_t(axes.size()) + int64_t(i);
  if (isTrailing)
    return weight;
  Integers shape(rank, 1), sizes = layer.getShape(weight);
  if (sizes.size() != axes.size() || int64_t(axes.size()) > rank)
    return layer.fault("its weights do not have the sizes of its input");
  for (auto [axis, size] : zip_equal(axes, sizes))
    shape[axis] = size;
  return layer.reshape(weight, shape);
}

static Value addNumber(LayerBuilder &layer, Value x, double number) {
  return layer.make<tf::AddV2Op>(x, layer.makeScalar(number, x));
}

//===----------------------------------------------------------------------===//
// Batch normalization
//===----------------------------------------------------------------------===//

/// One product and one sum for each channel, computed in double here.
static Values buildBatchNormalization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = getAxes(layer, x);
  double epsilon = layer.getNumber("epsilon", 1e-3);
  Dataset gamma, beta;
  if (layer.getFlag("scale", true))
    gamma = layer.takeNumbers();
  if (layer.getFlag("center", true))
    beta = layer.takeNumbers();
  Dataset mean = layer.takeNumbers(), variance = layer.takeNumbers();
  size_t count = mean.floats.size();
  if (layer.hasFailed() || axes.size() != 1 || variance.floats.size() != count ||
      (!gamma.floats.empty() && gamma.floats.size() != count) ||
      (!beta.floats.empty() && beta.floats.size() != count))
    return {layer.fault("its weights do not have the size of one axis")};
  std::vector<float> factors(count), offsets(count);
  for (size_t i = 0; i < count; ++i) {
    double factor = (gamma.floats.empty() ? 1.0 : double(gamma.floats[i])) /
                    std::sqrt(double(variance.floats[i]) + epsilon);
    factors[i] = float(factor);
    offsets[i] =
        float((beta.floats.empty() ? 0.0 : double(beta.floats[i])) - mean.floats[i] * factor);
  }
  int64_t size = count;
  Value factor = spread(layer, layer.makeFloats(factors, {size}), x, axes);
  Value offset = spread(layer, layer.makeFloats(offsets, {size}), x, axes);
  return {layer.make<tf::AddV2Op>(layer.make<tf::MulOp>(x, factor), offset)};
}

//===----------------------------------------------------------------------===//
// By the values themselves
//===----------------------------------------------------------------------===//

/// The mean of x over `axes`, and 1 / sqrt(variance + epsilon).
static std::pair<Value, Value> findStatistics(LayerBuilder &layer, Value x, ArrayRef<int64_t> axes,
                                              double epsilon) {
  Value indices = layer.makeVector(axes);
  Value mean = layer.make<tf::MeanOp>(x, indices, /*keep_dims=*/true);
  Value distance = layer.make<tf::SquaredDifferenceOp>(x, mean);
  Value variance = layer.make<tf::MeanOp>(distance, indices, /*keep_dims=*/true);
  return {mean, layer.make<tf::RsqrtOp>(addNumber(layer, variance, epsilon))};
}

/// (x - mean) / sqrt(variance + epsilon) over `axes`.
static Value standardize(LayerBuilder &layer, Value x, ArrayRef<int64_t> axes, double epsilon) {
  auto [mean, inverse] = findStatistics(layer, x, axes, epsilon);
  return layer.make<tf::MulOp>(layer.make<tf::SubOp>(x, mean), inverse);
}

/// x / sqrt(mean(x^2) + epsilon) over `axes`.
static Value divideByRms(LayerBuilder &layer, Value x, ArrayRef<int64_t> axes, double epsilon) {
  Value mean = layer.make<tf::MeanOp>(layer.make<tf::SquareOp>(x), layer.makeVector(axes),
                                      /*keep_dims=*/true);
  return layer.make<tf::MulOp>(x, layer.make<tf::RsqrtOp>(addNumber(layer, mean, epsilon)));
}

static Value applyScaleAndCenter(LayerBuilder &layer, Value x, ArrayRef<int64_t> axes) {
  if (layer.getFlag("scale", true))
    x = layer.make<tf::MulOp>(x, spread(layer, layer.takeWeight(), x, axes));
  if (layer.getFlag("center", true))
    x = layer.make<tf::AddV2Op>(x, spread(layer, layer.takeWeight(), x, axes));
  return x;
}

static Values buildLayerNormalization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = getAxes(layer, x);
  double epsilon = layer.getNumber("epsilon", 1e-3);
  if (layer.getFlag("rms_scaling", false)) {
    // Unlike its name, Keras divides by the standard deviation.
    x = layer.make<tf::MulOp>(x, findStatistics(layer, x, axes, epsilon).second);
    return {layer.make<tf::MulOp>(x, spread(layer, layer.takeWeight(), x, axes))};
  }
  return {applyScaleAndCenter(layer, standardize(layer, x, axes, epsilon), axes)};
}

static Values buildRmsNormalization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers axes = getAxes(layer, inputs.front());
  Value x = divideByRms(layer, inputs.front(), axes, layer.getNumber("epsilon", 1e-6));
  return {layer.make<tf::MulOp>(x, spread(layer, layer.takeWeight(), x, axes))};
}

/// Channels in groups: [..., c, ...] becomes [..., groups, c / groups, ...].
static Values buildGroupNormalization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = getAxes(layer, x), shape = layer.getShape(x);
  int64_t axis = axes.front(), groups = layer.getInteger("groups", 32);
  int64_t channels = layer.getKnownSize(x, axis);
  if (groups == -1)
    groups = channels;
  if (layer.hasFailed() || axes.size() != 1 || groups < 1 || channels % groups)
    return {layer.fault("its channels cannot be divided into " + Twine(groups) + " groups")};
  Integers split, reduced;
  for (auto [dim, size] : enumerate(shape)) {
    if (int64_t(dim) == axis)
      split.push_back(groups);
    split.push_back(int64_t(dim) == axis ? channels / groups
                    : dim == 0           ? -1
                                         : layer.getKnownSize(x, dim));
  }
  for (int64_t dim = 1, rank = split.size(); dim < rank; ++dim)
    if (dim != axis)
      reduced.push_back(dim);
  Integers joined(shape);
  joined.front() = -1;
  Value y = standardize(layer, layer.reshape(x, split), reduced, layer.getNumber("epsilon", 1e-3));
  return {applyScaleAndCenter(layer, layer.reshape(y, joined), axes)};
}

/// A factor for each channel, as in ConvNeXt of keras.applications.
static Values buildLayerScale(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return {layer.make<tf::MulOp>(inputs.front(), layer.takeWeight())};
}

static Values buildUnitNormalization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = getAxes(layer, x);
  if (axes.size() == 1 && axes.front() == layer.getRank(x) - 1)
    return {layer.make<tf::L2NormalizeOp>(x)};
  constexpr double epsilon = 1e-12;
  Value sum = layer.make<tf::SumOp>(layer.make<tf::SquareOp>(x), layer.makeVector(axes),
                                    /*keep_dims=*/true);
  Value limited = layer.make<tf::MaximumOp>(sum, layer.makeScalar(epsilon, sum));
  return {layer.make<tf::MulOp>(x, layer.make<tf::RsqrtOp>(limited))};
}

//===----------------------------------------------------------------------===//
// Operations of keras.ops, whose weights are arguments
//===----------------------------------------------------------------------===//

/// The small number that Keras adds where none is given.
static constexpr double defaultEpsilon = 1e-7;

static Value applyArgument(LayerBuilder &layer, Value x, StringRef name, bool isFactor,
                           ArrayRef<int64_t> axes) {
  Value weight = layer.takeArgument(name);
  if (!weight)
    return x;
  if (layer.getRank(weight) == int64_t(axes.size()))
    weight = spread(layer, weight, x, axes);
  return isFactor ? layer.make<tf::MulOp>(x, weight) : layer.make<tf::AddV2Op>(x, weight);
}

static Values buildLayerNorm(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = getAxes(layer, x);
  double epsilon = layer.getNumber("epsilon", defaultEpsilon);
  bool isScaled = layer.getFlag("rms_scaling", false);
  x = isScaled ? layer.make<tf::MulOp>(x, findStatistics(layer, x, axes, epsilon).second)
               : standardize(layer, x, axes, epsilon);
  x = applyArgument(layer, x, "gamma", /*isFactor=*/true, axes);
  return {isScaled ? x : applyArgument(layer, x, "beta", /*isFactor=*/false, axes)};
}

static Values buildRmsNorm(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers axes = getAxes(layer, inputs.front());
  Value x = divideByRms(layer, inputs.front(), axes, layer.getNumber("epsilon", defaultEpsilon));
  return {applyArgument(layer, x, "scale", /*isFactor=*/true, axes)};
}

static Values buildBatchNorm(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  Integers axes = getAxes(layer, x);
  Value mean = layer.takeArgument("mean"), variance = layer.takeArgument("variance");
  if (!mean || !variance || axes.size() != 1)
    return {layer.fault("it has no mean and variance for one axis")};
  Value inverse =
      layer.make<tf::RsqrtOp>(addNumber(layer, variance, layer.getNumber("epsilon", 1e-3)));
  x = layer.make<tf::SubOp>(x, spread(layer, mean, x, axes));
  x = layer.make<tf::MulOp>(x, spread(layer, inverse, x, axes));
  x = applyArgument(layer, x, "scale", /*isFactor=*/true, axes);
  return {applyArgument(layer, x, "offset", /*isFactor=*/false, axes)};
}

static Values buildMoments(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front(), axes = layer.makeVector(layer.getAxes("axes", x, {}));
  bool keepDims = layer.getFlag("keepdims", false);
  Value mean = layer.make<tf::MeanOp>(x, axes, /*keep_dims=*/true);
  Value distance = layer.make<tf::SquaredDifferenceOp>(x, mean);
  return {keepDims ? mean : layer.make<tf::MeanOp>(x, axes, false),
          layer.make<tf::MeanOp>(distance, axes, keepDims)};
}

void tflc::keras::addNormalizationOperations(LayerTable &table) {
  table["BatchNorm"] = buildBatchNorm;
  table["LayerNorm"] = buildLayerNorm;
  table["Moments"] = buildMoments;
  table["RMSNorm"] = buildRmsNorm;
}

void tflc::keras::addNormalizationLayers(LayerTable &table) {
  table["BatchNormalization"] = table["BatchNormalizationV1"] = table["BatchNormalizationV2"] =
      table["SyncBatchNormalization"] = buildBatchNormalization;
  table["GroupNormalization"] = buildGroupNormalization;
  table["LayerNormalization"] = buildLayerNormalization;
  table["LayerScale"] = buildLayerScale;
  table["RMSNormalization"] = buildRmsNormalization;
  table["UnitNormalization"] = buildUnitNormalization;
}
