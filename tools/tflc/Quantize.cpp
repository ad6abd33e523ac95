//===- Quantize.cpp - tflc quantize ---------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataOptions.h"
#include "ModelOptions.h"
#include "Progress.h"
#include "Subcommands.h"

#include "tflc/Compiler/ModelSession.h"
#include "tflc/Import/Export.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Quantizer/Calibrate.h"
#include "tflc/Quantizer/Recipe.h"
#include "tflc/Support/OutputFiles.h"

#include "llvm/Support/FormatVariadic.h"

#define TFLC_OPTION_TABLE "QuantizeOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;
using tflc::tfl::InterfaceType;
using tflc::tfl::QuantizationMode;

static constexpr HelpPage page = {
    "tflc quantize", "MODEL -o FILE --mode=MODE [--calibrate=DATA ...] [options]",
    "Quantizes a float model: half-precision or int8 weights, or int8 or int16 all through. The\n"
    "file runs in LiteRT with the results that tflc computes.",
    "  tflc quantize mnist.tflite -o mnist16.tflite --mode=float16\n"
    "  tflc quantize mnist.tflite -o mnist8.tflite --mode=int8 --calibrate=digits.npz\n"
    "  tflc quantize mnist.tflite -o mnist8.tflite --mode=int8 --io=int8 --calibrate=digits.npz\n"};

static bool readMode(const Arguments &arguments, QuantizeOptions &options,
                     Diagnostics &diagnostics) {
  StringRef mode = arguments.get("mode").value_or("");
  std::optional<StringRef> io = arguments.get("io");
  if (mode == "int8-io") {
    mode = "int8";
    io = "int8";
  }
  std::optional<QuantizationMode> parsed = tfl::parseQuantizationMode(mode);
  if (!parsed) {
    diagnostics.error(mode.empty() ? Twine("no mode is given") : "there is no mode '" + mode + "'");
    diagnostics.help("--mode is one of float16, dynamic-range, int8, int8-io, int16x8");
    return false;
  }
  options.mode = *parsed;
  std::optional<InterfaceType> interface = parseInterface(io.value_or("float"));
  if (!interface) {
    diagnostics.error("'--io=" + *io + "' is none of float, int8, uint8, int16");
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

/// The recipe of the file that --recipe names; without one, of the other options.
static std::optional<Recipe> readRecipe(const Arguments &arguments, Diagnostics &diagnostics) {
  if (std::optional<StringRef> path = arguments.get("recipe")) {
    for (StringRef name : {"mode", "io", "range", "keep-float"})
      if (arguments.get(name)) {
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
  Recipe recipe;
  recipe.quantize.allowFloat = arguments.has("allow-float");
  recipe.quantize.clipWeights = arguments.has("clip-weights");
  for (StringRef text : arguments.getAll("keep-float"))
    recipe.quantize.keepFloat.push_back(text.str());
  if (!readMode(arguments, recipe.quantize, diagnostics) ||
      !readRange(arguments, recipe.range, diagnostics) ||
      diagnostics.check(checkOptions(recipe.quantize)))
    return std::nullopt;
  return recipe;
}

/// Runs the model on the data that the user gives.
static int calibrate(ModelSession &session, mlir::ModuleOp module, const Arguments &arguments,
                     const Recipe &recipe) {
  Diagnostics &diagnostics = session.getDiagnostics();
  ModelInfo info = getModelInfo(module);
  std::vector<StringRef> paths = arguments.getAll("calibrate");
  if (paths.empty()) {
    diagnostics.error("this mode needs data to calibrate with");
    diagnostics.help("--calibrate=DATA.npz, with an array for each input");
    return exitFault;
  }
  CalibrateOptions calibration;
  calibration.range = recipe.range;
  calibration.bits = recipe.quantize.mode == QuantizationMode::Int16x8 ? 16 : 8;
  std::unique_ptr<SampleSource> samples = openData(arguments, paths, info, diagnostics);
  if (!samples)
    return exitFault;
  auto work = session.showWork("calibrating");
  Expected<CalibrationSummary> summary = calibrateModel(module, *samples, calibration);
  if (!summary) {
    diagnostics.check(summary.takeError());
    return exitFault;
  }
  for (const std::string &name : summary->constantTensors)
    diagnostics.warning("the tensor \"" + name + "\" had one value in all samples");
  return exitDone;
}

int tflc::quantizeMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<Arguments> arguments =
      parseArguments(subcommandOptions(), args, page, diagnostics, status);
  if (!arguments)
    return status;
  std::optional<StringRef> output = arguments->get("o");
  std::optional<ModelOptions> model = readModelOptions(*arguments, page, diagnostics);
  if (!model)
    return exitFault;
  if (!output) {
    diagnostics.error("no file to write is given");
    diagnostics.help("usage: " + page.command + " " + page.usage);
    return exitFault;
  }
  std::optional<Recipe> recipe = readRecipe(*arguments, diagnostics);
  if (!recipe)
    return exitFault;
  const QuantizeOptions &options = recipe->quantize;

  model->onWork = showOnTerminal;
  std::unique_ptr<ModelSession> session = ModelSession::open(*model, diagnostics);
  if (!session)
    return exitFault;
  // Weights can be stored otherwise in a model that tflc cannot compile.
  bool calibrates = needsCalibration(options.mode);
  mlir::OwningOpRef<mlir::ModuleOp> module =
      session->import(/*dynamic=*/true, {}, /*allowUnsupported=*/!calibrates);
  if (!module || failed(checkFloatModel(*module)) || failed(prepareModel(*module, options)))
    return exitFault;
  if (calibrates)
    if (int failure = calibrate(*session, *module, *arguments, *recipe))
      return failure;
  if (failed(quantizeModel(*module, options)))
    return diagnostics.getNumErrors() ? exitFault : exitDefect;
  FailureOr<std::string> file = exportModel(*module);
  if (failed(file))
    return exitFault;
  if (std::optional<StringRef> path = arguments->get("write-recipe"))
    if (diagnostics.check(writeFile(*path, writeRecipe(*recipe))))
      return exitFault;
  if (diagnostics.check(writeFile(*output, *file)))
    return exitFault;
  if (!arguments->has("q"))
    errs() << formatv("{0}: {1} bytes, from {2}\n", *output, formatCount(file->size()),
                      formatCount(session->getFileSize()));
  return exitDone;
}
