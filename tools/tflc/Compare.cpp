//===- Compare.cpp - tflc compare -----------------------------------------===//
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
#include "tflc/Quantizer/Compare.h"
#include "tflc/Quantizer/ComparisonPage.h"
#include "tflc/Support/OutputFiles.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <cmath>

#define TFLC_OPTION_TABLE "CompareOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc compare", "WANTED (FOUND | --quantize=MODE) --data=DATA [options]",
    "Runs the same data through two models, a float one and what was made of it, and tells for\n"
    "every tensor that both have how far it is off, the worst first.",
    "  tflc compare mnist.tflite mnist8.tflite --data=digits.npz --scale=1/255\n"
    "  tflc compare mnist.tflite mnist8.tflite --data=digits.npz --html=errors.html\n"
    "  tflc compare mnist.tflite --quantize=int8 --data=digits.npz --scale=1/255\n"};

static json::Value toNumber(double value) {
  // JSON has no infinity.
  return std::isfinite(value) ? json::Value(value) : json::Value(nullptr);
}

static json::Object toJson(const TensorDifference &tensor) {
  return json::Object{{"name", tensor.name},
                      {"operator", tensor.operatorName},
                      {"type", tensor.type},
                      {"sqnr_db", toNumber(tensor.difference.getSqnr())},
                      {"cosine", tensor.difference.getCosine()},
                      {"max_abs", tensor.difference.getLargest()},
                      {"mean_abs", tensor.difference.getMean()},
                      {"elements", tensor.difference.getCount()}};
}

static void printJson(const Comparison &comparison) {
  json::Array outputs, tensors;
  for (const TensorDifference &output : comparison.outputs)
    outputs.push_back(toJson(output));
  for (const TensorDifference &tensor : comparison.tensors)
    tensors.push_back(toJson(tensor));
  outs() << formatv("{0:2}\n", json::Value(json::Object{{"samples", comparison.numSamples},
                                                        {"outputs", std::move(outputs)},
                                                        {"tensors", std::move(tensors)}}));
}

static void printLine(const TensorDifference &tensor, StringRef kind) {
  outs() << formatv("{0,8:F1} {1,9:F6} {2,11:E3} {3,11:E3}  {4,-8} {5,-20} {6}\n",
                    tensor.difference.getSqnr(), tensor.difference.getCosine(),
                    tensor.difference.getLargest(), tensor.difference.getMean(), tensor.type, kind,
                    makePrintable(tensor.name));
}

static void printTable(const Comparison &comparison) {
  outs() << formatv("{0} samples\n", formatCount(comparison.numSamples));
  outs() << " SQNR dB    cosine     largest        mean  type     operator             tensor\n";
  for (const TensorDifference &output : comparison.outputs)
    printLine(output, "(output)");
  for (const TensorDifference *tensor : sortWorstFirst(comparison.tensors))
    printLine(*tensor, tensor->operatorName.empty() ? "(input)" : StringRef(tensor->operatorName));
}

int tflc::compareMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<Arguments> arguments =
      parseArguments(subcommandOptions(), args, page, diagnostics, status);
  if (!arguments)
    return status;
  std::vector<StringRef> models = arguments->getInputs();
  std::vector<StringRef> data = arguments->getAll("data");
  bool quantizes = wantsQuantization(*arguments, "quantize");
  if (models.size() != (quantizes ? 1 : 2) || data.empty()) {
    diagnostics.error(data.empty() ? "no data are given"
                      : quantizes  ? "one model is quantized and compared with itself"
                                   : "two models are compared");
    diagnostics.help("usage: " + page.command + " " + page.usage);
    return exitFault;
  }
  // Both sessions live as long as their modules.
  std::unique_ptr<ModelSession> sessions[2];
  mlir::OwningOpRef<mlir::ModuleOp> modules[2];
  for (int i = 0; i < 2; ++i) {
    sessions[i] = openNativeModel(models[quantizes ? 0 : i], diagnostics);
    if (!sessions[i])
      return exitFault;
    if (quantizes && i == 1) {
      sessions[i] = quantizeSession(std::move(sessions[i]), getNativeOptions(models.front()),
                                    *arguments, status);
      if (!sessions[i])
        return status;
    }
    modules[i] = sessions[i]->import(/*dynamic=*/true);
    if (!modules[i])
      return exitFault;
  }
  std::unique_ptr<SampleSource> samples =
      openData(*arguments, data, getModelInfo(*modules[0]), diagnostics);
  if (!samples)
    return exitFault;
  Expected<Comparison> comparison = [&] {
    auto work = sessions[0]->showWork("comparing");
    return compareModels(*modules[0], *modules[1], *samples);
  }();
  if (!comparison) {
    diagnostics.check(comparison.takeError());
    return exitFault;
  }
  std::string foundName = quantizes ? "the same, quantized" : models.back().str();
  if (std::optional<StringRef> path = arguments->get("html"))
    if (diagnostics.check(
            writeFile(*path, makeComparisonPage(*comparison, models.front(), foundName))))
      return exitFault;
  if (arguments->has("json"))
    printJson(*comparison);
  else
    printTable(*comparison);
  return exitDone;
}
