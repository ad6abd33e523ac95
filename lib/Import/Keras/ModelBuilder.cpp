//===- ModelBuilder.cpp - layers in the order of a model ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"

#include "CallReader.h"
#include "Constants.h"

#include "TF/IR/TFOps.h"
#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelLocation.h"
#include "tflc/Support/TextPosition.h"

#include <list>
#include <map>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// Other names of classes, which old files have.
static void addAliases(LayerTable &table) {
  static constexpr std::pair<const char *, const char *> aliases[] = {
      {"Convolution", "Conv"},
      {"SeparableConvolution", "SeparableConv"},
      {"AvgPool", "AveragePooling"},
      {"MaxPool", "MaxPooling"},
      {"GlobalAvgPool", "GlobalAveragePooling"},
      {"GlobalMaxPool", "GlobalMaxPooling"}};
  for (auto [alias, name] : aliases)
    for (const char *end : {"1D", "2D", "3D", "1DTranspose", "2DTranspose", "3DTranspose"})
      if (LayerFunction function = table.lookup((Twine(name) + end).str()))
        table[(Twine(alias) + end).str()] = function;
  table["Deconvolution2D"] = table.lookup("Conv2DTranspose");
  table["Deconvolution3D"] = table.lookup("Conv3DTranspose");
}

ModelBuilder::ModelBuilder(OpBuilder &builder, StringRef fileName, const ConfigPositions &positions,
                           bool isKeras2)
    : builder(builder), fileName(fileName), positions(positions), isKeras2(isKeras2) {
  addActivationLayers(table);
  addAttentionLayers(table);
  addCategoryLayers(table);
  addConvLstmLayers(table);
  addConvolutionLayers(table);
  addCoreLayers(table);
  addGraphOperations(table);
  addHistogramLayers(table);
  addLambdaOperations(table);
  addMergeLayers(table);
  addNormalizationLayers(table);
  addPoolingLayers(table);
  addPreprocessingLayers(table);
  addRecurrentLayers(table);
  addShapeLayers(table);
  addSignalLayers(table);
  addSpectrogramLayers(table);
  addAliases(table);
}

Location ModelBuilder::locate(const json::Object &layer) {
  Location place =
      makeOpLocation(builder.getContext(), fileName, 0, numLayers,
                     makePrintable(getText(layer, "class_name")), makePrintable(getName(layer)));
  std::optional<ConfigPositions::Position> position = positions.find(layer);
  return position ? addTextPosition(place, positions.getSource(), position->first, position->second)
                  : place;
}

LogicalResult ModelBuilder::fault(Location location, const Twine &message) {
  return emitError(location) << makePrintable(message.str());
}

/// Keras 3 counts layers of a class in the order of the model.
ModelBuilder::WeightsByLayer ModelBuilder::findWeights(const json::Array &layers,
                                                       const LayerWeights &weights) const {
  WeightsByLayer result;
  StringMap<unsigned> counts;
  for (const json::Value &item : layers) {
    const json::Object *layer = item.getAsObject();
    if (!layer || isOperation(*layer))
      continue;
    std::string key = toSnakeCase(getText(*layer, "class_name"));
    if (unsigned count = counts[key]++)
      key += "_" + std::to_string(count);
    // In a list, weights of models in a model are called like those of their layers alone.
    LayerWeights own = weights.ofLayer(key, getName(*layer));
    bool isNamed = weights.isOfTree() || !isModel(getText(*layer, "class_name")) ||
                   !(getName(*layer).empty() || own.isEmptyList());
    result.try_emplace(getName(*layer), isNamed ? own : weights);
  }
  return result;
}

/// What the model's own tables do not list has no weights.
static LayerWeights getWeights(const StringMap<LayerWeights> &weights, StringRef name) {
  auto found = weights.find(name);
  return found == weights.end() ? LayerWeights::none() : found->second;
}

FailureOr<Values> ModelBuilder::build(const json::Object &model, ArrayRef<Value> inputs,
                                      LayerWeights weights, SmallVectorImpl<std::string> *names) {
  constexpr unsigned maxDepth = 32;
  StringRef kind = getText(model, "class_name");
  Location location = locate(model);
  const json::Array *layers = getLayers(model);
  if (!layers || layers->empty())
    return fault(location, "the model has no layers");
  if (depth == maxDepth)
    return fault(location, "models are nested more than " + Twine(maxDepth) + " levels deep");
  ++depth;
  bool isChain = kind == "Sequential" || kind == "Pipeline";
  FailureOr<Values> results = isChain ? buildSequential(model, inputs, weights)
                                      : buildFunctional(model, inputs, weights, names);
  --depth;
  if (succeeded(results) && names && kind == "Sequential")
    if (const json::Object *last = layers->back().getAsObject())
      names->push_back(isKeras2 ? getName(*last).str() : "output_0");
  return results;
}

FailureOr<Values> ModelBuilder::buildSequential(const json::Object &model, ArrayRef<Value> inputs,
                                                const LayerWeights &weights) {
  const json::Array &layers = *getLayers(model);
  WeightsByLayer weightsOf = findWeights(layers, weights);
  Values values(inputs);
  for (const json::Value &item : layers) {
    const json::Object *layer = item.getAsObject();
    if (!layer)
      return fault(locate(model), "a layer has no configuration");
    if (getText(*layer, "class_name") == "InputLayer")
      continue;
    FailureOr<Values> results = buildLayer(*layer, values, getWeights(weightsOf, getName(*layer)));
    if (failed(results))
      return failure();
    values = *results;
  }
  return values;
}

namespace {
/// One call of a layer that waits for its inputs.
struct Call {
  const json::Object *layer;
  std::string name;
  int64_t node;
  SmallVector<Argument> inputs;
  const json::Object *keywords;
};
} // namespace

/// A nested model has been called once when it was made. Files count that call in places of
/// tensors, but do not list it.
static void skipOwnCalls(std::list<Call> &calls,
                         ArrayRef<std::pair<std::string, TensorName>> outputs) {
  StringMap<int64_t> used, listed;
  auto note = [&](const TensorName &tensor) {
    used[tensor.layer] = std::max(used[tensor.layer], tensor.node + 1);
  };
  for (const Call &call : calls) {
    ++listed[call.name];
    for (const Argument &input : call.inputs)
      if (!input.constant)
        note(input.tensor);
  }
  for (const auto &[key, tensor] : outputs)
    note(tensor);
  for (Call &call : calls)
    if (isModel(getText(*call.layer, "class_name")) && used[call.name] == listed[call.name] + 1)
      ++call.node;
}

FailureOr<Values> ModelBuilder::buildFunctional(const json::Object &model, ArrayRef<Value> inputs,
                                                const LayerWeights &weights,
                                                SmallVectorImpl<std::string> *names) {
  Location location = locate(model);
  const json::Object *object = model.getObject("config");
  if (!object)
    return fault(location, "the model has no configuration");
  const json::Object &config = *object;
  const json::Array &layers = *getLayers(model);
  WeightsByLayer weightsOf = findWeights(layers, weights);
  std::map<TensorName, Value> values;
  SmallVector<std::pair<std::string, TensorName>> given, wanted;
  if (const json::Value *list = config.get("input_layers"))
    collectTensors(*list, given);
  if (const json::Value *list = config.get("output_layers"))
    collectTensors(*list, wanted);
  if (given.size() != inputs.size())
    return fault(location, "the model has " + Twine(given.size()) + " inputs, but " +
                               Twine(inputs.size()) + " are given");
  for (auto [place, input] : zip_equal(given, inputs))
    values[place.second] = input;

  std::list<Call> waiting;
  for (const json::Value &item : layers) {
    const json::Object *layer = item.getAsObject();
    if (!layer || getText(*layer, "class_name") == "InputLayer")
      continue;
    if (const json::Array *nodes = layer->getArray("inbound_nodes"))
      for (auto [number, node] : enumerate(*nodes)) {
        waiting.push_back({layer, getName(*layer).str(), int64_t(number), readCall(node, *layer),
                           findKeywords(node)});
      }
  }
  skipOwnCalls(waiting, wanted);
  // Layers stand in an order in which most calls find their inputs; shared ones may have to wait.
  auto isReady = [&](const Call &call) {
    return !call.inputs.empty() && all_of(call.inputs, [&](const Argument &input) {
      return input.constant || values.count(input.tensor) != 0;
    });
  };
  auto resolve = [&](const Call &call, std::map<TensorName, Value> &known) -> FailureOr<Values> {
    Values arguments(call.inputs.size());
    Type elementType;
    for (auto [argument, input] : zip_equal(arguments, call.inputs))
      if (!input.constant) {
        argument = known[input.tensor];
        // A number beside a condition has the type of the other values.
        if (!elementType || elementType.isInteger(1))
          elementType = tf::getElementType(argument);
      }
    Location place = locate(*call.layer);
    for (auto [argument, input] : zip_equal(arguments, call.inputs))
      if (input.constant) {
        argument = makeConstant(builder, place, *input.constant, elementType);
        if (!argument)
          return fault(place, "a constant among its arguments cannot be read");
      }
    return arguments;
  };
  bool isMoving = true;
  while (isMoving) {
    isMoving = false;
    for (auto call = waiting.begin(); call != waiting.end();) {
      if (!isReady(*call)) {
        ++call;
        continue;
      }
      FailureOr<Values> arguments = resolve(*call, values);
      if (failed(arguments))
        return failure();
      CallKeywords keywords = {{}, call->keywords};
      Values positional;
      for (auto [argument, value] : zip_equal(call->inputs, *arguments))
        if (argument.keyword.empty())
          positional.push_back(value);
        else
          keywords.tensors[argument.keyword] = value;
      FailureOr<Values> results =
          isOperation(*call->layer)
              ? buildOperationCall(*call->layer, call->node, positional, std::move(keywords))
              : buildLayer(*call->layer, positional, getWeights(weightsOf, call->name),
                           std::move(keywords));
      if (failed(results))
        return failure();
      for (auto [tensor, result] : enumerate(*results))
        values[{call->name, call->node, int64_t(tensor)}] = result;
      call = waiting.erase(call);
      isMoving = true;
    }
  }

  Values results;
  std::map<std::string, unsigned> counts;
  for (const auto &[key, tensor] : wanted) {
    auto found = values.find(tensor);
    if (found == values.end()) {
      // Name the layer that has no input; the output only follows from it.
      const Call *missing = waiting.empty() ? nullptr : &waiting.front();
      return fault(missing ? locate(*missing->layer) : location,
                   missing ? "an input of this layer is never computed"
                           : "there is no output \"" + tensor.layer + "\"");
    }
    results.push_back(found->second);
    if (names) {
      // Keras 3 counts what no dictionary names.
      std::string name = key.empty() && isKeras2 ? tensor.layer : key;
      if (name.empty())
        name = "output_" + std::to_string(results.size() - 1);
      unsigned count = counts[name]++;
      names->push_back(count ? name + "_" + std::to_string(count) : name);
    }
  }
  if (results.empty())
    return fault(location, "the model has no outputs");
  return results;
}
