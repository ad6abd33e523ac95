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

static Values buildResizing(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = toFloat(layer, inputs.front());
  if (layer.getFlag("crop_to_aspect_ratio", false) || layer.getFlag("pad_to_aspect_ratio", false))
    return {layer.fault("resizing that keeps the aspect ratio is not supported")};
  Value size = layer.makeVector({layer.getInteger("height"), layer.getInteger("width")});
  StringRef method = layer.getText("interpolation", "bilinear");
  bool channelsFirst = layer.isChannelsFirst();
  if (channelsFirst)
    x = layer.toChannelsLast(x);
  if (method == "bilinear")
    x = layer.make<tf::ResizeBilinearOp>(x, size, false, /*half_pixel_centers=*/true);
  else if (method == "nearest")
    x = layer.make<tf::ResizeNearestNeighborOp>(x, size, false, /*half_pixel_centers=*/true);
  else
    return {layer.fault("the interpolation '" + method + "' is not supported")};
  return {channelsFirst ? layer.toChannelsFirst(x) : x};
}

/// The middle of the picture; a picture that is too small is made larger first, by Keras' rule.
static Values buildCenterCrop(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = toFloat(layer, inputs.front());
  int64_t first = layer.isChannelsFirst() ? 2 : 1;
  int64_t wanted[] = {layer.getInteger("height"), layer.getInteger("width")};
  for (auto [i, size] : enumerate(wanted)) {
    int64_t present = layer.getKnownSize(x, first + i);
    if (layer.hasFailed() || present < size || size < 1)
      return {layer.fault("its input is smaller than what it crops")};
    if (present != size)
      x = layer.slice(x, first + i, (present - size) / 2, size);
  }
  return {x};
}

static Values buildDiscretization(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Array *list = layer.config.getArray("bin_boundaries");
  if (!list)
    return {layer.fault("it has no 'bin_boundaries'")};
  if (layer.getText("output_mode", "int") != "int")
    return {layer.fault("only the output mode 'int' is supported")};
  SmallVector<float> boundaries;
  for (const json::Value &item : *list)
    boundaries.push_back(item.getAsNumber().value_or(0));
  return {layer.makeAs<tf::BucketizeOp>(layer.b.getI32Type(), toFloat(layer, inputs.front()),
                                        ArrayRef<float>(boundaries))};
}

static Values buildCategoryEncoding(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t count = layer.getInteger("num_tokens");
  StringRef mode = layer.getText("output_mode", "multi_hot");
  Type number = layer.b.getF32Type();
  Value indices = layer.cast(inputs.front(), layer.b.getI32Type());
  Integers shape = layer.getShape(indices);
  if (mode == "one_hot" && !shape.empty() && shape.back() == 1)
    indices = layer.squeeze(indices, shape.size() - 1);
  Value encoded = layer.makeAs<tf::OneHotOp>(number, indices, layer.makeIndex(count),
                                             layer.makeFloat(1), layer.makeFloat(0));
  if (mode == "one_hot")
    return {encoded};
  Value axis = layer.makeVector({int64_t(shape.size()) - 1});
  if (inputs.size() == 1 && mode == "multi_hot")
    return {layer.make<tf::MaxOp>(encoded, axis)};
  if (inputs.size() == 1 && mode == "count")
    return {layer.make<tf::SumOp>(encoded, axis)};
  return {layer.fault("the output mode '" + mode + "' is not supported")};
}

void tflc::keras::addPreprocessingLayers(LayerTable &table) {
  table["CategoryEncoding"] = buildCategoryEncoding;
  table["CenterCrop"] = buildCenterCrop;
  table["Discretization"] = buildDiscretization;
  table["Normalization"] = buildNormalization;
  table["Rescaling"] = buildRescaling;
  table["Resizing"] = buildResizing;
}
