//===- Evaluate.cpp - tflc evaluate ---------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataOptions.h"
#include "ModelQuantizer.h"
#include "RecipeOptions.h"
#include "Subcommands.h"

#include "tflc/Compiler/Outcome.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Quantizer/EvaluationPage.h"
#include "tflc/Support/OutputFiles.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#define TFLC_OPTION_TABLE "EvaluateOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc evaluate", "MODEL... --data=DATA [options]",
    "Classifies data with labels by one model or several and prints accuracy, sizes and latency\n"
    "side by side.",
    "  tflc evaluate mnist.tflite mnist8.tflite --data=digits.npz --scale=1/255\n"
    "  tflc evaluate mnist.tflite --quantize=float16 --quantize=int8 --calibrate=calib.npz\n"
    "    --data=digits.npz --scale=1/255 --html=forms.html\n"
    "  tflc evaluate mnist.tflite --data=digits.npz --scale=1/255 --top=3 --confusion\n"};

static json::Object toJson(const EvaluatedModel &row) {
  json::Array confusion;
  for (const std::vector<int64_t> &counts : row.evaluation.confusion)
    confusion.push_back(json::Array(counts));
  return json::Object{{"model", row.name},
                      {"samples", row.evaluation.numSamples},
                      {"accuracy", row.evaluation.getAccuracy()},
                      {"top_accuracy", row.evaluation.getTopAccuracy()},
                      {"file_bytes", row.fileBytes},
                      {"code_bytes", row.evaluation.codeBytes},
                      {"constant_bytes", row.evaluation.constantBytes},
                      {"arena_bytes", row.evaluation.arenaBytes},
                      {"median_us", row.evaluation.medianMicroseconds},
                      {"confusion", std::move(confusion)}};
}

static void printConfusion(const EvaluatedModel &row) {
  outs() << "\n" << row.name << ": right class, then how often each was found\n";
  for (auto [right, counts] : llvm::enumerate(row.evaluation.confusion)) {
    outs() << formatv("{0,6}", right);
    for (int64_t count : counts)
      outs() << formatv(" {0,6}", count);
    outs() << "\n";
  }
}

static void printTable(ArrayRef<EvaluatedModel> rows, unsigned top) {
  outs() << formatv("accuracy % {0,8} {1,12} {2,10} {3,10} {4,10} {5,10}  model\n",
                    "top " + std::to_string(top), "file", "code", "constants", "arena",
                    "median us");
  for (const EvaluatedModel &row : rows)
    outs() << formatv("{0,10:F2} {1,8:F2} {2,12} {3,10} {4,10} {5,10} {6,10:F1}  {7}\n",
                      100 * row.evaluation.getAccuracy(), 100 * row.evaluation.getTopAccuracy(),
                      formatCount(row.fileBytes), formatCount(row.evaluation.codeBytes),
                      formatCount(row.evaluation.constantBytes),
                      formatCount(row.evaluation.arenaBytes), row.evaluation.medianMicroseconds,
                      row.name);
}

/// One model on all data; without a value what is wrong has been reported.
static std::optional<EvaluatedModel> evaluate(ModelSession &session, const Arguments &arguments,
                                              const EvaluateOptions &options) {
  Diagnostics &diagnostics = session.getDiagnostics();
  mlir::OwningOpRef<mlir::ModuleOp> module = session.import(/*dynamic=*/true);
  if (!module)
    return std::nullopt;
  std::unique_ptr<SampleSource> samples =
      openData(arguments, arguments.getAll("data"), getModelInfo(*module), diagnostics);
  if (!samples)
    return std::nullopt;
  auto work = session.showWork("evaluating");
  Expected<Evaluation> evaluation = evaluateModel(*module, *samples, options);
  if (!evaluation) {
    diagnostics.check(evaluation.takeError());
    return std::nullopt;
  }
  return EvaluatedModel{session.getPath(), session.getFileSize(), std::move(*evaluation)};
}

/// The model in each of the forms that --quantize asks for, as further rows. Returns an exit
/// status.
static int evaluateForms(StringRef path, const Arguments &arguments, const EvaluateOptions &options,
                         Diagnostics &diagnostics, std::vector<EvaluatedModel> &rows) {
  std::unique_ptr<ModelSession> session = openNativeModel(path, diagnostics);
  if (!session)
    return exitFault;
  ModelQuantizer quantizer(*session, arguments);
  std::vector<std::pair<std::string, Recipe>> forms;
  for (StringRef mode : arguments.getAll("quantize")) {
    std::optional<Recipe> recipe = readRecipeOfMode(arguments, "quantize", mode, diagnostics);
    if (!recipe)
      return exitFault;
    forms.emplace_back(mode.str(), *recipe);
  }
  if (std::optional<StringRef> file = arguments.get("recipe")) {
    std::optional<Recipe> recipe = readRecipe(arguments, "mode", diagnostics);
    if (!recipe)
      return exitFault;
    forms.emplace_back(file->str(), *recipe);
  }
  for (const auto &[name, recipe] : forms) {
    std::optional<std::string> file = quantizer.quantize(recipe);
    if (!file)
      return quantizer.getStatus();
    auto quantized = ModelSession::create(std::move(*file), getNativeOptions(path), diagnostics);
    std::optional<EvaluatedModel> row =
        quantized ? evaluate(*quantized, arguments, options) : std::nullopt;
    if (!row)
      return exitFault;
    row->name = (path + ", " + name).str();
    rows.push_back(std::move(*row));
  }
  return exitDone;
}

int tflc::evaluateMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<Arguments> arguments =
      parseArguments(subcommandOptions(), args, page, diagnostics, status);
  if (!arguments)
    return status;
  std::vector<StringRef> models = arguments->getInputs();
  if (models.empty() || arguments->getAll("data").empty()) {
    diagnostics.error(models.empty() ? "no model is given" : "no data are given");
    diagnostics.help("usage: " + page.command + " " + page.usage);
    return exitFault;
  }
  EvaluateOptions options;
  if (std::optional<StringRef> top = arguments->get("top"))
    if (top->getAsInteger(10, options.top) || options.top == 0) {
      diagnostics.error("'--top=" + *top + "' is no positive number");
      return exitFault;
    }
  std::vector<EvaluatedModel> rows;
  for (StringRef model : models) {
    std::unique_ptr<ModelSession> session = openNativeModel(model, diagnostics);
    std::optional<EvaluatedModel> row =
        session ? evaluate(*session, *arguments, options) : std::nullopt;
    if (!row)
      return exitFault;
    rows.push_back(std::move(*row));
  }
  if (int failure = evaluateForms(models.front(), *arguments, options, diagnostics, rows))
    return failure;
  if (std::optional<StringRef> path = arguments->get("html"))
    if (diagnostics.check(writeFile(*path, makeEvaluationPage(rows, options.top))))
      return exitFault;
  if (arguments->has("json")) {
    json::Array list;
    for (const EvaluatedModel &row : rows)
      list.push_back(toJson(row));
    outs() << formatv("{0:2}\n", json::Value(json::Object{{"models", std::move(list)}}));
    return exitDone;
  }
  printTable(rows, options.top);
  if (arguments->has("confusion"))
    for (const EvaluatedModel &row : rows)
      printConfusion(row);
  return exitDone;
}
