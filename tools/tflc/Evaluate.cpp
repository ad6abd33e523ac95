//===- Evaluate.cpp - tflc evaluate ---------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataOptions.h"
#include "Subcommands.h"

#include "tflc/Compiler/Outcome.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Quantizer/Evaluate.h"

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
    "  tflc evaluate mnist.tflite --data=digits.npz --scale=1/255 --top=3 --confusion\n"};

namespace {
struct Row {
  std::string model;
  int64_t fileBytes;
  Evaluation evaluation;
};
} // namespace

static json::Object toJson(const Row &row) {
  json::Array confusion;
  for (const std::vector<int64_t> &counts : row.evaluation.confusion)
    confusion.push_back(json::Array(counts));
  return json::Object{{"model", row.model},
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

static void printConfusion(const Row &row) {
  outs() << "\n" << row.model << ": right class, then how often each was found\n";
  for (auto [right, counts] : llvm::enumerate(row.evaluation.confusion)) {
    outs() << formatv("{0,6}", right);
    for (int64_t count : counts)
      outs() << formatv(" {0,6}", count);
    outs() << "\n";
  }
}

static void printTable(ArrayRef<Row> rows, unsigned top) {
  outs() << formatv("accuracy % {0,8} {1,12} {2,10} {3,10} {4,10} {5,10}  model\n",
                    "top " + std::to_string(top), "file", "code", "constants", "arena",
                    "median us");
  for (const Row &row : rows)
    outs() << formatv("{0,10:F2} {1,8:F2} {2,12} {3,10} {4,10} {5,10} {6,10:F1}  {7}\n",
                      100 * row.evaluation.getAccuracy(), 100 * row.evaluation.getTopAccuracy(),
                      formatCount(row.fileBytes), formatCount(row.evaluation.codeBytes),
                      formatCount(row.evaluation.constantBytes),
                      formatCount(row.evaluation.arenaBytes), row.evaluation.medianMicroseconds,
                      row.model);
}

/// One model on all data; without a value what is wrong has been reported.
static std::optional<Row> evaluate(StringRef path, const Arguments &arguments,
                                   const EvaluateOptions &options, Diagnostics &diagnostics) {
  std::unique_ptr<ModelSession> session = openNativeModel(path, diagnostics);
  if (!session)
    return std::nullopt;
  mlir::OwningOpRef<mlir::ModuleOp> module = session->import(/*dynamic=*/true);
  if (!module)
    return std::nullopt;
  std::unique_ptr<SampleSource> samples =
      openData(arguments, arguments.getAll("data"), getModelInfo(*module), diagnostics);
  if (!samples)
    return std::nullopt;
  auto work = session->showWork("evaluating");
  Expected<Evaluation> evaluation = evaluateModel(*module, *samples, options);
  if (!evaluation) {
    diagnostics.check(evaluation.takeError());
    return std::nullopt;
  }
  return Row{path.str(), session->getFileSize(), std::move(*evaluation)};
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
  std::vector<Row> rows;
  for (StringRef model : models) {
    std::optional<Row> row = evaluate(model, *arguments, options, diagnostics);
    if (!row)
      return exitFault;
    rows.push_back(std::move(*row));
  }
  if (arguments->has("json")) {
    json::Array list;
    for (const Row &row : rows)
      list.push_back(toJson(row));
    outs() << formatv("{0:2}\n", json::Value(json::Object{{"models", std::move(list)}}));
    return exitDone;
  }
  printTable(rows, options.top);
  if (arguments->has("confusion"))
    for (const Row &row : rows)
      printConfusion(row);
  return exitDone;
}
