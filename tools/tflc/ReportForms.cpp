//===- ReportForms.cpp - what a report says of a quantized model ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FormMeasurer.h"

#include "tflc/Pipelines/OperatorCost.h"

using namespace llvm;
using namespace tflc;

static EvaluateOptions withoutLabels() {
  EvaluateOptions options;
  options.labelled = false;
  return options;
}

/// Measures the form with one more operator in float.
std::optional<Advice> FormMeasurer::advise(const Recipe &recipe, const NoisyOperator &op,
                                           const QuantizationReport &report) {
  Recipe mixed = recipe;
  mixed.quantize.allowFloat = true;
  mixed.quantize.keepFloat.push_back(makeExpression(op.tensorName));
  std::optional<std::string> file = quantizer.quantize(mixed);
  if (!file)
    return std::nullopt;
  std::unique_ptr<ModelSession> candidate = openFile(std::move(*file), session.getDiagnostics());
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate->import(/*dynamic=*/true);
  if (!module)
    return std::nullopt;
  auto figures = evaluate(*candidate, *module, withoutLabels());
  auto errors = compare(*module);
  if (!figures || !errors)
    return std::nullopt;
  double time = report.after.evaluation.medianMicroseconds;
  return Advice{op.operatorName, op.tensorName,
                getWorstSqnr(*errors) - getWorstSqnr(report.comparison),
                figures->evaluation.medianMicroseconds / time - 1};
}

std::optional<QuantizationReport> FormMeasurer::report(const Recipe &recipe,
                                                       const std::string &file) {
  std::unique_ptr<ModelSession> candidate = openFile(file, session.getDiagnostics());
  mlir::OwningOpRef<mlir::ModuleOp> module = candidate->import(/*dynamic=*/true);
  mlir::ModuleOp wanted = getFloatModule();
  if (!module || !wanted)
    return std::nullopt;
  auto before = evaluate(session, wanted, withoutLabels());
  auto after = evaluate(*candidate, *module, withoutLabels());
  auto comparison = compare(*module);
  if (!before || !after || !comparison)
    return std::nullopt;
  QuantizationReport result;
  result.before = std::move(*before);
  result.after = std::move(*after);
  result.comparison = std::move(*comparison);
  result.graphs = describeGraphs(*module);
  result.typesBefore = countTypes(getOperatorCosts(wanted));
  result.typesAfter = countTypes(getOperatorCosts(*module));
  if (!needsCalibration(recipe.quantize.mode))
    return result;
  // Some operators make most of the noise.
  constexpr size_t mostAdvice = 3;
  std::vector<NoisyOperator> noisy = rankByNoise(wanted, result.comparison);
  for (const NoisyOperator &op : ArrayRef(noisy).take_front(mostAdvice)) {
    std::optional<Advice> advice = advise(recipe, op, result);
    if (!advice)
      return std::nullopt;
    result.advice.push_back(std::move(*advice));
  }
  return result;
}
