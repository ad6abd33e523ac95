//===- FormMeasurer.cpp - how good and how dear a form is -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FormMeasurer.h"

#include "DataOptions.h"

#include "TFL/Transforms/WeightPasses.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Support/ModelLocation.h"

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
                                                     const EvaluateOptions &how) {
  std::unique_ptr<SampleSource> samples = openSamples(module);
  if (!samples)
    return std::nullopt;
  Expected<Evaluation> evaluation = evaluateModel(module, *samples, how);
  if (!evaluation) {
    session.getDiagnostics().check(evaluation.takeError());
    return std::nullopt;
  }
  return EvaluatedModel{session.getPath(), candidate.getFileSize(), std::move(*evaluation)};
}

/// The cycles that the compiler expects of a contraction; of all else one for each byte read or
/// written.
static double estimateCycles(const StepInfo &step) {
  return double(step.cycles ? step.cycles : step.bytesRead + step.bytesWritten);
}

static double estimateCycles(ArrayRef<StepInfo> steps) {
  double cycles = 0;
  for (const StepInfo &step : steps)
    cycles += estimateCycles(step);
  return cycles;
}

namespace {
/// The differences of all outputs to those of the float model, or the latter themselves.
class OutputComparer {
public:
  explicit OutputComparer(std::vector<std::vector<float>> &wanted)
      : wanted(wanted), records(wanted.empty()) {}

  void add(StringRef signature, size_t output, std::vector<float> values) {
    if (records) {
      wanted.push_back(std::move(values));
      return;
    }
    Difference &difference = differences[{signature.str(), output}];
    if (next < wanted.size() && wanted[next].size() == values.size())
      difference.add(wanted[next], values);
    ++next;
  }

  double getWorstSqnr() const {
    Comparison comparison;
    for (const auto &[place, difference] : differences) {
      comparison.outputs.emplace_back();
      comparison.outputs.back().difference = difference;
    }
    return tflc::getWorstSqnr(comparison);
  }

private:
  std::vector<std::vector<float>> &wanted;
  bool records;
  size_t next = 0;
  std::map<std::pair<std::string, size_t>, Difference> differences;
};
} // namespace

std::optional<Measurement> FormMeasurer::measure(ModelSession &candidate, mlir::ModuleOp module) {
  OutputComparer outputs(floatOutputs);
  EvaluateOptions how;
  how.labelled = options.metric == SearchMetric::Accuracy;
  if (!how.labelled)
    how.onOutput = [&](StringRef signature, size_t output, std::vector<float> values) {
      outputs.add(signature, output, std::move(values));
    };
  std::optional<EvaluatedModel> evaluated = evaluate(candidate, module, how);
  if (!evaluated)
    return std::nullopt;
  const Evaluation &evaluation = evaluated->evaluation;
  Measurement measured;
  measured.quality = how.labelled ? evaluation.getAccuracy() : outputs.getWorstSqnr();
  measured.time = evaluation.medianMicroseconds;
  measured.bytes = evaluation.codeBytes + evaluation.constantBytes;
  measured.arenaBytes = evaluation.arenaBytes;
  if (model.isNative)
    return measured;
  return measureOnTarget(candidate, measured);
}

/// The steps of the code for the shapes that the file says, with what the compiler expects of them.
std::optional<std::vector<StepInfo>> FormMeasurer::describeSteps(ModelSession &candidate) {
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate.import();
  if (!module)
    return std::nullopt;
  CompileOptions &compileOptions = candidate.getCompileOptions();
  CompileResult described;
  compileOptions.profile = true;
  compileOptions.stopAfter = Phase::Bufferize;
  int status = candidate.compile(*module, described);
  compileOptions.profile = false;
  compileOptions.stopAfter = std::nullopt;
  return status ? std::nullopt : std::optional(std::move(described.steps));
}

/// Another machine has other code, for the shapes that the file says.
std::optional<Measurement> FormMeasurer::measureOnTarget(ModelSession &candidate,
                                                         Measurement measured) {
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate.import();
  if (!module)
    return std::nullopt;
  CompileResult result;
  if (candidate.compile(*module, result))
    return std::nullopt;
  std::optional<std::vector<StepInfo>> steps = describeSteps(candidate);
  if (!steps)
    return std::nullopt;
  measured.time = estimateCycles(*steps);
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

/// Operators of one step share its cycles.
static StringMap<double> shareCycles(ArrayRef<StepInfo> steps) {
  StringMap<double> costs;
  for (const StepInfo &step : steps)
    for (const StepOperator &op : step.operators)
      costs[op.tensor] += estimateCycles(step) / double(step.operators.size());
  return costs;
}

/// The bytes of the constants that operators read, or those of their results.
static StringMap<double> countBytes(mlir::ModuleOp module, SearchCost cost) {
  StringMap<double> costs;
  auto getBytes = [](mlir::Value value) {
    auto type = dyn_cast<mlir::RankedTensorType>(value.getType());
    if (!type || !type.hasStaticShape())
      return 0.0;
    TensorInfo info = getTensorInfo(type);
    return double(info.getNumBytes());
  };
  module.walk([&](mlir::Operation *op) {
    std::optional<OpLocation> place = getOpLocation(op->getLoc());
    if (!place || op->hasTrait<mlir::OpTrait::ConstantLike>())
      return;
    double &sum = costs[place->tensorName];
    if (cost == SearchCost::RAM)
      for (mlir::Value result : op->getResults())
        sum += getBytes(result);
    else
      for (mlir::Value operand : op->getOperands())
        if (mlir::Operation *producer = operand.getDefiningOp();
            producer && producer->hasTrait<mlir::OpTrait::ConstantLike>())
          sum += getBytes(operand);
  });
  return costs;
}

StringMap<double> FormMeasurer::estimateCosts(const std::optional<Recipe> &recipe) {
  std::unique_ptr<ModelSession> opened;
  // What cannot be estimated costs nothing more.
  Diagnostics ignored;
  if (recipe) {
    std::optional<std::string> file = quantizer.quantize(*recipe);
    if (!file)
      return {};
    opened = openFile(std::move(*file), ignored);
  }
  ModelSession &candidate = opened ? *opened : session;
  if (options.minimize == SearchCost::Time) {
    std::optional<std::vector<StepInfo>> steps = describeSteps(candidate);
    return steps ? shareCycles(*steps) : StringMap<double>();
  }
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate.import();
  return module ? countBytes(*module, options.minimize) : StringMap<double>();
}
