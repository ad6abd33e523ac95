//===- FormMeasurer.cpp - how good and how dear a form is -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FormMeasurer.h"

#include "DataOptions.h"

#include "TFL/Transforms/WeightPasses.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Pipelines/OperatorCost.h"

using namespace llvm;
using namespace tflc;

std::unique_ptr<ModelSession> FormMeasurer::openFile(std::string file, Diagnostics &diagnostics) {
  SessionOptions candidate = model;
  candidate.onWork = nullptr;
  return ModelSession::create(std::move(file), candidate, diagnostics);
}

std::unique_ptr<SampleSource> FormMeasurer::openSamples(mlir::ModuleOp module) {
  Diagnostics &diagnostics = session.getDiagnostics();
  std::vector<StringRef> paths = arguments.getAll("data");
  if (paths.empty())
    paths = arguments.getAll("calibrate");
  if (paths.empty()) {
    diagnostics.error("there are no data to measure with");
    diagnostics.help("--data=DATA.npz, with an array for each input");
    return nullptr;
  }
  return openData(arguments, paths, getModelInfo(module), diagnostics);
}

mlir::ModuleOp FormMeasurer::getFloatModule() {
  if (!floatModule)
    floatModule = session.import(/*dynamic=*/true);
  return *floatModule;
}

std::optional<Comparison> FormMeasurer::compare(mlir::ModuleOp module) {
  mlir::ModuleOp wanted = getFloatModule();
  std::unique_ptr<SampleSource> samples = wanted ? openSamples(wanted) : nullptr;
  if (!samples)
    return std::nullopt;
  Expected<Comparison> comparison = compareModels(wanted, module, *samples);
  if (comparison)
    return std::move(*comparison);
  session.getDiagnostics().check(comparison.takeError());
  return std::nullopt;
}

std::optional<EvaluatedModel> FormMeasurer::evaluate(ModelSession &candidate, mlir::ModuleOp module,
                                                     bool labelled) {
  std::unique_ptr<SampleSource> samples = openSamples(module);
  if (!samples)
    return std::nullopt;
  EvaluateOptions evaluateOptions;
  evaluateOptions.labelled = labelled;
  Expected<Evaluation> evaluation = evaluateModel(module, *samples, evaluateOptions);
  if (!evaluation) {
    session.getDiagnostics().check(evaluation.takeError());
    return std::nullopt;
  }
  return EvaluatedModel{session.getPath(), candidate.getFileSize(), std::move(*evaluation)};
}

/// The cycles that the compiler expects of contractions; of all else one for each byte read or
/// written.
static double estimateCycles(ArrayRef<StepInfo> steps) {
  double cycles = 0;
  for (const StepInfo &step : steps)
    cycles += step.cycles ? step.cycles : step.bytesRead + step.bytesWritten;
  return cycles;
}

std::optional<Measurement> FormMeasurer::measure(ModelSession &candidate, mlir::ModuleOp module) {
  bool byAccuracy = options.metric == SearchMetric::Accuracy;
  std::optional<EvaluatedModel> evaluated = evaluate(candidate, module, byAccuracy);
  if (!evaluated)
    return std::nullopt;
  const Evaluation &evaluation = evaluated->evaluation;
  Measurement measured;
  measured.time = evaluation.medianMicroseconds;
  measured.bytes = evaluation.codeBytes + evaluation.constantBytes;
  measured.arenaBytes = evaluation.arenaBytes;
  if (byAccuracy) {
    measured.quality = evaluation.getAccuracy();
  } else {
    std::optional<Comparison> comparison = compare(module);
    if (!comparison)
      return std::nullopt;
    measured.quality = getWorstSqnr(*comparison);
  }
  if (model.isNative)
    return measured;
  return measureOnTarget(candidate, measured);
}

/// Another machine has other code, for the shapes that the file says.
std::optional<Measurement> FormMeasurer::measureOnTarget(ModelSession &candidate,
                                                         Measurement measured) {
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate.import();
  if (!module)
    return std::nullopt;
  mlir::OwningOpRef<mlir::ModuleOp> again = module->clone();
  CompileOptions &compileOptions = candidate.getCompileOptions();
  CompileResult result, described;
  if (candidate.compile(*module, result))
    return std::nullopt;
  compileOptions.profile = true;
  compileOptions.stopAfter = Phase::Bufferize;
  int status = candidate.compile(*again, described);
  compileOptions.profile = false;
  compileOptions.stopAfter = std::nullopt;
  if (status)
    return std::nullopt;
  measured.time = estimateCycles(described.steps);
  measured.bytes = result.statistics.codeBytes + result.statistics.constantBytes;
  measured.arenaBytes = result.statistics.arenaBytes;
  return measured;
}

std::optional<Measurement> FormMeasurer::measureFloat() {
  mlir::OwningOpRef<mlir::ModuleOp> module = session.import(/*dynamic=*/true);
  return module ? measure(session, *module) : std::nullopt;
}

std::optional<Measurement> FormMeasurer::measure(const Recipe &recipe) {
  std::optional<std::string> file = quantizer.quantize(recipe);
  if (!file)
    return std::nullopt;
  // A form that the machine cannot run is none.
  Diagnostics ignored;
  std::unique_ptr<ModelSession> candidate = openFile(std::move(*file), ignored);
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate->import(/*dynamic=*/true);
  return module ? measure(*candidate, *module) : std::nullopt;
}

std::vector<NoisyOperator> FormMeasurer::rank(const Recipe &recipe) {
  std::optional<std::string> file = quantizer.quantize(recipe);
  if (!file)
    return {};
  std::unique_ptr<ModelSession> candidate = openFile(std::move(*file), session.getDiagnostics());
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate->import(/*dynamic=*/true);
  std::optional<Comparison> comparison = module ? compare(*module) : std::nullopt;
  return comparison ? rankByNoise(getFloatModule(), *comparison) : std::vector<NoisyOperator>();
}

bool FormMeasurer::takesBlocks() {
  constexpr unsigned blockSize = 32;
  mlir::ModuleOp module = getFloatModule();
  return module && module
                       .walk([](mlir::Operation *op) {
                         return tfl::takesBlocks(op, blockSize) ? mlir::WalkResult::interrupt()
                                                                : mlir::WalkResult::advance();
                       })
                       .wasInterrupted();
}

std::optional<QuantizationReport> FormMeasurer::report(const Recipe &recipe,
                                                       const std::string &file) {
  std::unique_ptr<ModelSession> candidate = openFile(file, session.getDiagnostics());
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate->import(/*dynamic=*/true);
  mlir::ModuleOp wanted = getFloatModule();
  if (!module || !wanted)
    return std::nullopt;
  auto before = evaluate(session, wanted, /*labelled=*/false);
  auto after = evaluate(*candidate, *module, /*labelled=*/false);
  auto comparison = compare(*module);
  if (!before || !after || !comparison)
    return std::nullopt;
  QuantizationReport result{
      std::move(*before), std::move(*after), std::move(*comparison), {}, {}, {}, {}, {}};
  result.typesBefore = countTypes(getOperatorCosts(wanted));
  result.typesAfter = countTypes(getOperatorCosts(*module));
  if (!needsCalibration(recipe.quantize.mode))
    return result;
  double sqnr = getWorstSqnr(result.comparison);
  // Some operators make most of the noise.
  constexpr size_t mostAdvice = 3;
  std::vector<NoisyOperator> noisy = rankByNoise(wanted, result.comparison);
  for (const NoisyOperator &op : ArrayRef(noisy).take_front(mostAdvice)) {
    Recipe mixed = recipe;
    mixed.quantize.allowFloat = true;
    mixed.quantize.keepFloat.push_back(makeExpression(op.tensorName));
    std::optional<std::string> other = quantizer.quantize(mixed);
    std::unique_ptr<ModelSession> opened =
        other ? openFile(std::move(*other), session.getDiagnostics()) : nullptr;
    mlir::OwningOpRef<mlir::ModuleOp> inner;
    if (opened)
      inner = opened->import(/*dynamic=*/true);
    auto figures = inner ? evaluate(*opened, *inner, /*labelled=*/false) : std::nullopt;
    auto errors = inner ? compare(*inner) : std::nullopt;
    if (!figures || !errors)
      return std::nullopt;
    double time = result.after.evaluation.medianMicroseconds;
    result.advice.push_back({op.operatorName, op.tensorName, getWorstSqnr(*errors) - sqnr,
                             figures->evaluation.medianMicroseconds / time - 1});
  }
  return result;
}
