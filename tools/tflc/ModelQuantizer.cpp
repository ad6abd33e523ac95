//===- ModelQuantizer.cpp - a float model, quantized in any way -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelQuantizer.h"

#include "DataOptions.h"
#include "RecipeOptions.h"

#include "tflc/Compiler/Outcome.h"
#include "tflc/Import/Export.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Quantizer/Calibrate.h"

using namespace llvm;
using namespace tflc;
using tflc::tfl::QuantizationMode;

static CalibrateOptions getCalibrateOptions(const Recipe &recipe) {
  CalibrateOptions options;
  options.range = recipe.range;
  options.bits = recipe.quantize.mode == QuantizationMode::Int16x8 ? 16 : 8;
  if (hasSmallWeights(recipe.quantize))
    options.moments = InputMoments::Products;
  else if (recipe.quantize.correctBiases)
    options.moments = InputMoments::Means;
  return options;
}

/// Runs the model on the data that the user gives.
bool ModelQuantizer::calibrate(mlir::ModuleOp module, const Recipe &recipe) {
  Diagnostics &diagnostics = session.getDiagnostics();
  std::vector<StringRef> paths = arguments.getAll("calibrate");
  // What a model is compared or evaluated with will do.
  if (paths.empty())
    paths = arguments.getAll("data");
  if (paths.empty()) {
    diagnostics.error("this mode needs data to calibrate with");
    diagnostics.help("--calibrate=DATA.npz, with an array for each input");
    return false;
  }
  std::unique_ptr<SampleSource> samples =
      openData(arguments, paths, getModelInfo(module), diagnostics);
  if (!samples)
    return false;
  auto work = session.showWork("calibrating");
  Expected<CalibrationSummary> summary =
      calibrateModel(module, *samples, getCalibrateOptions(recipe));
  if (!summary) {
    diagnostics.check(summary.takeError());
    return false;
  }
  for (const std::string &name : summary->constantTensors)
    diagnostics.warning("the tensor \"" + name + "\" had one value in all samples");
  return true;
}

/// Whether a method asks for how many bits a range is chosen.
static bool looksAtWidth(const RangeOptions &range) {
  return range.method == RangeMethod::MSE || range.method == RangeMethod::Entropy;
}

/// All that calibration depends on where operators are the same.
static std::string describeCalibration(Recipe recipe) {
  QuantizeOptions &options = recipe.quantize;
  options.weightBits = hasSmallWeights(options) ? 4 : 8;
  options.keepFloat.clear();
  bool needsModes =
      looksAtWidth(recipe.range) || llvm::any_of(options.rules, [](const QuantizeRule &rule) {
        return rule.range && looksAtWidth(*rule.range);
      });
  llvm::erase_if(options.rules, [&](const QuantizeRule &rule) {
    return !rule.range && !(rule.mode && needsModes);
  });
  return writeRecipe(recipe);
}

/// The model with what calibration found out; null where something is wrong.
mlir::ModuleOp ModelQuantizer::prepare(const Recipe &recipe) {
  const QuantizeOptions &options = recipe.quantize;
  bool calibrates = needsCalibration(options.mode) || options.correctBiases ||
                    (takesData(options) && arguments.has("calibrate"));
  Recipe relevant;
  relevant.range = recipe.range;
  relevant.quantize.mode = options.mode;
  relevant.quantize.equalize = options.equalize;
  relevant.quantize.correctBiases = options.correctBiases;
  relevant.quantize.weightBits = options.weightBits;
  relevant.quantize.keepFloat = options.keepFloat;
  relevant.quantize.rules = options.rules;
  mlir::OwningOpRef<mlir::ModuleOp> &module = prepared[writeRecipe(relevant)];
  if (module)
    return *module;
  // Weights can be stored otherwise in a model that tflc cannot compile.
  mlir::OwningOpRef<mlir::ModuleOp> fresh =
      session.import(/*dynamic=*/true, {}, /*allowUnsupported=*/!calibrates);
  if (!fresh || failed(checkFloatModel(*fresh)))
    return {};
  for (const std::string &text : findIdleExpressions(*fresh, options))
    if (reportedExpressions.insert(text).second)
      session.getDiagnostics().warning("'" + text + "' matches no operator and no tensor");
  if (failed(prepareModel(*fresh, options)))
    return {};
  if (calibrates) {
    mlir::ModuleOp &known = calibrated[describeCalibration(relevant)];
    if ((!known || !copyCalibration(known, *fresh)) && !calibrate(*fresh, recipe))
      return {};
    if (!known)
      known = *fresh;
  }
  module = std::move(fresh);
  return *module;
}

std::optional<std::string> ModelQuantizer::quantize(const Recipe &recipe,
                                                    ArrayRef<std::string> more) {
  status = exitFault;
  mlir::ModuleOp module = prepare(recipe);
  if (!module)
    return std::nullopt;
  mlir::OwningOpRef<mlir::ModuleOp> clone = module.clone();
  keepInFloat(*clone, more);
  if (failed(quantizeModel(*clone, recipe.quantize))) {
    if (!session.getDiagnostics().getNumErrors())
      status = exitDefect;
    return std::nullopt;
  }
  FailureOr<std::string> file = exportModel(*clone);
  if (failed(file))
    return std::nullopt;
  status = exitDone;
  return std::move(*file);
}

std::unique_ptr<ModelSession> tflc::quantizeSession(std::unique_ptr<ModelSession> session,
                                                    const SessionOptions &options,
                                                    const Arguments &arguments, int &status) {
  if (!wantsQuantization(arguments, "quantize"))
    return session;
  Diagnostics &diagnostics = session->getDiagnostics();
  status = exitFault;
  std::optional<Recipe> recipe = readRecipe(arguments, "quantize", diagnostics);
  if (!recipe)
    return nullptr;
  ModelQuantizer quantizer(*session, arguments);
  std::optional<std::string> file = quantizer.quantize(*recipe);
  status = quantizer.getStatus();
  if (!file)
    return nullptr;
  return ModelSession::create(std::move(*file), options, diagnostics);
}
