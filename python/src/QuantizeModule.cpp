//===- QuantizeModule.cpp - quantizing and judging models -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Findings.h"
#include "Module.h"
#include "Samples.h"

#include "tflc/Compiler/ModelSession.h"
#include "tflc/Import/Export.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Quantizer/Calibrate.h"
#include "tflc/Quantizer/Compare.h"
#include "tflc/Quantizer/ComparisonPage.h"
#include "tflc/Quantizer/Evaluate.h"
#include "tflc/Quantizer/Recipe.h"

#include "llvm/Support/FormatVariadic.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace tflc;
using namespace tflc::python;

namespace {
/// A model that is open for reading, and its module.
struct OpenModel {
  std::unique_ptr<ModelSession> session;
  mlir::OwningOpRef<mlir::ModuleOp> module;

  /// Null members after a report.
  OpenModel(llvm::StringRef contents, const std::string &path, Diagnostics &diagnostics,
            bool allowUnsupported = false) {
    SessionOptions options;
    options.path = path;
    options.compile.target = detectNativeTarget();
    session = ModelSession::create(contents.str(), options, diagnostics);
    if (session)
      module = session->import(/*dynamic=*/true, {}, allowUnsupported);
  }
};
} // namespace

/// Reads a recipe; nothing after a report.
static std::optional<Recipe> readRecipe(llvm::StringRef text, Diagnostics &diagnostics) {
  llvm::Expected<Recipe> recipe = parseRecipe(text);
  if (!recipe) {
    diagnostics.check(recipe.takeError());
    return std::nullopt;
  }
  if (diagnostics.check(checkOptions(recipe->quantize)))
    return std::nullopt;
  return std::move(*recipe);
}

static bool prepare(OpenModel &model, const Recipe &recipe) {
  return model.module && succeeded(checkFloatModel(*model.module)) &&
         succeeded(prepareModel(*model.module, recipe.quantize));
}

static std::optional<std::string> observe(llvm::StringRef contents, const std::string &path,
                                          const std::string &text, PythonSamples &samples,
                                          Diagnostics &diagnostics) {
  diagnostics.setFile(path);
  std::optional<Recipe> recipe = readRecipe(text, diagnostics);
  if (!recipe)
    return std::nullopt;
  OpenModel model(contents, path, diagnostics);
  if (!prepare(model, *recipe))
    return std::nullopt;
  CalibrateOptions options;
  options.range = recipe->range;
  std::unique_ptr<SampleSource> source = samples.open(getModelInfo(*model.module));
  llvm::Expected<Calibration> calibration = observeModel(*model.module, *source, options);
  if (!calibration) {
    diagnostics.check(calibration.takeError());
    return std::nullopt;
  }
  return llvm::formatv("{0}", llvm::json::Value(tflc::toJSON(*calibration))).str();
}

static nb::tuple calibrate(const nb::bytes &contents, const std::string &path,
                           const std::string &recipe, nb::object samples) {
  Diagnostics diagnostics;
  PythonSamples source(std::move(samples));
  std::optional<std::string> text;
  {
    nb::gil_scoped_release release;
    text = observe(toStringRef(contents), path, recipe, source, diagnostics);
  }
  source.raise();
  return answer(std::move(text), diagnostics);
}

static nb::tuple mergeCalibrations(const std::vector<std::string> &texts) {
  Diagnostics diagnostics;
  std::optional<Calibration> merged;
  for (const std::string &text : texts) {
    llvm::Expected<Calibration> part = parseCalibration(text);
    if (!part) {
      diagnostics.check(part.takeError());
      return answer(std::optional<std::string>(), diagnostics);
    }
    if (!merged)
      merged = std::move(*part);
    else if (diagnostics.check(merged->merge(*part)))
      return answer(std::optional<std::string>(), diagnostics);
  }
  std::optional<std::string> text;
  if (merged)
    text = llvm::formatv("{0}", llvm::json::Value(tflc::toJSON(*merged))).str();
  return answer(std::move(text), diagnostics);
}

static bool takeRanges(mlir::ModuleOp module, const Recipe &recipe, llvm::StringRef text,
                       Diagnostics &diagnostics) {
  llvm::Expected<Calibration> calibration = parseCalibration(text);
  if (!calibration)
    return !diagnostics.check(calibration.takeError());
  unsigned bits = recipe.quantize.mode == tfl::QuantizationMode::Int16x8 ? 16 : 8;
  llvm::Expected<CalibrationSummary> summary = noteRanges(module, *calibration, bits);
  if (!summary)
    return !diagnostics.check(summary.takeError());
  for (const std::string &name : summary->constantTensors)
    diagnostics.warning("the tensor \"" + name + "\" had one value in all samples");
  return true;
}

static std::optional<std::string> quantizeModel(llvm::StringRef contents, const std::string &path,
                                                const std::string &text,
                                                const std::string &calibration,
                                                Diagnostics &diagnostics) {
  diagnostics.setFile(path);
  std::optional<Recipe> recipe = readRecipe(text, diagnostics);
  if (!recipe)
    return std::nullopt;
  // Weights can be stored otherwise in a model that tflc cannot compile.
  bool calibrates = needsCalibration(recipe->quantize.mode);
  OpenModel model(contents, path, diagnostics, /*allowUnsupported=*/!calibrates);
  if (!prepare(model, *recipe) ||
      (calibrates && !takeRanges(*model.module, *recipe, calibration, diagnostics)) ||
      failed(tflc::quantizeModel(*model.module, recipe->quantize)))
    return std::nullopt;
  auto file = exportModel(*model.module);
  return succeeded(file) ? std::optional<std::string>(std::move(*file)) : std::nullopt;
}

static nb::tuple quantize(const nb::bytes &contents, const std::string &path,
                          const std::string &recipe, const std::string &calibration) {
  Diagnostics diagnostics;
  std::optional<std::string> file;
  {
    nb::gil_scoped_release release;
    file = quantizeModel(toStringRef(contents), path, recipe, calibration, diagnostics);
  }
  return answerBytes(file, diagnostics);
}

static nb::dict toDict(const Evaluation &evaluation) {
  nb::dict dict;
  dict["samples"] = evaluation.numSamples;
  dict["right"] = evaluation.numRight;
  dict["in_top"] = evaluation.numInTop;
  dict["confusion"] = nb::cast(evaluation.confusion);
  dict["median_us"] = evaluation.medianMicroseconds;
  dict["code_bytes"] = evaluation.codeBytes;
  dict["constant_bytes"] = evaluation.constantBytes;
  dict["arena_bytes"] = evaluation.arenaBytes;
  return dict;
}

static nb::tuple evaluate(const nb::bytes &contents, const std::string &path, nb::object samples,
                          unsigned top) {
  Diagnostics diagnostics;
  PythonSamples source(std::move(samples));
  std::optional<Evaluation> evaluation;
  {
    nb::gil_scoped_release release;
    OpenModel model(toStringRef(contents), path, diagnostics);
    if (model.module) {
      EvaluateOptions options;
      options.top = top;
      std::unique_ptr<SampleSource> opened = source.open(getModelInfo(*model.module));
      auto result = evaluateModel(*model.module, *opened, options);
      if (result)
        evaluation = std::move(*result);
      else
        diagnostics.check(result.takeError());
    }
  }
  source.raise();
  std::optional<nb::dict> dict;
  if (evaluation)
    dict = toDict(*evaluation);
  return answer(std::move(dict), diagnostics);
}

static nb::list toList(llvm::ArrayRef<TensorDifference> tensors) {
  nb::list list;
  for (const TensorDifference &tensor : tensors) {
    nb::dict dict;
    dict["name"] = tensor.name;
    dict["operator"] = tensor.operatorName;
    dict["type"] = tensor.type;
    dict["sqnr_db"] = tensor.difference.getSqnr();
    dict["cosine"] = tensor.difference.getCosine();
    dict["max_abs"] = tensor.difference.getLargest();
    dict["mean_abs"] = tensor.difference.getMean();
    dict["elements"] = tensor.difference.getCount();
    list.append(dict);
  }
  return list;
}

static nb::tuple compare(const nb::bytes &wanted, const std::string &wantedPath,
                         const nb::bytes &found, const std::string &foundPath, nb::object samples) {
  Diagnostics diagnostics;
  PythonSamples source(std::move(samples));
  std::optional<Comparison> comparison;
  {
    nb::gil_scoped_release release;
    OpenModel first(toStringRef(wanted), wantedPath, diagnostics);
    OpenModel second(toStringRef(found), foundPath, diagnostics);
    if (first.module && second.module) {
      std::unique_ptr<SampleSource> opened = source.open(getModelInfo(*first.module));
      auto result = compareModels(*first.module, *second.module, *opened);
      if (result)
        comparison = std::move(*result);
      else
        diagnostics.check(result.takeError());
    }
  }
  source.raise();
  std::optional<nb::dict> dict;
  if (comparison) {
    dict = nb::dict();
    (*dict)["samples"] = comparison->numSamples;
    (*dict)["outputs"] = toList(comparison->outputs);
    (*dict)["tensors"] = toList(comparison->tensors);
    (*dict)["html"] = makeComparisonPage(*comparison, wantedPath, foundPath);
  }
  return answer(std::move(dict), diagnostics);
}

void tflc::python::addQuantize(nb::module_ &module) {
  module.def("calibrate", &calibrate, nb::arg("contents"), nb::arg("path"), nb::arg("recipe"),
             nb::arg("samples"), "What samples show of a model, as JSON; `recipe` is JSON, too.");
  module.def("merge_calibrations", &mergeCalibrations, nb::arg("texts"),
             "One calibration of the parts.");
  module.def("quantize", &quantize, nb::arg("contents"), nb::arg("path"), nb::arg("recipe"),
             nb::arg("calibration") = "", "The bytes of the quantized .tflite file.");
  module.def("evaluate", &evaluate, nb::arg("contents"), nb::arg("path"), nb::arg("samples"),
             nb::arg("top") = 5, "The counts of a classifier on samples with labels.");
  module.def("compare", &compare, nb::arg("wanted"), nb::arg("wanted_path"), nb::arg("found"),
             nb::arg("found_path"), nb::arg("samples"),
             "How far the tensors of the second model are off.");
}
