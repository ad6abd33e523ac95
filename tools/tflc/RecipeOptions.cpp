//===- RecipeOptions.cpp - options that say how to quantize ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RecipeOptions.h"

#include "tflc/Support/OutputFiles.h"

using namespace llvm;
using namespace tflc;
using tflc::tfl::ModelInterface;
using tflc::tfl::QuantizationMode;

static bool readMode(const Arguments &arguments, StringRef modeOption, StringRef mode,
                     QuantizeOptions &options, Diagnostics &diagnostics) {
  std::optional<StringRef> io = arguments.get("io");
  if (mode == "int8-io") {
    mode = "int8";
    io = "int8";
  }
  std::optional<QuantizationMode> parsed = tfl::parseQuantizationMode(mode);
  if (!parsed) {
    diagnostics.error(mode.empty() ? Twine("no mode is given") : "there is no mode '" + mode + "'");
    diagnostics.help("--" + modeOption +
                     " is one of float16, dynamic-range, int8, int8-io, int16x8");
    return false;
  }
  options.mode = *parsed;
  std::optional<ModelInterface> interface = parseInterface(io.value_or("float"));
  if (!interface) {
    diagnostics.error("'--io=" + *io + "' is none of float, int8, uint8, int16, nor two of them");
    diagnostics.help("'--io=uint8,float' is for inputs and outputs that differ");
    return false;
  }
  options.interface = *interface;
  return true;
}

static bool readRange(const Arguments &arguments, RangeOptions &options, Diagnostics &diagnostics) {
  std::optional<StringRef> text = arguments.get("range");
  if (!text)
    return true;
  std::optional<RangeOptions> range = parseRangeOptions(*text);
  if (!range) {
    diagnostics.error("there is no way '" + *text + "' to choose a range");
    diagnostics.help("--range is one of minmax, moving-average, percentile=P, mse, entropy");
    return false;
  }
  options = *range;
  return true;
}

/// Leaves `number` alone where the option is not given.
static bool readNumber(const Arguments &arguments, StringRef name, unsigned &number,
                       Diagnostics &diagnostics) {
  std::optional<StringRef> text = arguments.get(name);
  if (!text || !text->getAsInteger(10, number))
    return true;
  diagnostics.error("'--" + name + "=" + *text + "' is no number");
  return false;
}

std::optional<Recipe> tflc::readRecipeOfMode(const Arguments &arguments, StringRef modeOption,
                                             StringRef mode, Diagnostics &diagnostics) {
  Recipe recipe;
  QuantizeOptions &options = recipe.quantize;
  options.allowFloat = arguments.has("allow-float");
  options.clipWeights = arguments.has("clip-weights");
  options.equalize = arguments.has("equalize");
  options.correctBiases = arguments.has("correct-biases");
  if (!readNumber(arguments, "weight-bits", options.weightBits, diagnostics) ||
      !readNumber(arguments, "block", options.weightBlock, diagnostics))
    return std::nullopt;
  for (StringRef text : arguments.getAll("keep-float"))
    options.keepFloat.push_back(text.str());
  if (!readMode(arguments, modeOption, mode, options, diagnostics) ||
      !readRange(arguments, recipe.range, diagnostics) || diagnostics.check(checkOptions(options)))
    return std::nullopt;
  return recipe;
}

std::optional<Recipe> tflc::readRecipe(const Arguments &arguments, StringRef modeOption,
                                       Diagnostics &diagnostics) {
  std::optional<StringRef> path = arguments.get("recipe");
  if (!path)
    return readRecipeOfMode(arguments, modeOption, arguments.get(modeOption).value_or(""),
                            diagnostics);
  for (StringRef name :
       {modeOption, StringRef("io"), StringRef("range"), StringRef("keep-float"),
        StringRef("weight-bits"), StringRef("block"), StringRef("equalize"),
        StringRef("correct-biases"), StringRef("clip-weights"), StringRef("allow-float")})
    if (arguments.has(name)) {
      diagnostics.error("'--" + name + "' and --recipe exclude each other");
      return std::nullopt;
    }
  Expected<std::string> text = readFile(*path);
  if (!text) {
    diagnostics.check(text.takeError());
    return std::nullopt;
  }
  Expected<Recipe> recipe = parseRecipe(*text);
  if (!recipe) {
    diagnostics.error(*path, toString(recipe.takeError()));
    return std::nullopt;
  }
  return *recipe;
}
