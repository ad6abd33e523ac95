//===- ModelOptions.cpp - options of all that compile a model -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelOptions.h"

#include "Progress.h"

using namespace llvm;
using namespace tflc;

static bool readTarget(const Arguments &arguments, ModelOptions &options,
                       Diagnostics &diagnostics) {
  TargetSelection selection;
  selection.name = arguments.get("target").value_or("").str();
  selection.triple = arguments.get("triple").value_or("").str();
  selection.cpu = arguments.get("cpu").value_or("").str();
  selection.features = arguments.get("features").value_or("").str();
  Expected<TargetInfo> target = resolveTarget(selection);
  if (!target) {
    diagnostics.check(target.takeError());
    if (!selection.name.empty() && !lookupTarget(selection.name))
      diagnostics.help("'tflc targets' lists the known targets");
    return false;
  }
  options.compile.target = std::move(*target);
  options.isNative = selection.triple.empty() && options.compile.target.isNative();
  return true;
}

/// NAME=FUNCTION. Names of custom operators are any text, those of functions C identifiers.
static std::optional<CustomFunction> parseCustomFunction(StringRef text) {
  auto [name, function] = text.rsplit('=');
  if (name.empty() || function.empty() || makeIdentifier(function) != function)
    return std::nullopt;
  return CustomFunction{name.str(), function.str()};
}

/// `--threads` of compile, and `--threads=N` of what executes the model.
static bool readThreads(const Arguments &arguments, ModelOptions &options,
                        Diagnostics &diagnostics) {
  constexpr unsigned mostThreads = 1024;
  if (!arguments.has("threads"))
    return true;
  options.compile.threads = true;
  if (options.compile.optLevel == OptLevel::O0)
    diagnostics.warning("'--threads' does nothing at -O0, which runs plain loops");
  StringRef text = arguments.get("threads").value_or("");
  if (text.empty() || (!text.getAsInteger(10, options.threads) && options.threads > 0 &&
                       options.threads <= mostThreads))
    return true;
  diagnostics.error("'--threads=" + text + "' is not a number from 1 to " + Twine(mostThreads));
  return false;
}

std::optional<ModelOptions> tflc::readModelOptions(const Arguments &arguments, const HelpPage &page,
                                                   Diagnostics &diagnostics) {
  ModelOptions options;
  std::vector<StringRef> inputs = arguments.getInputs();
  if (inputs.size() != 1) {
    if (inputs.empty())
      diagnostics.error("no model is given");
    else
      diagnostics.error("one model at a time: '" + inputs[0] + "' or '" + inputs[1] + "'?");
    diagnostics.help("usage: " + page.command + " " + page.usage);
    return std::nullopt;
  }
  options.path = inputs.front().str();

  bool good = readTarget(arguments, options, diagnostics);
  if (std::optional<StringRef> level = arguments.get("O")) {
    std::optional<OptLevel> parsed = parseOptLevel(*level);
    if (!parsed) {
      diagnostics.error("'-O" + *level + "' is not one of -O0, -O1, -O2, -O3, -Os");
      good = false;
    }
    options.compile.optLevel = parsed.value_or(OptLevel::O2);
  }
  options.compile.rowStreaming = arguments.has("row-streaming");
  if (options.compile.rowStreaming && options.compile.optLevel == OptLevel::O0)
    diagnostics.warning("'--row-streaming' does nothing at -O0, which runs plain loops");
  good &= readThreads(arguments, options, diagnostics);
  for (StringRef text : arguments.getAll("shape")) {
    FailureOr<ShapeOverride> shape = parseShapeOverride(text);
    if (failed(shape)) {
      diagnostics.error("'--shape=" + text + "' does not have the form NAME:4x28x28");
      good = false;
      continue;
    }
    options.shapes.push_back(std::move(*shape));
  }
  for (StringRef text : arguments.getAll("custom")) {
    if (std::optional<CustomFunction> custom = parseCustomFunction(text)) {
      options.customFunctions.push_back(std::move(*custom));
      continue;
    }
    diagnostics.error("'--custom=" + text + "' does not have the form NAME=FUNCTION");
    good = false;
  }
  if (!good)
    return std::nullopt;
  return options;
}

std::optional<ModelCommand> tflc::parseModelCommand(const opt::OptTable &table,
                                                    ArrayRef<const char *> args,
                                                    const HelpPage &page, Diagnostics &diagnostics,
                                                    int &status) {
  std::optional<Arguments> arguments = parseArguments(table, args, page, diagnostics, status);
  if (!arguments)
    return std::nullopt;
  status = exitFault;
  std::optional<ModelOptions> options = readModelOptions(*arguments, page, diagnostics);
  if (!options)
    return std::nullopt;
  options->onWork = showOnTerminal;
  return ModelCommand{std::move(*arguments), std::move(*options)};
}
