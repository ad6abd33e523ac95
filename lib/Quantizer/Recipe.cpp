//===- Recipe.cpp - how a model is quantized, as a file -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Recipe.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <limits>

using namespace llvm;
using namespace tflc;
using tflc::tfl::InterfaceType;
using tflc::tfl::ModelInterface;

static StringRef getName(InterfaceType type) {
  switch (type) {
  case InterfaceType::Float:
    return "float";
  case InterfaceType::Int8:
    return "int8";
  case InterfaceType::UInt8:
    return "uint8";
  case InterfaceType::Int16:
    return "int16";
  }
  return "";
}

static std::optional<InterfaceType> parseType(StringRef name) {
  for (InterfaceType type :
       {InterfaceType::Float, InterfaceType::Int8, InterfaceType::UInt8, InterfaceType::Int16})
    if (getName(type) == name)
      return type;
  return std::nullopt;
}

std::string tflc::getInterfaceName(ModelInterface interface) {
  std::string inputs = getName(interface.inputs).str();
  if (interface.outputs == interface.inputs)
    return inputs;
  return inputs + "," + getName(interface.outputs).str();
}

std::optional<ModelInterface> tflc::parseInterface(StringRef name) {
  auto [inputs, outputs] = name.split(',');
  std::optional<InterfaceType> in = parseType(inputs);
  std::optional<InterfaceType> out = name.contains(',') ? parseType(outputs) : in;
  if (!in || !out)
    return std::nullopt;
  return ModelInterface{*in, *out};
}

static constexpr StringLiteral keys[] = {
    "mode",         "io",          "range",       "equalize",  "correct_biases",
    "clip_weights", "weight_bits", "allow_float", "keep_float"};

static Error checkKeys(const json::Object &object) {
  for (const auto &entry : object) {
    StringRef key = entry.first;
    if (llvm::is_contained(keys, key))
      continue;
    const StringLiteral *nearest = llvm::min_element(keys, [&](StringRef a, StringRef b) {
      return key.edit_distance(a) < key.edit_distance(b);
    });
    return createStringError(
        formatv("there is no key \"{0}\"; did you mean \"{1}\"?", key, *nearest));
  }
  return Error::success();
}

static Error readFlag(const json::Object &object, StringRef key, bool &flag) {
  const json::Value *value = object.get(key);
  if (!value)
    return Error::success();
  std::optional<bool> given = value->getAsBoolean();
  if (!given)
    return createStringError(formatv("\"{0}\" is neither true nor false", key));
  flag = *given;
  return Error::success();
}

static Error readNumber(const json::Object &object, StringRef key, unsigned &number) {
  const json::Value *value = object.get(key);
  if (!value)
    return Error::success();
  std::optional<int64_t> given = value->getAsInteger();
  if (!given || *given < 0 || *given > std::numeric_limits<unsigned>::max())
    return createStringError(formatv("\"{0}\" cannot be {1}", key, *value));
  number = unsigned(*given);
  return Error::success();
}

/// Reads a text that `parse` knows.
template <typename Result, typename Parse>
static Error readName(const json::Object &object, StringRef key, Result &result, Parse parse) {
  const json::Value *value = object.get(key);
  if (!value)
    return Error::success();
  std::optional<StringRef> text = value->getAsString();
  auto parsed = text ? parse(*text) : std::nullopt;
  if (!parsed)
    return createStringError(formatv("\"{0}\" cannot be {1}", key, *value));
  result = *parsed;
  return Error::success();
}

static Error readExpressions(const json::Object &object, std::vector<std::string> &expressions) {
  const json::Value *value = object.get("keep_float");
  if (!value)
    return Error::success();
  const json::Array *list = value->getAsArray();
  if (!list)
    return createStringError("\"keep_float\" is no list of regular expressions");
  for (const json::Value &entry : *list) {
    std::optional<StringRef> text = entry.getAsString();
    if (!text)
      return createStringError("\"keep_float\" is no list of regular expressions");
    expressions.push_back(text->str());
  }
  return Error::success();
}

Expected<Recipe> tflc::parseRecipe(StringRef text) {
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  const json::Object *object = value->getAsObject();
  if (!object)
    return createStringError("a recipe is a JSON object");
  if (Error error = checkKeys(*object))
    return std::move(error);
  if (!object->get("mode"))
    return createStringError("there is no \"mode\"");
  Recipe recipe;
  QuantizeOptions &options = recipe.quantize;
  if (Error error = readName(*object, "mode", options.mode, tfl::parseQuantizationMode))
    return std::move(error);
  if (Error error = readName(*object, "io", options.interface, parseInterface))
    return std::move(error);
  if (Error error = readName(*object, "range", recipe.range, parseRangeOptions))
    return std::move(error);
  if (Error error = readFlag(*object, "equalize", options.equalize))
    return std::move(error);
  if (Error error = readFlag(*object, "correct_biases", options.correctBiases))
    return std::move(error);
  if (Error error = readFlag(*object, "clip_weights", options.clipWeights))
    return std::move(error);
  if (Error error = readNumber(*object, "weight_bits", options.weightBits))
    return std::move(error);
  if (Error error = readFlag(*object, "allow_float", options.allowFloat))
    return std::move(error);
  if (Error error = readExpressions(*object, options.keepFloat))
    return std::move(error);
  if (Error error = checkOptions(options))
    return std::move(error);
  return recipe;
}

std::string tflc::writeRecipe(const Recipe &recipe) {
  const QuantizeOptions &options = recipe.quantize;
  json::Object object{{"mode", tfl::getQuantizationModeName(options.mode)},
                      {"io", getInterfaceName(options.interface)},
                      {"range", formatRangeOptions(recipe.range)},
                      {"equalize", options.equalize},
                      {"correct_biases", options.correctBiases},
                      {"clip_weights", options.clipWeights},
                      {"weight_bits", options.weightBits},
                      {"allow_float", options.allowFloat},
                      {"keep_float", json::Array(options.keepFloat)}};
  return formatv("{0:2}\n", json::Value(std::move(object)));
}
