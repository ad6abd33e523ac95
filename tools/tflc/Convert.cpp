//===- Convert.cpp - tflc convert -----------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Subcommands.h"

#include "tflc/Compiler/Converter.h"
#include "tflc/Compiler/Outcome.h"
#include "tflc/Support/OutputFiles.h"

#include "llvm/ADT/StringSwitch.h"

#define TFLC_OPTION_TABLE "ConvertOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc convert", "SOURCE -o FILE.tflite [options]",
    "Converts a SavedModel, a .keras or a Keras .h5 file to a .tflite file. TensorFlow "
    "need\n"
    "not be installed. The other subcommands take such a source as well.",
    "  tflc convert saved_model -o model.tflite\n"
    "  tflc convert model.keras -o model.tflite --shape=image:1x28x28\n"
    "  tflc convert saved_model -o model8.tflite --quantize=int8 --calibrate=digits.npz\n"
    "  tflc convert saved_model --stop-after=simplify\n"};

static bool readPhase(const Arguments &arguments, ConvertOptions &options,
                      Diagnostics &diagnostics) {
  std::optional<StringRef> name = arguments.get("stop-after");
  if (!name)
    return true;
  options.stopAfter = parseConvertPhase(*name);
  if (options.stopAfter)
    return true;
  diagnostics.error("there is no phase '" + *name + "'");
  std::string known;
  for (const ConvertPhaseInfo &info : getConvertPhases())
    known += (known.empty() ? "" : ", ") + info.name.str();
  diagnostics.help("the phases are " + known);
  return false;
}

/// Reads --shape, --signature and --custom.
static bool readSelection(const Arguments &arguments, ConvertOptions &options,
                          Diagnostics &diagnostics) {
  for (StringRef text : arguments.getAll("shape")) {
    FailureOr<ShapeOverride> shape = parseShapeOverride(text);
    if (failed(shape)) {
      diagnostics.error("'--shape=" + text + "' is not of the form NAME:4x28x28");
      return false;
    }
    options.shapes.push_back(*shape);
  }
  for (StringRef key : arguments.getAll("signature"))
    options.signatures.push_back(key.str());
  for (StringRef name : arguments.getAll("custom"))
    options.customOperators.push_back(name.str());
  return true;
}

/// The number that conversion metadata has for a mode of `tflc quantize`.
static std::optional<int32_t> getOptimizationMode(StringRef mode) {
  return StringSwitch<std::optional<int32_t>>(mode)
      .Case("float16", 1001)
      .Case("dynamic-range", 1002)
      .Case("int8", 1003)
      .Case("int16x8", 1004)
      .Default(std::nullopt);
}

/// Converts, and leaves the result to `tflc quantize`.
static int quantize(const Arguments &arguments, const Source &source, ConvertOptions options,
                    Diagnostics &diagnostics) {
  StringRef mode = arguments.get("quantize").value_or("");
  if (options.stopAfter) {
    diagnostics.error("'--stop-after' and --quantize exclude each other");
    diagnostics.help("the phases are those of the conversion");
    return exitFault;
  }
  if (std::optional<int32_t> number = getOptimizationMode(mode))
    options.optimizationModes.push_back(*number);
  FailureOr<std::string> converted = convertSource(source, options, diagnostics);
  if (failed(converted))
    return exitFault;
  std::vector<std::string> words = {source.path, "--mode=" + mode.str()};
  if (std::optional<StringRef> output = arguments.get("o"))
    words.push_back("-o" + output->str());
  for (StringRef data : arguments.getAll("calibrate"))
    words.push_back("--calibrate=" + data.str());
  std::vector<const char *> pointers;
  for (const std::string &word : words)
    pointers.push_back(word.c_str());
  return quantizeContents(std::move(*converted), pointers, diagnostics);
}

int tflc::convertMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<Arguments> arguments =
      parseArguments(subcommandOptions(), args, page, diagnostics, status);
  if (!arguments)
    return status;
  std::vector<StringRef> inputs = arguments->getInputs();
  ConvertOptions options;
  if (inputs.size() != 1) {
    diagnostics.error(inputs.empty() ? "no source is given" : "one source at a time");
    diagnostics.help("usage: " + page.command + " " + page.usage);
    return exitFault;
  }
  if (!readPhase(*arguments, options, diagnostics) ||
      !readSelection(*arguments, options, diagnostics))
    return exitFault;
  std::optional<StringRef> output = arguments->get("o");
  if (!output && !options.stopAfter) {
    diagnostics.error("no output file is given");
    diagnostics.help("-o FILE.tflite names one");
    return exitFault;
  }
  Expected<Source> source = Source::open(inputs.front());
  if (!source) {
    diagnostics.check(source.takeError());
    return exitFault;
  }
  if (arguments->get("quantize"))
    return quantize(*arguments, *source, std::move(options), diagnostics);
  FailureOr<std::string> converted = convertSource(*source, options, diagnostics);
  if (failed(converted))
    return exitFault;
  if (options.stopAfter) {
    outs() << *converted;
    return exitDone;
  }
  return diagnostics.check(writeFile(*output, *converted)) ? exitFault : exitDone;
}
