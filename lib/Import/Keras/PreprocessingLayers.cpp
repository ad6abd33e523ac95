//===- PreprocessingLayers.cpp - layers that prepare data -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

#include <cmath>
#include <functional>

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

/// (x - mean) / max(sqrt(variance), epsilon) for each place along the axes, or the inverse.
static Values buildNormalization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = toFloat(layer, inputs.front());
  constexpr double epsilon = 1e-7;
  std::vector<float> means, deviations;
  Integers shape;
  if (const json::Value *mean = layer.config.get("mean");
      mean && mean->kind() != json::Value::Null) {
    auto read = [&](const json::Value *value, std::vector<float> &numbers) {
      std::function<void(const json::Value &)> add = [&](const json::Value &item) {
        if (const json::Array *list = item.getAsArray())
          for (const json::Value &inner : *list)
            add(inner);
        else
          numbers.push_back(item.getAsNumber().value_or(0));
      };
      if (value)
        add(*value);
    };
    read(mean, means);
    read(layer.config.get("variance"), deviations);
    if (means.size() > 1)
      shape = {int64_t(means.size())};
  } else {
    Dataset first = layer.takeNumbers(), second = layer.takeNumbers();
    means = first.floats;
    deviations = second.floats;
    shape.assign(first.shape.begin(), first.shape.end());
  }
  if (means.size() != deviations.size() || means.empty())
    return {layer.fault("it has no mean and variance for each place")};
  bool isInverse = layer.getFlag("invert", false);
  for (float &deviation : deviations)
    deviation = std::max(std::sqrt(double(deviation)), epsilon);
  Value mean = layer.makeFloats(means, shape);
  if (isInverse)
    return {layer.make<tf::AddV2Op>(layer.make<tf::MulOp>(x, layer.makeFloats(deviations, shape)),
                                    mean)};
  return {layer.make<tf::RealDivOp>(layer.make<tf::SubOp>(x, mean),
                                    layer.makeFloats(deviations, shape))};
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

static Values buildResizing(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t height = layer.getInteger("height"), width = layer.getInteger("width");
  return onPictures(layer, inputs, [&](Value x) {
    if (layer.getFlag("crop_to_aspect_ratio", false))
      x = cropToRatio(layer, x, height, width);
    else if (layer.getFlag("pad_to_aspect_ratio", false))
      x = padToRatio(layer, x, height, width);
    return resize(layer, x, height, width);
  });
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

/// Numbers below `count` in the form that the layer's `output_mode` asks for.
static Values encode(LayerBuilder &layer, Value indices, int64_t count, StringRef mode) {
  Integers shape = layer.getShape(indices);
  if (mode == "one_hot" && !shape.empty() && shape.back() == 1)
    indices = layer.squeeze(indices, shape.size() - 1);
  Value encoded = layer.makeAs<tf::OneHotOp>(layer.b.getF32Type(), indices, layer.makeIndex(count),
                                             layer.makeFloat(1), layer.makeFloat(0));
  if (mode == "one_hot")
    return {encoded};
  Value axis = layer.makeVector({int64_t(shape.size()) - 1});
  if (mode == "multi_hot")
    return {layer.make<tf::MaxOp>(encoded, axis)};
  if (mode == "count")
    return {layer.make<tf::SumOp>(encoded, axis)};
  return {layer.fault("the output mode '" + mode + "' is not supported")};
}

static Values buildDiscretization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Array *list = layer.config.getArray("bin_boundaries");
  if (!list)
    return {layer.fault("it has no 'bin_boundaries'")};
  SmallVector<float> boundaries;
  for (const json::Value &item : *list)
    boundaries.push_back(item.getAsNumber().value_or(0));
  Value bins = layer.makeAs<tf::BucketizeOp>(layer.b.getI32Type(), toFloat(layer, inputs.front()),
                                             ArrayRef<float>(boundaries));
  StringRef mode = layer.getText("output_mode", "int");
  if (mode == "int")
    return {bins};
  return encode(layer, bins, boundaries.size() + 1, mode);
}

static Values buildCategoryEncoding(LayerBuilder &layer, ArrayRef<Value> inputs) {
  StringRef mode = layer.getText("output_mode", "multi_hot");
  if (inputs.size() != 1)
    return {layer.fault("weights of counts are not supported")};
  return encode(layer, layer.cast(inputs.front(), layer.b.getI32Type()),
                layer.getInteger("num_tokens"), mode);
}

/// The place of each number in the vocabulary, behind those of the mask and of what is not in it.
static Values buildIntegerLookup(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Array *vocabulary = layer.config.getArray("vocabulary");
  if (!vocabulary || vocabulary->empty())
    return {layer.fault("its file has no vocabulary")};
  StringRef mode = layer.getText("output_mode", "int");
  int64_t unknown = layer.getInteger("num_oov_indices", 1);
  if (layer.getFlag("invert", false) || unknown != 1)
    return {layer.fault("only a look-up with one index for unknown numbers is supported")};
  const json::Value *mask = layer.config.get("mask_token");
  std::optional<int64_t> maskToken = mask ? mask->getAsInteger() : std::nullopt;
  bool hasMask = maskToken && mode == "int";
  Value x = layer.cast(inputs.front(), layer.b.getI32Type());
  Value index = layer.makeIndex(hasMask ? 1 : 0);
  auto replace = [&](int64_t token, int64_t place) {
    Value found = layer.makeAs<tf::EqualOp>(layer.b.getI1Type(), x, layer.makeIndex(token));
    index =
        layer.makeAs<tf::SelectV2Op>(layer.b.getI32Type(), found, layer.makeIndex(place), index);
  };
  int64_t place = (hasMask ? 1 : 0) + unknown;
  for (const json::Value &item : *vocabulary) {
    std::optional<int64_t> token = item.getAsInteger();
    if (!token || *token != int32_t(*token))
      return {layer.fault("its vocabulary has entries that are no int32")};
    replace(*token, place++);
  }
  if (hasMask)
    replace(*maskToken, 0);
  if (mode == "int")
    return {layer.cast(index, layer.getElementType(inputs.front()))};
  Values encoded = encode(layer, index, place, mode);
  encoded.front() = layer.cast(encoded.front(), layer.getElementType(inputs.front()));
  return encoded;
}

void tflc::keras::addPreprocessingLayers(LayerTable &table) {
  table["CategoryEncoding"] = buildCategoryEncoding;
  table["CenterCrop"] = buildCenterCrop;
  table["Discretization"] = buildDiscretization;
  table["IntegerLookup"] = buildIntegerLookup;
  table["Normalization"] = buildNormalization;
  table["RandomCrop"] = buildRandomCrop;
  table["Rescaling"] = buildRescaling;
  table["Resizing"] = buildResizing;
}
