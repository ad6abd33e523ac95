//===- ModelBuilder.cpp - layers in the order of a model ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelBuilder.h"

#include "TF/IR/TFOps.h"
#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelLocation.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"

#include <list>
#include <map>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

ModelBuilder::ModelBuilder(OpBuilder &builder, StringRef fileName, bool isKeras2)
    : builder(builder), fileName(fileName), isKeras2(isKeras2) {
  addActivationLayers(table);
  addAttentionLayers(table);
  addConvLstmLayers(table);
  addConvolutionLayers(table);
  addCoreLayers(table);
  addLambdaOperations(table);
  addMergeLayers(table);
  addNormalizationLayers(table);
  addPoolingLayers(table);
  addPreprocessingLayers(table);
  addRecurrentLayers(table);
  addShapeLayers(table);
}

Location ModelBuilder::locate(StringRef kind, StringRef name) {
  return makeOpLocation(builder.getContext(), fileName, 0, numLayers, makePrintable(kind),
                        makePrintable(name));
}

LogicalResult ModelBuilder::fault(Location location, const Twine &message) {
  return emitError(location) << makePrintable(message.str());
}

static StringRef getText(const json::Object &object, StringRef key) {
  return object.getString(key).value_or("");
}

static bool isModel(StringRef kind) {
  return kind == "Sequential" || kind == "Functional" || kind == "Model";
}

/// Layers that hold Python code.
static bool hasCode(StringRef kind) { return kind == "Lambda"; }

/// Operations of keras.ops stand among layers, and some have the names of layers.
static bool isOperation(const json::Object &layer) {
  if (layer.get("module"))
    return getText(layer, "module").contains(".ops");
  // A .h5 file does not say where a class comes from. All layers can be trained, or not.
  const json::Object *config = layer.getObject("config");
  return config && !config->get("trainable") && hasOperation(getText(layer, "class_name"));
}

static StringRef getName(const json::Object &layer) {
  if (std::optional<StringRef> name = layer.getString("name"))
    return *name;
  const json::Object *config = layer.getObject("config");
  return config ? getText(*config, "name") : "";
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static Type getType(StringRef name, MLIRContext *context) {
  OpBuilder b(context);
  return llvm::StringSwitch<Type>(name)
      .Cases({"float32", "float16", "bfloat16", "float64", ""}, b.getF32Type())
      .Case("int8", b.getI8Type())
      .Case("int16", b.getI16Type())
      .Case("int32", b.getI32Type())
      .Case("int64", b.getI64Type())
      .Case("uint8", IntegerType::get(context, 8, IntegerType::Unsigned))
      .Case("bool", b.getI1Type())
      .Default(nullptr);
}

/// The type that a policy or a name says.
static StringRef getTypeName(const json::Object &config) {
  if (const json::Object *policy = config.getObject("dtype"))
    if (const json::Object *inner = policy->getObject("config"))
      return getText(*inner, "name");
  return getText(config, "dtype");
}

/// The shape of an InputLayer, or that with which old files begin a Sequential model.
static const json::Array *getBatchShape(const json::Object &config) {
  for (const char *key : {"batch_shape", "batch_input_shape"})
    if (const json::Array *shape = config.getArray(key))
      return shape;
  return nullptr;
}

static FailureOr<RankedTensorType> readType(const json::Array &sizes, StringRef typeName,
                                            MLIRContext *context) {
  SmallVector<int64_t> shape;
  constexpr size_t maxRank = 8;
  Type type = getType(typeName, context);
  if (!type || sizes.size() > maxRank)
    return failure();
  for (const json::Value &size : sizes) {
    std::optional<int64_t> number = size.getAsInteger();
    if (size.kind() != json::Value::Null && (!number || *number < 0 || *number > INT32_MAX))
      return failure();
    shape.push_back(number.value_or(ShapedType::kDynamic));
  }
  return RankedTensorType::get(shape, type);
}

/// The places of tensors in "input_layers": one, a list, or a tree of them. Keys of a dictionary
/// are names.
static void collectTensors(const json::Value &value,
                           SmallVectorImpl<std::pair<std::string, TensorName>> &tensors,
                           StringRef name = "") {
  if (const json::Object *object = value.getAsObject()) {
    for (const auto &[key, item] : *object)
      collectTensors(item, tensors, key);
    return;
  }
  const json::Array *list = value.getAsArray();
  if (!list)
    return;
  if (list->size() >= 3 && (*list)[0].getAsString() && (*list)[1].getAsInteger() &&
      (*list)[2].getAsInteger()) {
    tensors.push_back({name.str(),
                       {(*list)[0].getAsString()->str(), *(*list)[1].getAsInteger(),
                        *(*list)[2].getAsInteger()}});
    return;
  }
  for (const json::Value &item : *list)
    collectTensors(item, tensors, name);
}

FailureOr<SmallVector<ModelInput>> ModelBuilder::readInputs(const json::Object &model) {
  SmallVector<ModelInput> inputs;
  Location location = locate(getText(model, "class_name"), getName(model));
  const json::Object *config = model.getObject("config");
  const json::Array *layers = config ? config->getArray("layers") : nullptr;
  if (!layers || layers->empty())
    return fault(location, "the model has no layers");
  auto add = [&](StringRef name, const json::Array *shape, StringRef typeName) -> LogicalResult {
    FailureOr<RankedTensorType> type = failure();
    if (shape)
      type = readType(*shape, typeName, builder.getContext());
    if (failed(type))
      return fault(locate("InputLayer", name), "its shape or type cannot be read");
    inputs.push_back({name.str(), *type});
    return success();
  };

  if (getText(model, "class_name") == "Sequential") {
    const json::Object *first = layers->front().getAsObject();
    const json::Object *inner = first ? first->getObject("config") : nullptr;
    if (!inner)
      return fault(location, "its first layer has no configuration");
    // A nested model brings its own input.
    if (isModel(getText(*first, "class_name")))
      return readInputs(*first);
    const json::Array *shape = getBatchShape(*inner);
    bool isInput = getText(*first, "class_name") == "InputLayer";
    std::string name = isInput ? getName(*first).str() : getName(*first).str() + "_input";
    if (!shape)
      if (const json::Object *build = model.getObject("build_config"))
        shape = build->getArray("input_shape");
    if (!shape)
      shape = config->getArray("build_input_shape");
    if (!shape)
      return fault(location, "the model does not say what its input is; call it once, or give it "
                             "an Input, before it is saved");
    if (failed(add(name, shape, isInput ? getTypeName(*inner) : "")))
      return failure();
    return inputs;
  }
  SmallVector<std::pair<std::string, TensorName>> tensors;
  if (const json::Value *list = config->get("input_layers"))
    collectTensors(*list, tensors);
  if (tensors.empty())
    return fault(location, "the model has no inputs");
  for (const auto &[key, tensor] : tensors) {
    const json::Object *inner = nullptr;
    for (const json::Value &item : *layers)
      if (const json::Object *layer = item.getAsObject();
          layer && getName(*layer) == tensor.layer && getText(*layer, "class_name") == "InputLayer")
        inner = layer->getObject("config");
    if (!inner)
      return fault(location, "there is no input layer \"" + tensor.layer + "\"");
    if (failed(add(tensor.layer, getBatchShape(*inner), getTypeName(*inner))))
      return failure();
  }
  return inputs;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// The tensors and constants among the arguments of a call of Keras 3, in order. Lists count as
/// their items; what is no number (a range, an index) is left to the operation.
static void collectArguments(const json::Value &value, SmallVectorImpl<Argument> &arguments) {
  if (const json::Array *list = value.getAsArray()) {
    for (const json::Value &item : *list)
      collectArguments(item, arguments);
    return;
  }
  if (value.kind() == json::Value::Number || value.kind() == json::Value::Boolean) {
    arguments.push_back({{}, &value});
    return;
  }
  const json::Object *object = value.getAsObject();
  if (!object)
    return;
  StringRef kind = getText(*object, "class_name");
  const json::Object *config = object->getObject("config");
  if (kind == "__tensor__" || kind == "__numpy__") {
    arguments.push_back({{}, &value});
  } else if (kind == "__keras_tensor__") {
    const json::Array *history = config ? config->getArray("keras_history") : nullptr;
    if (history && history->size() == 3)
      arguments.push_back(
          {{(*history)[0].getAsString().value_or("").str(),
            (*history)[1].getAsInteger().value_or(-1), (*history)[2].getAsInteger().value_or(-1)}});
  } else if (kind.empty()) {
    for (const auto &[key, item] : *object)
      collectArguments(item, arguments);
  }
}

/// Adds the tensors among keywords. The order of inputs is that of the layers' own arguments.
static void collectKeywords(const json::Object &keywords, bool isKeras2,
                            SmallVectorImpl<Argument> &arguments) {
  auto collect = [&](const json::Value &value, SmallVectorImpl<Argument> &found) {
    if (!isKeras2)
      return collectArguments(value, found);
    SmallVector<std::pair<std::string, TensorName>> named;
    collectTensors(value, named);
    for (auto &[key, tensor] : named)
      found.push_back({std::move(tensor)});
  };
  for (const char *key : {"inputs", "query", "value", "key", "sequence", "initial_state"})
    if (const json::Value *argument = keywords.get(key))
      collect(*argument, arguments);
  for (const char *key : {"attention_mask", "mask", "query_mask", "value_mask", "key_mask"}) {
    SmallVector<Argument> found;
    if (const json::Value *argument = keywords.get(key))
      collect(*argument, found);
    for (auto [i, argument] : enumerate(found)) {
      argument.keyword = i ? (Twine(key) + "_" + Twine(i)).str() : std::string(key);
      arguments.push_back(argument);
    }
  }
}

/// The keywords of a call: an object of their own, or, in Keras 2, the last item of a tensor.
static const json::Object *findKeywords(const json::Value &node) {
  if (const json::Object *call = node.getAsObject())
    return call->getObject("kwargs");
  const json::Array *list = node.getAsArray();
  while (list && !list->empty()) {
    if (list->size() == 4)
      if (const json::Object *keywords = (*list)[3].getAsObject())
        return keywords;
    list = list->front().getAsArray();
  }
  return nullptr;
}

/// Whether a layer is a function of TensorFlow, whose keywords hold numbers and tensors alike.
static bool isFunction(StringRef kind) { return kind == "TFOpLambda" || kind == "SlicingOpLambda"; }

/// What a function is given: tensors and numbers, by place and by keyword.
static SmallVector<Argument> readFunctionCall(const json::Value &node) {
  SmallVector<Argument> arguments;
  auto add = [&](const json::Value &value) {
    const json::Array *list = value.getAsArray();
    std::optional<StringRef> name =
        list && list->size() >= 3 ? (*list)[0].getAsString() : std::nullopt;
    if (name == StringRef("_CONSTANT_VALUE"))
      arguments.push_back({{}, &(*list)[2]});
    else if (name)
      arguments.push_back({{name->str(), (*list)[1].getAsInteger().value_or(-1),
                            (*list)[2].getAsInteger().value_or(-1)}});
    else if (list || value.kind() == json::Value::Number)
      arguments.push_back({{}, &value});
  };
  if (const json::Array *places = node.getAsArray()) {
    bool isOne = !places->empty() && places->front().getAsString();
    if (isOne)
      add(node);
    else
      for (const json::Value &place : *places)
        add(place);
  }
  if (const json::Object *keywords = findKeywords(node))
    for (const char *key : {"x", "y", "b", "indices"})
      if (const json::Value *value = keywords->get(key))
        add(*value);
  return arguments;
}

/// What one call takes. An index, which follows what is indexed, is no input.
static SmallVector<Argument> readCall(const json::Value &node, bool isIndexing) {
  SmallVector<Argument> arguments;
  const json::Object *call = node.getAsObject();
  if (call) {
    if (const json::Array *list = call->getArray("args"))
      for (auto [i, item] : enumerate(*list))
        if (i == 0 || !isIndexing)
          collectArguments(item, arguments);
  } else {
    // Keras 2: [[layer, node, tensor, keywords], ...], or the first of these alone.
    SmallVector<std::pair<std::string, TensorName>> named;
    collectTensors(node, named);
    for (auto &[key, tensor] : named)
      arguments.push_back({std::move(tensor)});
  }
  if (const json::Object *keywords = findKeywords(node))
    collectKeywords(*keywords, !call, arguments);
  return arguments;
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

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
    result.try_emplace(getName(*layer), weights.ofLayer(key, getName(*layer)));
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
  Location location = locate(kind, getName(model));
  const json::Object *config = model.getObject("config");
  if (!config || !config->getArray("layers"))
    return fault(location, "the model has no layers");
  if (depth == maxDepth)
    return fault(location, "models are nested more than " + Twine(maxDepth) + " levels deep");
  ++depth;
  FailureOr<Values> results = kind == "Sequential"
                                  ? buildSequential(*config, inputs, weights)
                                  : buildFunctional(*config, inputs, weights, names);
  --depth;
  if (succeeded(results) && names && kind == "Sequential")
    if (const json::Object *last = config->getArray("layers")->back().getAsObject())
      names->push_back(getName(*last).str());
  return results;
}

FailureOr<Values> ModelBuilder::buildSequential(const json::Object &config, ArrayRef<Value> inputs,
                                                const LayerWeights &weights) {
  const json::Array &layers = *config.getArray("layers");
  WeightsByLayer weightsOf = findWeights(layers, weights);
  Values values(inputs);
  for (const json::Value &item : layers) {
    const json::Object *layer = item.getAsObject();
    if (!layer)
      return fault(locate("Sequential", ""), "a layer has no configuration");
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

FailureOr<Values> ModelBuilder::buildFunctional(const json::Object &config, ArrayRef<Value> inputs,
                                                const LayerWeights &weights,
                                                SmallVectorImpl<std::string> *names) {
  const json::Array &layers = *config.getArray("layers");
  WeightsByLayer weightsOf = findWeights(layers, weights);
  std::map<TensorName, Value> values;
  SmallVector<std::pair<std::string, TensorName>> given, wanted;
  if (const json::Value *list = config.get("input_layers"))
    collectTensors(*list, given);
  if (const json::Value *list = config.get("output_layers"))
    collectTensors(*list, wanted);
  Location location = locate("Functional", getText(config, "name"));
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
        StringRef kind = getText(*layer, "class_name");
        waiting.push_back(
            {layer, getName(*layer).str(), int64_t(number),
             isFunction(kind) ? readFunctionCall(node) : readCall(node, kind == "GetItem"),
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
    Location place = locate(getText(*call.layer, "class_name"), call.name);
    for (auto [argument, input] : zip_equal(arguments, call.inputs))
      if (input.constant) {
        FailureOr<Value> constant = makeConstant(*input.constant, elementType, place);
        if (failed(constant))
          return failure();
        argument = *constant;
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
              ? buildOperationCall(*call->layer, call->node, positional)
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
      return fault(missing ? locate(getText(*missing->layer, "class_name"), missing->name)
                           : location,
                   missing ? "an input of this layer is never computed"
                           : "there is no output \"" + tensor.layer + "\"");
    }
    results.push_back(found->second);
    if (names) {
      std::string name = key.empty() ? tensor.layer : key;
      unsigned count = counts[name]++;
      names->push_back(count ? name + "_" + std::to_string(count) : name);
    }
  }
  if (results.empty())
    return fault(location, "the model has no outputs");
  return results;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

FailureOr<Values> ModelBuilder::buildLayer(const json::Object &layer, ArrayRef<Value> inputs,
                                           LayerWeights weights, CallKeywords keywords) {
  StringRef kind = getText(layer, "class_name");
  Location location = locate(kind, getName(layer));
  ++numLayers;
  if (isModel(kind))
    return build(layer, inputs, std::move(weights), nullptr);
  const json::Object *config = layer.getObject("config");
  if (!config)
    return fault(location, "it has no configuration");
  if (inputs.empty())
    return fault(location, "it has no input");
  // Masks that the caller gives take the place of those that come along.
  for (auto [i, input] : enumerate(inputs))
    if (Value mask = keywords.tensors.lookup(i ? ("mask_" + Twine(i)).str() : "mask"))
      masks[input] = mask;
  if (config->getObject("layer"))
    return buildWrapped(kind, *config, inputs, std::move(weights), std::move(keywords), location);
  LayerFunction function = table.lookup(kind);
  if (!function) {
    InFlightDiagnostic error = emitError(location)
                               << "layers of class '" << makePrintable(kind)
                               << (hasCode(kind) ? "' hold Python code" : "' are not supported");
    error.attachNote() << "help: export the model as a SavedModel (model.export) and convert that";
    return failure();
  }
  LayerBuilder work(builder, location, *config, std::move(weights));
  work.isKeras2 = isKeras2;
  work.keywords = std::move(keywords);
  work.masks = &masks;
  Values results = function(work, inputs);
  if (work.hasFailed())
    return failure();
  passMasks(kind, inputs, results);
  return results;
}

/// Layers that compute each step for itself pass the mask of their first input on.
void ModelBuilder::passMasks(StringRef kind, ArrayRef<Value> inputs, ArrayRef<Value> results) {
  static const llvm::StringSet<> passing = {"Activation",
                                            "AdditiveAttention",
                                            "Attention",
                                            "BatchNormalization",
                                            "Dense",
                                            "ELU",
                                            "EinsumDense",
                                            "GroupNormalization",
                                            "GroupQueryAttention",
                                            "LayerNormalization",
                                            "LeakyReLU",
                                            "MultiHeadAttention",
                                            "PReLU",
                                            "RMSNormalization",
                                            "ReLU",
                                            "Rescaling",
                                            "Softmax",
                                            "ThresholdedReLU",
                                            "UnitNormalization"};
  Value mask = masks.lookup(inputs.front());
  if (mask && passing.contains(kind) && !masks.count(results.front()))
    masks[results.front()] = mask;
}

FailureOr<Values> ModelBuilder::buildOperationCall(const json::Object &layer, int64_t node,
                                                   ArrayRef<Value> inputs) {
  Location location = locate(getText(layer, "class_name"), getName(layer));
  ++numLayers;
  const json::Object *config = layer.getObject("config");
  const json::Array *nodes = layer.getArray("inbound_nodes");
  const json::Object *call =
      nodes && node < int64_t(nodes->size()) ? (*nodes)[node].getAsObject() : nullptr;
  const json::Array *arguments = call ? call->getArray("args") : nullptr;
  if (!config || !arguments)
    return fault(location, "it has no configuration");
  LayerBuilder work(builder, location, *config, LayerWeights::none());
  Values results = buildOperation(work, getText(layer, "class_name"), inputs, *arguments);
  if (work.hasFailed() || results.empty())
    return failure();
  return results;
}

/// The numbers of nested lists of equal lengths, and their shape. False where lengths differ.
static bool readNumbers(const json::Value &value, unsigned level, Integers &shape,
                        std::vector<float> &numbers) {
  const json::Array *list = value.getAsArray();
  if (!list) {
    std::optional<double> number = value.getAsNumber();
    if (std::optional<bool> flag = value.getAsBoolean())
      number = *flag;
    numbers.push_back(float(number.value_or(0)));
    return number && level == shape.size();
  }
  if (numbers.empty() && level == shape.size())
    shape.push_back(list->size());
  return level < shape.size() && shape[level] == int64_t(list->size()) &&
         all_of(
             *list,
             [&](const json::Value &item) { return readNumbers(item, level + 1, shape, numbers); });
}

FailureOr<Value> ModelBuilder::makeConstant(const json::Value &constant, Type elementType,
                                            Location location) {
  const json::Value *content = &constant;
  if (const json::Object *object = constant.getAsObject())
    if (const json::Object *config = object->getObject("config"))
      content = config->get("value");
  Integers shape;
  std::vector<float> numbers;
  constexpr size_t maxRank = 8;
  if (!content || !readNumbers(*content, 0, shape, numbers) || shape.size() > maxRank)
    return fault(location, "a constant among its arguments cannot be read");
  auto type = RankedTensorType::get(shape, elementType ? elementType : builder.getF32Type());
  SmallVector<Attribute> values;
  for (float number : numbers)
    values.push_back(isa<FloatType>(type.getElementType())
                         ? Attribute(builder.getFloatAttr(type.getElementType(), number))
                         : Attribute(IntegerAttr::get(type.getElementType(), int64_t(number))));
  return Value(tf::ConstOp::create(builder, location, type, DenseElementsAttr::get(type, values)));
}

FailureOr<Values> ModelBuilder::buildWrapped(StringRef kind, const json::Object &config,
                                             ArrayRef<Value> inputs, LayerWeights weights,
                                             CallKeywords keywords, Location location) {
  const json::Object &inner = *config.getObject("layer");
  LayerWeights wrapped = weights.ofWrapped("layer");
  if (kind == "TimeDistributed")
    return buildDistributed(inner, inputs.front(), wrapped, config, location);
  // Its weights are stored as the last step of training has left them.
  if (kind == "SpectralNormalization")
    return buildLayer(inner, inputs, wrapped);
  if (kind != "Bidirectional")
    return fault(location, "layers of class '" + kind + "' are not supported");
  LayerBuilder work(builder, location, config, std::move(weights));
  work.isKeras2 = isKeras2;
  work.keywords = std::move(keywords);
  work.masks = &masks;
  Values results = buildBidirectional(work, inputs);
  if (work.hasFailed())
    return failure();
  return results;
}

/// Steps in time are more samples of a batch.
FailureOr<Values> ModelBuilder::buildDistributed(const json::Object &inner, Value input,
                                                 const LayerWeights &weights,
                                                 const json::Object &config, Location location) {
  LayerBuilder work(builder, location, config, weights);
  Integers shape = work.getShape(input);
  if (work.hasFailed() || shape.size() < 2)
    return fault(location, "its input has no steps");
  int64_t steps = work.getKnownSize(input, 1);
  Integers flat = {-1}, rest(drop_begin(shape, 2));
  for (size_t dim = 2; dim < shape.size(); ++dim)
    flat.push_back(work.getKnownSize(input, dim));
  Value samples = work.reshape(input, flat);
  if (work.hasFailed())
    return failure();
  FailureOr<Values> results = buildLayer(inner, {samples}, weights);
  if (failed(results))
    return failure();
  for (Value &result : *results) {
    Integers sizes = {-1, steps};
    for (int64_t dim = 1, rank = work.getRank(result); dim < rank; ++dim)
      sizes.push_back(work.getKnownSize(result, dim));
    result = work.reshape(result, sizes);
  }
  if (work.hasFailed())
    return failure();
  return results;
}
