//===- FormMeasurer.h - how good and how dear a form is ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_FORMMEASURER_H
#define TFLC_TOOLS_FORMMEASURER_H

#include "ModelOptions.h"
#include "ModelQuantizer.h"

#include "tflc/Quantizer/ReportPage.h"
#include "tflc/Schedule/StepInfo.h"

namespace tflc {

/// Measures the float model of a session and what becomes of it by recipes, with the data of
/// --data, or else of --calibrate. What goes wrong is reported.
class FormMeasurer {
public:
  FormMeasurer(ModelSession &session, const ModelOptions &model, const Arguments &arguments,
               const SearchOptions &options)
      : session(session), model(model), arguments(arguments), options(options),
        quantizer(session, arguments) {}

  ModelQuantizer &getQuantizer() { return quantizer; }

  std::optional<Measurement> measureFloat();
  std::optional<Measurement> measure(const Recipe &recipe);
  /// The operators that add most noise, the worst first.
  std::vector<NoisyOperator> rank(const Recipe &recipe);
  /// What each operator costs in the form of a recipe, or in the float model, by the name of its
  /// tensor: cycles as the compiler expects them, bytes of constants, or bytes of results.
  llvm::StringMap<double> estimateCosts(const std::optional<Recipe> &recipe);
  /// Whether some weights may have a scale for each block of 32.
  bool takesBlocks();
  /// All that a report says of the model in `file`, which was made by `recipe`.
  std::optional<QuantizationReport> report(const Recipe &recipe, const std::string &file);

private:
  std::unique_ptr<ModelSession> openFile(std::string file, Diagnostics &diagnostics);
  std::unique_ptr<SampleSource> openSamples(mlir::ModuleOp module);
  mlir::ModuleOp getFloatModule();
  std::optional<Comparison> compare(mlir::ModuleOp module);
  std::optional<EvaluatedModel> evaluate(ModelSession &candidate, mlir::ModuleOp module,
                                         const EvaluateOptions &how);
  std::optional<Measurement> measure(ModelSession &candidate, mlir::ModuleOp module);
  std::optional<Measurement> measureOnTarget(ModelSession &candidate, Measurement measured);
  std::optional<std::vector<StepInfo>> describeSteps(ModelSession &candidate);
  std::optional<Advice> advise(const Recipe &recipe, const NoisyOperator &op,
                               const QuantizationReport &report);

  ModelSession &session;
  const ModelOptions &model;
  const Arguments &arguments;
  const SearchOptions &options;
  ModelQuantizer quantizer;
  mlir::OwningOpRef<mlir::ModuleOp> floatModule;
  /// What the float model gave, one output after the other and sample after sample: forms are
  /// compared with it, so that they alone must be compiled and run.
  std::vector<std::vector<float>> floatOutputs;
};

/// Reads --metric, --minimize and --max-drop. Without a value what is wrong has been reported.
std::optional<SearchOptions> readSearchOptions(const Arguments &arguments,
                                               const ModelOptions &model, Diagnostics &diagnostics);

/// Searches as --auto, --budget and the other options say, and prints the table of what was tried.
/// Nothing where something is wrong, which has been reported.
std::optional<SearchResult> searchByOptions(FormMeasurer &measurer, const Arguments &arguments,
                                            const SearchOptions &options, Diagnostics &diagnostics);

} // namespace tflc

#endif // TFLC_TOOLS_FORMMEASURER_H
