//===- Quantize.cpp - tflc quantize ---------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FormMeasurer.h"
#include "Progress.h"
#include "RecipeOptions.h"
#include "Subcommands.h"

#include "tflc/Support/ModelInfo.h"
#include "tflc/Support/OutputFiles.h"

#include "llvm/Support/FormatVariadic.h"

#define TFLC_OPTION_TABLE "QuantizeOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc quantize", "MODEL -o FILE (--mode=MODE | --auto) [--calibrate=DATA ...] [options]",
    "Quantizes a float model: half-precision or int8 weights, or int8 or int16 all through. The\n"
    "file runs in LiteRT with the results that tflc computes.",
    "  tflc quantize mnist.tflite -o mnist16.tflite --mode=float16\n"
    "  tflc quantize mnist.tflite -o mnist8.tflite --mode=int8 --calibrate=digits.npz\n"
    "  tflc quantize mnist.tflite -o mnist8.tflite --mode=int8 --io=int8 --calibrate=digits.npz\n"
    "  tflc quantize mnist.tflite -o best.tflite --auto --metric=accuracy --max-drop=0.1%\n"
    "    --calibrate=digits.npz --data=labelled.npz --report=report.html\n"};

/// `contents` is null where the model is in the file that the arguments name.
static int quantize(std::string *contents, ArrayRef<const char *> args, Diagnostics &diagnostics) {
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
  bool searches = arguments->has("auto");
  if (searches && wantsQuantization(*arguments, "mode")) {
    diagnostics.error("--auto chooses the mode itself");
    return exitFault;
  }
  std::optional<Recipe> recipe;
  if (!searches) {
    recipe = readRecipe(*arguments, "mode", diagnostics);
    if (!recipe)
      return exitFault;
  }
  std::optional<SearchOptions> search = readSearchOptions(*arguments, *model, diagnostics);
  if (!search)
    return exitFault;
  model->onWork = showOnTerminal;
  std::unique_ptr<ModelSession> session =
      contents ? ModelSession::create(std::move(*contents), *model, diagnostics)
               : ModelSession::open(*model, diagnostics);
  if (!session)
    return exitFault;
  FormMeasurer measurer(*session, *model, *arguments, *search);
  SearchResult found;
  if (searches) {
    auto result = searchByOptions(measurer, *arguments, *search, diagnostics);
    if (!result)
      return exitFault;
    found = std::move(*result);
    recipe = found.points[found.best].recipe;
    if (!recipe) {
      diagnostics.error("no form is good enough and cheaper than the float model");
      return exitFault;
    }
  }
  ModelQuantizer &quantizer = measurer.getQuantizer();
  std::optional<std::string> file = quantizer.quantize(*recipe);
  if (!file)
    return quantizer.getStatus();
  if (std::optional<StringRef> path = arguments->get("report")) {
    std::optional<QuantizationReport> report = measurer.report(*recipe, *file);
    if (!report)
      return exitFault;
    report->search = std::move(found);
    report->searchOptions = *search;
    if (diagnostics.check(writeFile(*path, makeReportPage(*report))))
      return exitFault;
  }
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

int tflc::quantizeMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  return quantize(nullptr, args, diagnostics);
}

int tflc::quantizeContents(std::string contents, ArrayRef<const char *> args,
                           Diagnostics &diagnostics) {
  return quantize(&contents, args, diagnostics);
}
