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
using tflc::tfl::QuantizationMode;

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
    "mode",        "io",    "range",       "equalize",   "correct_biases", "clip_weights",
    "weight_bits", "block", "allow_float", "keep_float", "rules"};
static constexpr StringLiteral ruleKeys[] = {"match", "mode", "bits", "block", "range"};

static Error checkKeys(const json::Object &object, ArrayRef<StringLiteral> known) {
  for (const auto &entry : object) {
    StringRef key = entry.first;
    if (llvm::is_contained(known, key))
      continue;
    const StringLiteral *nearest = llvm::min_element(known, [&](StringRef a, StringRef b) {
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

/// "float", or the mode of the recipe for what an earlier rule says otherwise; of a recipe for
/// integers either width.
static Error readRuleMode(const json::Object &object, QuantizationMode mode, QuantizeRule &rule) {
  const json::Value *value = object.get("mode");
  if (!value)
    return Error::success();
  std::optional<StringRef> text = value->getAsString();
  bool isFloat = text && *text == "float";
  std::optional<QuantizationMode> own = text ? tfl::parseQuantizationMode(*text) : std::nullopt;
  bool mixes = own && needsCalibration(*own) && needsCalibration(mode);
  if (!isFloat && !mixes && own != mode)
    return createStringError(formatv("\"mode\" cannot be {0}", *value));
  rule.keepFloat = isFloat;
  if (mixes)
    rule.mode = own;
  return Error::success();
}

static Expected<QuantizeRule> parseRule(const json::Value &value, QuantizationMode mode) {
  const json::Object *object = value.getAsObject();
  if (!object)
    return createStringError("a rule is a JSON object");
  if (Error error = checkKeys(*object, ruleKeys))
    return std::move(error);
  std::optional<StringRef> match = object->getString("match");
  if (!match)
    return createStringError("a rule has no \"match\", a regular expression");
  QuantizeRule rule;
  rule.match = match->str();
  if (Error error = readRuleMode(*object, mode, rule))
    return std::move(error);
  if (object->get("bits"))
    if (Error error = readNumber(*object, "bits", rule.weightBits.emplace()))
      return std::move(error);
  if (object->get("block"))
    if (Error error = readNumber(*object, "block", rule.weightBlock.emplace()))
      return std::move(error);
  if (Error error = readName(*object, "range", rule.range, [](StringRef text) {
        std::optional<RangeOptions> range = parseRangeOptions(text);
        return range ? std::optional(range) : std::nullopt;
      }))
    return std::move(error);
  return rule;
}

static Error readRules(const json::Object &object, QuantizeOptions &options) {
  const json::Value *value = object.get("rules");
  if (!value)
    return Error::success();
  const json::Array *list = value->getAsArray();
  if (!list)
    return createStringError("\"rules\" is no list of rules");
  for (auto [i, entry] : llvm::enumerate(*list)) {
    Expected<QuantizeRule> rule = parseRule(entry, options.mode);
    if (!rule)
      return createStringError(formatv("rule {0}: {1}", i, toString(rule.takeError())));
    options.rules.push_back(std::move(*rule));
  }
  return Error::success();
}

static json::Array writeRules(const QuantizeOptions &options) {
  json::Array list;
  for (const QuantizeRule &rule : options.rules) {
    json::Object object{{"match", rule.match}};
    if (rule.keepFloat)
      object["mode"] = *rule.keepFloat
                           ? "float"
                           : tfl::getQuantizationModeName(rule.mode.value_or(options.mode));
    if (rule.weightBits)
      object["bits"] = *rule.weightBits;
    if (rule.weightBlock)
      object["block"] = *rule.weightBlock;
    if (rule.range)
      object["range"] = formatRangeOptions(*rule.range);
    list.push_back(std::move(object));
  }
  return list;
}

Expected<Recipe> tflc::parseRecipe(StringRef text) {
  Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  const json::Object *object = value->getAsObject();
  if (!object)
    return createStringError("a recipe is a JSON object");
  if (Error error = checkKeys(*object, keys))
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
  if (Error error = readNumber(*object, "block", options.weightBlock))
    return std::move(error);
  if (Error error = readFlag(*object, "allow_float", options.allowFloat))
    return std::move(error);
  if (Error error = readExpressions(*object, options.keepFloat))
    return std::move(error);
  if (Error error = readRules(*object, options))
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
                      {"block", options.weightBlock},
                      {"allow_float", options.allowFloat},
                      {"keep_float", json::Array(options.keepFloat)},
                      {"rules", writeRules(options)}};
  return formatv("{0:2}\n", json::Value(std::move(object)));
}
