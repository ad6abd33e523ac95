//===- ConvLstmLayers.cpp - LSTMs over images -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KeptStates.h"
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
  ConvLstm(LayerBuilder &layer, size_t rank) : layer(layer), rank(rank), kept(layer) {}

  Values build(ArrayRef<Value> inputs);

private:
  Value convolve(Value x, Value kernel, ArrayRef<int64_t> strides, StringRef padding,
                 ArrayRef<int64_t> dilations);
  Value multiplyInput(Value x);
  Values step(Value x, ArrayRef<Value> states);
  Values loop(Value x, ArrayRef<Value> states, bool returnsSequence);
  Value makeState(Value x, Value product, int64_t units);
  Values arrangeStates(ArrayRef<Value> given);
  Value arrangeResult(Value x, bool isSequence);

  LayerBuilder &layer;
  size_t rank;
  Value kernel, recurrent, bias;
  Integers strides, dilations;
  StringRef padding;
  KeptStates kept;
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
  Value steps = readSize(layer, x, 1), outputs;
  if (returnsSequence) {
    Value row = layer.expandDims(states[0], 1);
    Value rest = layer.makeVector(Integers(layer.getRank(row) - 2, 1));
    Value times = layer.concat({layer.makeVector({1}), layer.expandDims(steps, 0), rest}, 0);
    outputs = layer.make<tf::TileOp>(layer.make<tf::ZerosLikeOp>(row), times);
  }
  return buildStepLoop(layer, steps, states, outputs, [&](Value number, ArrayRef<Value> present) {
    Value current = layer.make<tf::GatherV2Op>(x, number, layer.makeIndex(1));
    Values next = step(current, present);
    return StepResult{next, next.front()};
  });
}

/// A first state, of the shape of one gate's product: zeros, or what the last invocation has left.
Value ConvLstm::makeState(Value x, Value product, int64_t units) {
  Integers rest(drop_begin(layer.getShape(product)));
  rest.back() = units;
  if (layer.getFlag("stateful", false)) {
    rest.insert(rest.begin(), layer.getShape(x).front());
    return kept.read(rest);
  }
  if (!llvm::is_contained(rest, ShapedType::kDynamic))
    return makeZeros(layer, x, /*dims=*/1, rest);
  return layer.make<tf::ZerosLikeOp>(layer.slice(product, rest.size(), 0, units));
}

/// States that a call gives, in the form in which they are computed.
Values ConvLstm::arrangeStates(ArrayRef<Value> given) {
  Values states;
  for (Value state : given) {
    state = layer.isChannelsFirst() ? layer.toChannelsLast(state) : state;
    states.push_back(rank == 1 ? layer.expandDims(state, 1) : state);
  }
  return states;
}

/// A result in the form in which the layer gives it.
Value ConvLstm::arrangeResult(Value x, bool isSequence) {
  if (rank == 1)
    x = layer.squeeze(x, isSequence ? 2 : 1);
  if (!layer.isChannelsFirst())
    return x;
  if (!isSequence)
    return layer.toChannelsFirst(x);
  int64_t dims = layer.getRank(x);
  Integers order = {0, 1, dims - 1};
  for (int64_t dim = 2; dim < dims - 1; ++dim)
    order.push_back(dim);
  return layer.transpose(x, order);
}

Values ConvLstm::build(ArrayRef<Value> inputs) {
  if (inputs.size() != 1 && inputs.size() != 3)
    return {layer.fault("it is given " + Twine(inputs.size() - 1) + " states, expected 2")};
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
  if (rank == 1) {
    x = layer.expandDims(x, 2);
    kernel = layer.expandDims(kernel, 0);
    recurrent = layer.expandDims(recurrent, 0);
    strides.insert(strides.begin(), 1);
    dilations.insert(dilations.begin(), 1);
  }
  if (layer.getFlag("go_backwards", false))
    x = layer.make<tf::ReverseV2Op>(x, layer.makeVector({1}));
  Values states = arrangeStates(inputs.drop_front());
  if (states.empty()) {
    Value product = multiplyInput(layer.squeeze(layer.slice(x, 1, 0, 1), 1));
    if (layer.hasFailed())
      return {product};
    int64_t units = layer.getKnownSize(product, -1) / 4;
    states = {makeState(x, product, units), makeState(x, product, units)};
  }
  if (layer.hasFailed())
    return states;
  bool returnsSequence = layer.getFlag("return_sequences", false);
  Values results = loop(x, states, returnsSequence);
  if (layer.hasFailed() || results.empty())
    return {layer.fault("it cannot be built")};
  kept.write(ArrayRef(results).drop_front());
  for (auto [i, result] : enumerate(results))
    result = arrangeResult(result, i == 0 && returnsSequence);
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
