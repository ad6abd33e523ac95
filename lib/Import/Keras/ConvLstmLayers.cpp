//===- ConvLstmLayers.cpp - LSTMs over images -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"
#include "StepLoop.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

namespace {

/// An LSTM whose products are convolutions, of images [b, t, s..., c]. One dimension s is made two.
class ConvLstm {
public:
  ConvLstm(LayerBuilder &layer, size_t rank) : layer(layer), rank(rank) {}

  Values build(ArrayRef<Value> inputs);

private:
  Value convolve(Value x, Value kernel, ArrayRef<int64_t> strides, StringRef padding,
                 ArrayRef<int64_t> dilations);
  Value multiplyInput(Value x);
  Values step(Value x, ArrayRef<Value> states);
  Values loop(Value x, ArrayRef<Value> states, bool returnsSequence);
  Value toFirst(Value x) { return layer.isChannelsFirst() ? layer.toChannelsFirst(x) : x; }

  LayerBuilder &layer;
  size_t rank;
  Value kernel, recurrent, bias;
  Integers strides, dilations;
  StringRef padding;
};

} // namespace

Value ConvLstm::convolve(Value x, Value filter, ArrayRef<int64_t> steps, StringRef border,
                         ArrayRef<int64_t> spread) {
  Integers full = {1}, wide = {1};
  append_range(full, steps);
  append_range(wide, spread);
  full.push_back(1);
  wide.push_back(1);
  if (rank == 3)
    return layer.make<tf::Conv3DOp>(x, filter, ArrayRef<int64_t>(full), border, "NDHWC",
                                    ArrayRef<int64_t>(wide));
  return layer.make<tf::Conv2DOp>(x, filter, ArrayRef<int64_t>(full), border, ArrayRef<int64_t>(),
                                  "NHWC", ArrayRef<int64_t>(wide));
}

Value ConvLstm::multiplyInput(Value x) {
  Value y = convolve(x, kernel, strides, padding, dilations);
  return bias ? layer.make<tf::BiasAddOp>(y, bias) : y;
}

/// The gates are input, forget, cell and output, side by side in the channels.
Values ConvLstm::step(Value x, ArrayRef<Value> states) {
  Integers ones(strides.size(), 1);
  Value sum =
      layer.make<tf::AddV2Op>(multiplyInput(x), convolve(states[0], recurrent, ones, "SAME", ones));
  int64_t last = layer.getRank(sum) - 1;
  SmallVector<Type> types(4, states[0].getType());
  auto split = tf::SplitOp::create(layer.b, types, layer.makeIndex(last), sum);
  auto gate = [&](unsigned i) {
    return activate(layer, split.getOutput()[i], layer.config.get("recurrent_activation"));
  };
  Value cell = layer.make<tf::AddV2Op>(
      layer.make<tf::MulOp>(gate(1), states[1]),
      layer.make<tf::MulOp>(gate(0), activate(layer, split.getOutput()[2])));
  return {layer.make<tf::MulOp>(gate(3), activate(layer, cell)), cell};
}

Values ConvLstm::loop(Value x, ArrayRef<Value> states, bool returnsSequence) {
  int64_t steps = layer.getKnownSize(x, 1);
  Value outputs;
  if (returnsSequence) {
    Value row = layer.expandDims(states[0], 1);
    Integers times(layer.getRank(row), 1);
    times[1] = steps;
    outputs = layer.make<tf::TileOp>(row, layer.makeVector(times));
  }
  return buildStepLoop(layer, layer.makeIndex(steps), states, outputs,
                       [&](Value number, ArrayRef<Value> present) {
                         Value current = layer.make<tf::GatherV2Op>(x, number, layer.makeIndex(1));
                         Values next = step(current, present);
                         return StepResult{next, next.front()};
                       });
}

Values ConvLstm::build(ArrayRef<Value> inputs) {
  if (inputs.size() != 1 || layer.getFlag("stateful", false))
    return {layer.fault("given states, and those that live on, are not supported")};
  kernel = layer.takeWeight("cell");
  recurrent = layer.takeWeight("cell");
  if (layer.getFlag("use_bias", true))
    bias = layer.takeWeight("cell");
  strides = layer.getIntegers("strides", rank, Integers(rank, 1));
  dilations = layer.getIntegers("dilation_rate", rank, Integers(rank, 1));
  padding = layer.getText("padding", "valid") == "same" ? "SAME" : "VALID";
  Value x = inputs.front();
  int64_t dims = layer.getRank(x);
  if (layer.hasFailed() || dims != int64_t(rank) + 3)
    return {layer.fault("its input has " + Twine(dims) + " dimensions")};
  if (layer.isChannelsFirst()) {
    Integers order = {0, 1};
    for (int64_t dim = 3; dim < dims; ++dim)
      order.push_back(dim);
    order.push_back(2);
    x = layer.transpose(x, order);
  }
  bool isLine = rank == 1;
  if (isLine) {
    x = layer.expandDims(x, 2);
    kernel = layer.expandDims(kernel, 0);
    recurrent = layer.expandDims(recurrent, 0);
    strides.insert(strides.begin(), 1);
    dilations.insert(dilations.begin(), 1);
  }
  if (layer.getFlag("go_backwards", false))
    x = layer.make<tf::ReverseV2Op>(x, layer.makeVector({1}));
  // The first states are zero, of the shape of a product.
  Value first = multiplyInput(layer.squeeze(layer.slice(x, 1, 0, 1), 1));
  if (layer.hasFailed())
    return {first};
  int64_t channels = layer.getRank(first) - 1, units = layer.getKnownSize(first, channels) / 4;
  Value zeros = layer.make<tf::ZerosLikeOp>(layer.slice(first, channels, 0, units));
  bool returnsSequence = layer.getFlag("return_sequences", false);
  Values results = loop(x, {zeros, zeros}, returnsSequence);
  if (layer.hasFailed() || results.empty())
    return {layer.fault("it cannot be built")};
  for (auto [i, result] : enumerate(results)) {
    bool isSequence = i == 0 && returnsSequence;
    if (isLine)
      result = layer.squeeze(result, isSequence ? 2 : 1);
    if (!isSequence || !layer.isChannelsFirst()) {
      result = isSequence ? result : toFirst(result);
      continue;
    }
    Integers order = {0, 1, dims - 1};
    for (int64_t dim = 2; dim < dims - 1; ++dim)
      order.push_back(dim);
    result = layer.transpose(result, order);
  }
  if (!layer.getFlag("return_state", false))
    results.resize(1);
  return results;
}

template <size_t rank> static Values buildLayer(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return ConvLstm(layer, rank).build(inputs);
}

void tflc::keras::addConvLstmLayers(LayerTable &table) {
  table["ConvLSTM1D"] = buildLayer<1>;
  table["ConvLSTM2D"] = buildLayer<2>;
  table["ConvLSTM3D"] = buildLayer<3>;
}
