//===- Calibrate.h - the ranges of a model's tensors ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_CALIBRATE_H
#define TFLC_QUANTIZER_CALIBRATE_H

#include "tflc/Pipelines/Compile.h"
#include "tflc/Quantizer/Calibration.h"
#include "tflc/Quantizer/Samples.h"

#include "mlir/IR/BuiltinOps.h"
#include <functional>

namespace tflc {

/// What is noted of the inputs of operators with weights (dialects/TFL/Transforms/WeightPasses.h).
enum class InputMoments { None, Means, Products };

struct CalibrateOptions {
  /// Called after each sample with the number of samples so far.
  std::function<void(int64_t)> progress;
  /// How a range is chosen, for activations of so many bits.
  RangeOptions range;
  unsigned bits = 8;
  InputMoments moments = InputMoments::None;
  /// How the float model is compiled.
  OptLevel optLevel = OptLevel::O2;
};

struct CalibrationSummary {
  int64_t numSamples = 0;
  /// Names of tensors that had one value in all samples.
  std::vector<std::string> constantTensors;
};

/// Runs the float model `module` on all samples and notes what is to be seen of each float tensor
/// that a signature with samples computes (dialects/TFL/Transforms/CalibratedRanges.h). The model
/// itself stays as it is. What is wrong with the model is emitted as diagnostics; the error then is
/// empty of news and only says so.
llvm::Expected<Calibration> observeModel(mlir::ModuleOp module, SampleSource &samples,
                                         const CalibrateOptions &options);

/// Notes the ranges in the module, for activations of so many bits. Fails where the calibration is
/// of another model, or of this one prepared for another mode.
llvm::Expected<CalibrationSummary> noteRanges(mlir::ModuleOp module, const Calibration &calibration,
                                              unsigned bits);

/// Both, and notes what `options.moments` asks for.
llvm::Expected<CalibrationSummary> calibrateModel(mlir::ModuleOp module, SampleSource &samples,
                                                  const CalibrateOptions &options);

/// Copies what calibration noted in `from` to `to`, both prepared from the same model; false, and
/// nothing is copied, where they have different operators.
bool copyCalibration(mlir::ModuleOp from, mlir::ModuleOp to);

} // namespace tflc

#endif // TFLC_QUANTIZER_CALIBRATE_H
