//===- NeuralOperations.cpp - what layers compute, in keras.ops -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// The function of a layer, where an operation has the layer's configuration.
template <void (*addLayers)(LayerTable &)>
static Values buildAsLayer(LayerBuilder &layer, ArrayRef<Value> inputs, const Twine &kind) {
  LayerTable table;
  addLayers(table);
  LayerFunction function = table.lookup(kind.str());
  return function ? function(layer, inputs) : Values{layer.fault("its input has another rank")};
}

static Values buildAdaptiveAverage(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t rank = layer.getRank(inputs.front()) - 2;
  return buildAsLayer<addPoolingLayers>(layer, inputs,
                                        "AdaptiveAveragePooling" + Twine(rank) + "D");
}

static Values buildAdaptiveMax(LayerBuilder &layer, ArrayRef<Value> inputs) {
  int64_t rank = layer.getRank(inputs.front()) - 2;
  return buildAsLayer<addPoolingLayers>(layer, inputs, "AdaptiveMaxPooling" + Twine(rank) + "D");
}

template <typename Op> static Values buildBlocks(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  int64_t size = layer.getInteger("block_size");
  if (layer.getRank(x) != 4 || size < 1)
    return {layer.fault("its input is no picture, or its blocks are empty")};
  if (!layer.isChannelsFirst())
    return {layer.make<Op>(x, size, "NHWC")};
  return {layer.toChannelsFirst(layer.make<Op>(layer.toChannelsLast(x), size, "NHWC"))};
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

/// softmax(scale * query * key + bias) * value over [b, t, n, h].
static Values buildAttention(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value query = inputs.front(), key = layer.takeArgument("key"),
        value = layer.takeArgument("value"), bias = layer.takeArgument("bias"),
        mask = layer.takeArgument("mask"), scale = layer.takeArgument("scale");
  const json::Value *cap = layer.config.get("attn_logits_soft_cap");
  if (!key || !value || layer.getRank(query) != 4 || (cap && cap->kind() != json::Value::Null))
    return {layer.fault("only a query, key and value of four dimensions are supported")};
  Type type = layer.getElementType(query);
  Value logits = layer.makeAs<tf::EinsumOp>(type, ValueRange{query, key}, "BTNH,BSNH->BNTS");
  if (!scale) {
    int64_t size = layer.getKnownSize(query, -1);
    scale = layer.makeScalar(1 / std::sqrt(double(size)), query);
  }
  logits = layer.make<tf::MulOp>(logits, scale);
  if (bias)
    logits = layer.make<tf::AddV2Op>(logits, bias);
  // As large as float32 allows, so that a row of masks has no infinities.
  Value least = layer.makeScalar(-0.7 * 3.4028234663852886e38, logits);
  auto keep = [&](Value condition) {
    logits = layer.makeAs<tf::SelectV2Op>(type, condition, logits, least);
  };
  if (mask)
    keep(layer.cast(mask, layer.b.getI1Type()));
  if (layer.getFlag("is_causal", false)) {
    int64_t rows = layer.getKnownSize(logits, 2), columns = layer.getKnownSize(logits, 3);
    std::vector<float> seen;
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < columns; ++column)
        seen.push_back(column <= row);
    keep(layer.cast(layer.makeFloats(seen, {rows, columns}), layer.b.getI1Type()));
  }
  Value weights = layer.make<tf::SoftmaxOp>(logits);
  return {layer.makeAs<tf::EinsumOp>(type, ValueRange{weights, value}, "BNTS,BSNH->BTNH")};
}

//===----------------------------------------------------------------------===//
// Pictures
//===----------------------------------------------------------------------===//

static Values buildResize(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Integers size = layer.getIntegers("size", 2);
  Value x = inputs.front();
  if (layer.getFlag("antialias", false) || layer.getFlag("crop_to_aspect_ratio", false) ||
      layer.getFlag("pad_to_aspect_ratio", false))
    return {layer.fault("antialiasing and kept ratios are not supported")};
  bool isSingle = layer.getRank(x) == 3;
  if (isSingle)
    x = layer.expandDims(x, 0);
  bool channelsFirst = layer.isChannelsFirst();
  if (channelsFirst)
    x = layer.toChannelsLast(x);
  x = layer.resize(x, size[0], size[1], layer.getText("interpolation", "bilinear"));
  if (channelsFirst)
    x = layer.toChannelsFirst(x);
  return {isSingle ? layer.squeeze(x, 0) : x};
}

/// The weights of the colours in the brightness, after ITU-R BT.601.
static Values buildGrayscale(LayerBuilder &layer, ArrayRef<Value> inputs) {
  Value x = inputs.front();
  bool channelsFirst = layer.isChannelsFirst();
  int64_t rank = layer.getRank(x), axis = channelsFirst ? rank - 3 : rank - 1;
  if (rank < 3 || layer.getKnownSize(x, axis) != 3 || !layer.isFloat(x))
    return {layer.fault("its input is no picture of three colours")};
  Integers shape(rank - axis, 1);
  shape.front() = 3;
  Value weights = layer.makeFloats({0.2989f, 0.5870f, 0.1140f}, shape);
  return {layer.make<tf::SumOp>(layer.make<tf::MulOp>(x, weights), layer.makeVector({axis}),
                                /*keep_dims=*/true)};
}

void tflc::keras::addNeuralOperations(LayerTable &table) {
  table["AdaptiveAveragePool"] = buildAdaptiveAverage;
  table["AdaptiveMaxPool"] = buildAdaptiveMax;
  table["DepthToSpace"] = buildBlocks<tf::DepthToSpaceOp>;
  table["DotProductAttention"] = buildAttention;
  table["RGBToGrayscale"] = buildGrayscale;
  table["Resize"] = buildResize;
  table["SpaceToDepth"] = buildBlocks<tf::SpaceToDepthOp>;
}
