//===- CallReader.cpp - arguments of calls of layers ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CallReader.h"

#include "llvm/ADT/StringMap.h"

#include <map>

#include <optional>

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// Whether a value consists of numbers, in lists of any depth.
static bool isNumeric(const json::Value &value) {
  if (const json::Array *list = value.getAsArray())
    return !list->empty() && all_of(*list, isNumeric);
  return value.kind() == json::Value::Number;
}

/// The tensors and constants among the arguments of a call of Keras 3, in order. Lists count as
/// their items; what is no number (a range, an index) is left to the operation.
static void collectArguments(const json::Value &value, SmallVectorImpl<Argument> &arguments) {
  if (const json::Array *list = value.getAsArray()) {
    // Numbers alone are one array.
    if (isNumeric(value)) {
      arguments.push_back({{}, &value});
      return;
    }
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
    for (StringRef key : getSortedKeys(*object))
      collectArguments(*object->get(key), arguments);
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
  for (const char *key :
       {"attention_mask", "mask", "query_mask", "value_mask", "key_mask", "count_weights"}) {
    const json::Value *given = keywords.get(key);
    if (!given)
      continue;
    auto add = [&](const json::Value &value, size_t number) {
      SmallVector<Argument> found;
      collect(value, found);
      for (Argument &argument : found) {
        argument.keyword = number ? (Twine(key) + "_" + Twine(number)).str() : std::string(key);
        arguments.push_back(argument);
        ++number;
      }
    };
    // A list has a place for each input, also for those without a mask.
    const json::Array *list = given->getAsArray();
    bool hasGaps = list && any_of(*list, [](const json::Value &item) {
                     return item.kind() == json::Value::Null;
                   });
    if (!hasGaps)
      add(*given, 0);
    else
      for (auto [i, item] : enumerate(*list))
        add(item, i);
  }
}

const json::Object *tflc::keras::findKeywords(const json::Value &node) {
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

/// The parameters of operations, some of whose tensors may be left out.
static ArrayRef<StringRef> getParameters(StringRef operation) {
  static const StringMap<SmallVector<StringRef>> parameters = {
      {"BatchNorm", {"x", "mean", "variance", "offset", "scale"}},
      {"DotProductAttention", {"query", "key", "value", "bias", "mask", "scale"}},
      {"LayerNorm", {"x", "gamma", "beta"}},
      {"Pad", {"x", "constant_values"}},
      {"RMSNorm", {"x", "scale"}}};
  auto found = parameters.find(operation);
  return found == parameters.end() ? ArrayRef<StringRef>() : ArrayRef(found->second);
}

/// The arguments of an operation of keras.ops: its inputs by place, others by their names.
static SmallVector<Argument> readOperationCall(const json::Object &call, StringRef kind) {
  SmallVector<Argument> arguments;
  auto add = [&](const json::Value &value, StringRef keyword) {
    size_t first = arguments.size();
    collectArguments(value, arguments);
    for (Argument &argument : MutableArrayRef(arguments).drop_front(first))
      argument.keyword = keyword.str();
  };
  ArrayRef<StringRef> parameters = getParameters(kind);
  // An index, which follows what is indexed, is no input.
  bool isIndexing = kind == "GetItem";
  if (const json::Array *list = call.getArray("args"))
    for (auto [i, item] : enumerate(*list))
      if (i == 0 || !isIndexing)
        add(item, i > 0 && i < parameters.size() ? parameters[i] : "");
  const json::Object *keywords = call.getObject("kwargs");
  if (!keywords || isIndexing)
    return arguments;
  std::map<std::string, const json::Value *> sorted;
  for (const auto &[key, value] : *keywords)
    if (value.kind() != json::Value::Boolean)
      sorted[key.str()] = &value;
  for (const auto &[key, value] : sorted)
    add(*value, key);
  return arguments;
}

SmallVector<Argument> tflc::keras::readCall(const json::Value &node, const json::Object &layer) {
  StringRef kind = getText(layer, "class_name");
  const json::Object *call = node.getAsObject();
  if (isFunction(kind))
    return readFunctionCall(node);
  if (call && isOperation(layer))
    return readOperationCall(*call, kind);
  SmallVector<Argument> arguments;
  if (call) {
    if (const json::Array *list = call->getArray("args"))
      for (const json::Value &item : *list)
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
