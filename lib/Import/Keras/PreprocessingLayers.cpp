//===- PreprocessingLayers.cpp - layers that prepare data -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

#include <cmath>
#include <functional>
#include <numeric>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

static Value toFloat(LayerBuilder &layer, Value x) {
  return layer.isFloat(x) ? x : layer.cast(x, layer.b.getF32Type());
}

/// A number, or a list of them for the channels.
static Value makeNumbers(LayerBuilder &layer, StringRef key, double otherwise) {
  const json::Array *list = layer.config.getArray(key);
  if (!list)
    return layer.makeFloat(layer.getNumber(key, otherwise));
  std::vector<float> numbers;
  for (const json::Value &item : *list)
    numbers.push_back(item.getAsNumber().value_or(0));
  return layer.makeFloats(numbers, {int64_t(numbers.size())});
}

static Values buildRescaling(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = toFloat(layer, inputs.front());
  x = layer.make<tf::MulOp>(x, makeNumbers(layer, "scale", 1));
  const json::Value *offset = layer.config.get("offset");
  if (!offset || offset->getAsNumber() == 0.0)
    return {x};
  return {layer.make<tf::AddV2Op>(x, makeNumbers(layer, "offset", 0))};
}

/// The numbers of nested lists, in their order.
static void collectNumbers(const json::Value &value, std::vector<float> &numbers) {
  if (const json::Array *list = value.getAsArray())
    for (const json::Value &item : *list)
      collectNumbers(item, numbers);
  else
    numbers.push_back(value.getAsNumber().value_or(0));
}

/// The shape in which one number for each place along the layer's axes is broadcast to `x`: from
/// the first of the axes on.
static Integers getBroadcastShape(LayerBuilder &layer, Value x, size_t count) {
  if (count <= 1)
    return {};
  Integers axes = layer.getAxes("axis", x, {-1}), shape(layer.getRank(x), 1);
  if (axes.size() == 1)
    shape[axes.front()] = int64_t(count);
  else
    for (int64_t axis : axes)
      shape[axis] = layer.getKnownSize(x, axis);
  return Integers(drop_begin(shape, *llvm::min_element(axes)));
}

/// (x - mean) / max(sqrt(variance), epsilon) for each place along the axes, or the inverse.
static Values buildNormalization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = toFloat(layer, inputs.front());
  constexpr double epsilon = 1e-7;
  std::vector<float> means, deviations;
  const json::Value *mean = layer.config.get("mean"), *variance = layer.config.get("variance");
  if (mean && mean->kind() != json::Value::Null) {
    collectNumbers(*mean, means);
    if (variance)
      collectNumbers(*variance, deviations);
  } else {
    means = layer.takeNumbers().floats;
    deviations = layer.takeNumbers().floats;
  }
  if (means.size() != deviations.size() || means.empty())
    return {layer.fault("it has no mean and variance for each place")};
  Integers shape = getBroadcastShape(layer, x, means.size());
  if (layer.hasFailed() || std::accumulate(shape.begin(), shape.end(), int64_t(1),
                                           std::multiplies<>()) != int64_t(means.size()))
    return {layer.fault("its means do not fit the axes")};
  for (float &deviation : deviations)
    deviation = std::max(std::sqrt(double(deviation)), epsilon);
  Value center = layer.makeFloats(means, shape), width = layer.makeFloats(deviations, shape);
  if (layer.getFlag("invert", false))
    return {layer.make<tf::AddV2Op>(layer.make<tf::MulOp>(x, width), center)};
  return {layer.make<tf::RealDivOp>(layer.make<tf::SubOp>(x, center), width)};
}

/// Each channel stretched from its least and largest value to the whole range; one of a single
/// value stays as it is. Keras looks for both values along the axes 1 and 2 in either data format.
static Values buildAutoContrast(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = toFloat(layer, inputs.front());
  SmallVector<double> range = {0, 255};
  if (const json::Array *list = layer.config.getArray("value_range"); list && list->size() == 2)
    range = {(*list)[0].getAsNumber().value_or(0), (*list)[1].getAsNumber().value_or(255)};
  if (layer.getRank(x) != 4 || range[0] >= range[1])
    return {layer.fault("its input is no batch of pictures, or its range is empty")};
  // (x - low) / (high - low), in the range that the layer has for its values.
  Value axes = layer.makeVector({1, 2});
  Value low = layer.make<tf::MinOp>(x, axes, /*keep_dims=*/true);
  Value high = layer.make<tf::MaxOp>(x, axes, /*keep_dims=*/true);
  Value isFlat = layer.makeAs<tf::EqualOp>(layer.b.getI1Type(), low, high);
  Value width = layer.make<tf::SubOp>(high, low);
  Value y = layer.make<tf::RealDivOp>(layer.make<tf::SubOp>(x, low), width);
  y = layer.make<tf::MulOp>(y, layer.makeScalar(range[1] - range[0], y));
  if (range[0] != 0)
    y = layer.make<tf::AddV2Op>(y, layer.makeScalar(range[0], y));
  return {layer.makeAs<tf::SelectV2Op>(layer.getElementType(x), isFlat, x, y)};
}

/// Pictures [n, h, w, c] in another size, by the layer's method.
static Value resize(LayerBuilder &layer, Value x, int64_t height, int64_t width) {
  return layer.resize(x, height, width, layer.getText("interpolation", "bilinear"));
}

/// The middle `height` lines of `width` pixels, both at most what there is.
static Value cropMiddle(LayerBuilder &layer, Value x, int64_t height, int64_t width) {
  int64_t lines = layer.getKnownSize(x, 1), pixels = layer.getKnownSize(x, 2);
  if (layer.hasFailed() || (lines == height && pixels == width))
    return x;
  Value begins = layer.makeVector({0, (lines - height) / 2, (pixels - width) / 2, 0});
  return layer.make<tf::SliceOp>(x, begins, layer.makeVector({-1, height, width, -1}));
}

/// The largest part, in the middle, whose sides have the ratio of `height` to `width`. Keras
/// computes its sides in float and cuts off what is behind the point.
static Value cropToRatio(LayerBuilder &layer, Value x, int64_t height, int64_t width) {
  int64_t lines = layer.getKnownSize(x, 1), pixels = layer.getKnownSize(x, 2);
  int64_t cropLines = std::min<int64_t>(lines, int64_t(float(pixels * height) / float(width)));
  int64_t cropPixels = std::min<int64_t>(pixels, int64_t(float(lines * width) / float(height)));
  return cropMiddle(layer, x, cropLines, cropPixels);
}

/// The picture with `fill_value` around it, so that its sides have the ratio of `height` to
/// `width`, but for a line or a pixel: Keras pads as much on either side.
static Value padToRatio(LayerBuilder &layer, Value x, int64_t height, int64_t width) {
  int64_t lines = layer.getKnownSize(x, 1), pixels = layer.getKnownSize(x, 2);
  if (layer.getText("fill_mode", "constant") != "constant")
    return layer.fault("only the fill mode 'constant' is supported");
  int64_t padLines = std::max<int64_t>(lines, int64_t(float(pixels * height) / float(width)));
  int64_t padPixels = std::max<int64_t>(pixels, int64_t(float(lines * width) / float(height)));
  int64_t above = (padLines - lines) / 2, before = (padPixels - pixels) / 2;
  // Differences to the fill value, whose border is zero.
  double fill = layer.getNumber("fill_value", 0);
  if (fill != 0)
    x = layer.make<tf::SubOp>(x, layer.makeScalar(fill, x));
  x = layer.pad(x, {{0, 0}, {above, above}, {before, before}, {0, 0}});
  return fill != 0 ? layer.make<tf::AddV2Op>(x, layer.makeScalar(fill, x)) : x;
}

/// Runs `build` on pictures with their channels last.
static Values onPictures(LayerBuilder &layer, ArrayRef<Value> inputs,
                         llvm::function_ref<Value(Value x)> build) {
  Value x = toFloat(layer, inputs.front());
  bool isSingle = layer.getRank(x) == 3;
  if (isSingle)
    x = layer.expandDims(x, 0);
  if (layer.getRank(x) != 4)
    return {layer.fault("its input is no picture")};
  x = layer.isChannelsFirst() ? layer.toChannelsFirst(build(layer.toChannelsLast(x))) : build(x);
  return {isSingle ? layer.squeeze(x, 0) : x};
}

/// Pictures of integers stay such in Keras 3: the nearest ones of their type.
static Value restoreType(LayerBuilder &layer, Value x, Type type) {
  unsigned width = type.getIntOrFloatBitWidth();
  if (layer.getText("interpolation", "bilinear") == "nearest")
    return layer.cast(x, type);
  bool isUnsigned = type.isUnsignedInteger();
  double low = isUnsigned ? 0 : -std::ldexp(1.0, int(width) - 1);
  double high = std::ldexp(1.0, int(width) - (isUnsigned ? 0 : 1)) - 1;
  x = layer.make<tf::RoundOp>(x);
  x = layer.make<tf::MaximumOp>(x, layer.makeScalar(low, x));
  return layer.cast(layer.make<tf::MinimumOp>(x, layer.makeScalar(high, x)), type);
}

static Values buildResizing(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t height = layer.getInteger("height"), width = layer.getInteger("width");
  Type type = layer.getElementType(inputs.front());
  Values results = onPictures(layer, inputs, [&](Value x) {
    if (layer.getFlag("crop_to_aspect_ratio", false))
      x = cropToRatio(layer, x, height, width);
    else if (layer.getFlag("pad_to_aspect_ratio", false))
      x = padToRatio(layer, x, height, width);
    return resize(layer, x, height, width);
  });
  if (!layer.isKeras2 && !layer.hasFailed() && isa<IntegerType>(type))
    results.front() = restoreType(layer, results.front(), type);
  return results;
}

/// The middle of the picture. Of one that is smaller, the largest part of that ratio is made as
/// large.
static Values buildCenterCrop(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t height = layer.getInteger("height"), width = layer.getInteger("width");
  return onPictures(layer, inputs, [&](Value x) {
    int64_t lines = layer.getKnownSize(x, 1), pixels = layer.getKnownSize(x, 2);
    if (layer.hasFailed() || height < 1 || width < 1)
      return layer.fault("it crops nothing");
    if (lines >= height && pixels >= width)
      return cropMiddle(layer, x, height, width);
    return resize(layer, cropToRatio(layer, x, height, width), height, width);
  });
}

/// Crops at random in training. At inference Keras 3 lets pictures pass, and Keras 2 takes the
/// largest part in the middle and resizes it.
static Values buildRandomCrop(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (!layer.isKeras2)
    return {inputs.front()};
  int64_t height = layer.getInteger("height"), width = layer.getInteger("width");
  return onPictures(layer, inputs, [&](Value x) {
    return resize(layer, cropToRatio(layer, x, height, width), height, width);
  });
}

/// Boxes and their labels in a fixed number: what is more is cut off, what is missing is filled up.
/// The inputs are pictures, behind boxes and labels if there are any.
static Values buildMaxNumBoxes(LayerBuilder &layer, ArrayRef<Value> inputs) {
  if (inputs.size() == 1)
    return Values(inputs);
  if (inputs.size() != 3)
    return {layer.fault("only boxes, their labels and pictures are supported")};
  int64_t count = layer.getInteger("max_number");
  double filling = layer.getNumber("fill_value", -1);
  Values results;
  for (Value x : inputs.take_front(2)) {
    int64_t size = layer.getKnownSize(x, 1);
    if (layer.hasFailed() || count < 1)
      return {layer.fault("its number of boxes must be known")};
    if (size > count)
      x = layer.slice(x, 1, 0, count);
    if (size < count) {
      Integers amounts(2 * layer.getRank(x), 0);
      amounts[3] = count - size;
      Value paddings = layer.reshape(layer.makeVector(amounts), {layer.getRank(x), 2});
      x = layer.make<tf::PadV2Op>(x, paddings, layer.makeScalar(filling, x));
    }
    results.push_back(x);
  }
  results.push_back(inputs.back());
  return results;
}

void tflc::keras::addPreprocessingLayers(LayerTable &table) {
  table["AutoContrast"] = buildAutoContrast;
  table["CenterCrop"] = buildCenterCrop;
  table["MaxNumBoundingBoxes"] = buildMaxNumBoxes;
  table["Normalization"] = buildNormalization;
  table["RandomCrop"] = buildRandomCrop;
  table["Rescaling"] = buildRescaling;
  table["Resizing"] = buildResizing;
}
