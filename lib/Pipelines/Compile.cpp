//===- Compile.cpp - runs the phases over a model -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/Compile.h"

#include "tflc/CodeGen/CodeGen.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Schedule/MeasuredDims.h"
#include "tflc/Schedule/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

using namespace mlir;
using namespace tflc;

void tflc::registerCompileDialects(DialectRegistry &registry) {
  registerScheduleDialects(registry);
  registerTranslations(registry);
}

static double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

static LogicalResult runPhase(ModuleOp module, const PhaseInfo &info,
                              const CompileOptions &options) {
  PassManager manager(module.getContext());
  manager.enableVerifier(options.verifyEach);
  PhaseOptions phaseOptions;
  phaseOptions.optLevel = options.optLevel;
  phaseOptions.dynamic = options.dynamic;
  phaseOptions.profile = options.profile;
  phaseOptions.rowStreaming = options.rowStreaming;
  phaseOptions.threads = options.threads;
  buildPhase(manager, info.phase, phaseOptions);
  return manager.run(module);
}

static std::string printModule(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream);
  stream << '\n';
  return text;
}

static void readSteps(ModuleOp module, CompileResult &result) {
  if (auto steps = module->getAttrOfType<ArrayAttr>(kStepsAttrName))
    for (auto step : steps.getAsRange<DictionaryAttr>())
      result.steps.push_back(StepInfo::fromAttr(step));
  if (auto offset = module->getAttrOfType<IntegerAttr>(kProfileOffsetAttrName))
    result.profileOffset = offset.getInt();
}

/// Notes which dimensions of outputs only an invocation shows.
static void readMeasuredDims(ModuleOp module, ModelInfo &model) {
  SymbolTable symbols(module);
  for (SignatureInfo &signature : model.signatures) {
    auto function = symbols.lookup<func::FuncOp>(signature.function);
    auto measured = function ? function->getAttrOfType<ArrayAttr>(kMeasuredDimsAttrName) : nullptr;
    if (!measured)
      continue;
    signature.hasLimits = true;
    const Attribute *next = measured.begin();
    for (TensorInfo &output : signature.outputs) {
      std::vector<int64_t> limits;
      for (int64_t &size : output.shape) {
        auto limit = size == dynamicDim ? dyn_cast<IntegerAttr>(*next++) : IntegerAttr();
        if (limit)
          size = measuredDim;
        limits.push_back(limit ? limit.getInt() : size);
      }
      if (llvm::is_contained(output.shape, measuredDim))
        output.limits = std::move(limits);
    }
  }
}

LogicalResult tflc::compileModel(ModuleOp module, const CompileOptions &options,
                                 CompileResult &result) {
  setTarget(module, options.target);
  for (const PhaseInfo &phase : getPhases()) {
    double start = now();
    if (phase.phase != Phase::Import && failed(runPhase(module, phase, options))) {
      result.isUnbounded = module->hasAttr(kUnboundedAttrName);
      return failure();
    }
    if (phase.phase != Phase::Import)
      result.statistics.seconds.emplace_back(phase.name.str(), now() - start);
    // The types of the model level are gone after the next phase.
    if (phase.phase == Phase::Normalize) {
      result.model = getModelInfo(module);
      if (!options.name.empty())
        result.model.name = options.name;
      result.name = result.model.name;
      result.model.hasTasks = options.threads && options.optLevel != OptLevel::O0;
    }
    if (phase.phase == Phase::Bufferize) {
      readSteps(module, result);
      readMeasuredDims(module, result.model);
    }
    if (options.stopAfter == phase.phase) {
      result.files[EmitKind::MLIR] = printModule(module);
      return success();
    }
  }
  if (options.emit.count(EmitKind::MLIR))
    result.files[EmitKind::MLIR] = printModule(module);
  double start = now();
  if (failed(generateCode(module, options, result)))
    return failure();
  result.statistics.seconds.emplace_back("codegen", now() - start);
  return success();
}
