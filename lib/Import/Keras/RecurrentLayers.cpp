//===- RecurrentLayers.cpp - layers over sequences ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Recurrence.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

static Values buildRecurrent(LayerBuilder &layer, ArrayRef<Value> inputs, CellKind kind,
                             bool isReversed, bool zeroesMaskedOutput = false,
                             bool isCudnn = false) {
  bool isTimeMajor = layer.getFlag("time_major", false);
  Values arguments(inputs);
  if (isTimeMajor)
    arguments.front() = layer.transpose(inputs.front(), {1, 0, 2});
  bool returnsSequence = layer.getFlag("return_sequences", false);
  Recurrence work(layer, kind, "cell", layer.getFlag("go_backwards", false) != isReversed);
  work.setCudnn(isCudnn);
  work.setZeroesMaskedOutput(zeroesMaskedOutput || layer.getFlag("zero_output_for_mask", false));
  Values results = work.build(arguments, layer.getFlag("stateful", false), returnsSequence,
                              layer.getFlag("return_state", false));
  if (isTimeMajor && returnsSequence)
    results.front() = layer.transpose(results.front(), {1, 0, 2});
  return results;
}

template <CellKind kind> static Values buildLayer(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildRecurrent(layer, inputs, kind, /*isReversed=*/false);
}

static std::optional<CellKind> getKind(StringRef name) {
  if (name == "LSTM" || name == "LSTMCell")
    return CellKind::LSTM;
  if (name == "GRU" || name == "GRUCell")
    return CellKind::GRU;
  if (name == "SimpleRNN" || name == "SimpleRNNCell")
    return CellKind::Simple;
  return std::nullopt;
}

/// TensorFlow 1.13 to 1.15 stored the layers that choose between CuDNN and plain kernels under
/// names of their own.
static StringRef dropPrefix(StringRef name) {
  name.consume_front("CuDNN") || name.consume_front("Unified");
  return name;
}

static bool isCudnn(StringRef name) { return name.starts_with("CuDNN"); }

/// The configuration of a layer of CuDNN as that of the layer it is a faster form of.
static json::Object completeCudnn(const json::Object &config) {
  json::Object complete(config);
  complete["activation"] = "tanh";
  complete["recurrent_activation"] = "sigmoid";
  complete["reset_after"] = true;
  return complete;
}

template <CellKind kind> static Values buildCudnn(LayerBuilder &layer, ArrayRef<Value> inputs) {
  json::Object config = completeCudnn(layer.config);
  LayerBuilder part(layer.b, layer.b.getLoc(), config, layer.weights);
  part.isKeras2 = layer.isKeras2;
  Values results = buildRecurrent(part, inputs, kind, /*isReversed=*/false,
                                  /*zeroesMaskedOutput=*/false, /*isCudnn=*/true);
  return part.hasFailed() ? Values{layer.fault("it cannot be built")} : results;
}

static Values buildCells(LayerBuilder &layer, ArrayRef<Value> inputs, bool isReversed,
                         bool zeroesMaskedOutput);

/// One direction of a layer: a recurrent one, or one over pictures.
static Values buildDirection(LayerBuilder &part, StringRef name, Values arguments,
                             bool isReversed) {
  bool returnsSequence = part.getFlag("return_sequences", false);
  if (std::optional<CellKind> kind = getKind(dropPrefix(name)))
    return buildRecurrent(part, arguments, *kind, isReversed, returnsSequence, isCudnn(name));
  if (name == "RNN")
    return buildCells(part, arguments, isReversed, returnsSequence);
  LayerTable films;
  addConvLstmLayers(films);
  LayerFunction film = films.lookup(name);
  if (!film)
    return {part.fault("layers of class '" + name + "' have no two directions")};
  if (isReversed)
    arguments.front() = part.make<tf::ReverseV2Op>(arguments.front(), part.makeVector({1}));
  return film(part, arguments);
}

/// Joins what both directions give, by the layer's merge mode.
static Values merge(LayerBuilder &layer, Value forward, Value backward) {
  const json::Value *given = layer.config.get("merge_mode");
  if (given && given->kind() == json::Value::Null)
    return {forward, backward};
  StringRef mode = layer.getText("merge_mode", "concat");
  if (mode == "concat")
    return {layer.concat({forward, backward}, layer.getRank(forward) - 1)};
  if (mode == "mul")
    return {layer.make<tf::MulOp>(forward, backward)};
  Value sum = layer.make<tf::AddV2Op>(forward, backward);
  if (mode == "sum")
    return {sum};
  if (mode == "ave")
    return {layer.make<tf::MulOp>(sum, layer.makeScalar(0.5, sum))};
  return {layer.fault("there is no merge mode '" + mode + "'")};
}

Values tflc::keras::buildBidirectional(LayerBuilder &layer, ArrayRef<Value> inputs) {
  const json::Object *forward = layer.config.getObject("layer");
  const json::Object *other = layer.config.getObject("backward_layer");
  Values outputs, states;
  LayerWeights list = layer.weights;
  for (bool isBackward : {false, true}) {
    const json::Object *inner = isBackward && other ? other : forward;
    const json::Object *config = inner->getObject("config");
    StringRef name = inner->getString("class_name").value_or("");
    if (!config)
      return {layer.fault("its layer has no configuration")};
    json::Object complete = isCudnn(name) ? completeCudnn(*config) : json::Object(*config);
    LayerBuilder part(layer.b, layer.b.getLoc(), complete,
                      list.ofWrapped(isBackward ? "backward_layer" : "forward_layer"));
    part.isKeras2 = layer.isKeras2;
    part.keywords = layer.keywords;
    part.masks = layer.masks;
    // Half of the given states is for each direction.
    size_t count = (inputs.size() - 1) / 2;
    Values arguments = {inputs.front()};
    append_range(arguments, inputs.slice(1 + (isBackward ? count : 0), count));
    bool returnsSequence = part.getFlag("return_sequences", false);
    Values results = buildDirection(part, name, arguments, isBackward && !other);
    if (part.hasFailed())
      return {layer.fault("its layer cannot be built")};
    if (isBackward && returnsSequence)
      results.front() = layer.make<tf::ReverseV2Op>(results.front(), layer.makeVector({1}));
    outputs.push_back(results.front());
    append_range(states, drop_begin(results));
    // One list of weights serves both.
    list = part.weights.isOfTree() ? list : part.weights;
  }
  Values results = merge(layer, outputs[0], outputs[1]);
  layer.setMask(results.front(), layer.getMask(outputs[0]));
  append_range(results, states);
  return results;
}

namespace {
/// A cell of an RNN, and where its weights are.
struct Cell {
  const json::Object *config;
  CellKind kind;
  std::string child;
};
} // namespace

/// The cells of an RNN: one, or several that each take the output of the one before. Empty after a
/// fault.
static SmallVector<Cell> readCells(LayerBuilder &layer, const json::Object *cell) {
  SmallVector<Cell> cells;
  auto add = [&](const json::Object *one, std::string child) {
    StringRef name = one ? one->getString("class_name").value_or("") : "";
    const json::Object *config = one ? one->getObject("config") : nullptr;
    std::optional<CellKind> kind = getKind(name);
    if (kind && config)
      cells.push_back({config, *kind, std::move(child)});
    else
      layer.fault("cells of class '" + name + "' are not supported");
  };
  const json::Object *config = cell ? cell->getObject("config") : nullptr;
  const json::Array *list = config ? config->getArray("cells") : nullptr;
  if (!list) {
    add(cell, "cell");
    return cells;
  }
  StringMap<unsigned> counts;
  for (const json::Value &item : *list) {
    const json::Object *one = item.getAsObject();
    std::string name = one ? toSnakeCase(one->getString("class_name").value_or("")) : "";
    unsigned count = counts[name]++;
    add(one, "cell/cells/" + name + (count ? "_" + std::to_string(count) : ""));
  }
  return cells;
}

/// RNN with a cell, or several: a layer for each, whose states stand one after the other.
static Values buildCells(LayerBuilder &layer, ArrayRef<Value> inputs, bool isReversed,
                         bool zeroesMaskedOutput) {
  isReversed ^= layer.getFlag("go_backwards", false);
  zeroesMaskedOutput |= layer.getFlag("zero_output_for_mask", false);
  bool returnsSequence = layer.getFlag("return_sequences", false);
  const json::Object *cell = layer.config.getObject("cell");
  SmallVector<Cell> cells = readCells(layer, cell);
  const json::Object *stack = cell ? cell->getObject("config") : nullptr;
  // Keras 1 counted the states from the last cell on.
  bool isFromLast = stack && stack->getBoolean("reverse_state_order").value_or(false);
  size_t total = 0;
  for (const Cell &one : cells)
    total += countStates(one.kind);
  ArrayRef<Value> given = inputs.drop_front();
  if (!layer.hasFailed() && !given.empty() && given.size() != total)
    layer.fault("it is given " + Twine(given.size()) + " states, expected " + Twine(total));
  if (layer.hasFailed() || cells.empty())
    return {layer.fault("it has no cell")};
  Value x = inputs.front();
  Values states;
  LayerWeights weights = layer.weights;
  for (auto [i, one] : enumerate(cells)) {
    LayerBuilder part(layer.b, layer.b.getLoc(), *one.config, weights);
    part.isKeras2 = layer.isKeras2;
    part.keywords = layer.keywords;
    part.masks = layer.masks;
    bool isLast = i + 1 == cells.size();
    Recurrence work(part, one.kind, one.child, i == 0 && isReversed);
    work.setZeroesMaskedOutput(isLast && zeroesMaskedOutput);
    Values arguments = {x};
    if (!given.empty()) {
      size_t count = countStates(one.kind);
      append_range(arguments, isFromLast ? given.take_back(count) : given.take_front(count));
      given = isFromLast ? given.drop_back(count) : given.drop_front(count);
    }
    Values results = work.build(arguments, layer.getFlag("stateful", false),
                                !isLast || returnsSequence, layer.getFlag("return_state", false));
    if (part.hasFailed())
      return {layer.fault("its cell cannot be built")};
    x = results.front();
    states.insert(isFromLast ? states.begin() : states.end(), results.begin() + 1, results.end());
    weights = part.weights;
  }
  states.insert(states.begin(), x);
  return states;
}

static Values buildRnn(LayerBuilder &layer, ArrayRef<Value> inputs) {
  return buildCells(layer, inputs, /*isReversed=*/false, /*zeroesMaskedOutput=*/false);
}

void tflc::keras::addRecurrentLayers(LayerTable &table) {
  table["CuDNNGRU"] = buildCudnn<CellKind::GRU>;
  table["CuDNNLSTM"] = buildCudnn<CellKind::LSTM>;
  table["GRU"] = table["UnifiedGRU"] = buildLayer<CellKind::GRU>;
  table["LSTM"] = table["UnifiedLSTM"] = buildLayer<CellKind::LSTM>;
  table["RNN"] = buildRnn;
  table["SimpleRNN"] = buildLayer<CellKind::Simple>;
}
