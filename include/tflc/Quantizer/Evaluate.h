//===- Evaluate.h - the accuracy of a classifier ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_EVALUATE_H
#define TFLC_QUANTIZER_EVALUATE_H

#include "tflc/Quantizer/Samples.h"

#include "tflc/Pipelines/Compile.h"

#include "mlir/IR/BuiltinOps.h"

#include <functional>

namespace tflc {

struct EvaluateOptions {
  /// A sample also counts where its class is among the so many likeliest.
  unsigned top = 5;
  /// Whether the samples have labels; without them only sizes and times are found.
  bool labelled = true;
  OptLevel optLevel = OptLevel::O2;
  /// Told the real numbers of each output after each invocation, outside of the time that counts.
  std::function<void(llvm::StringRef signature, size_t output, std::vector<float> values)> onOutput;
};

/// Counts, so that parts of the data can be evaluated apart and merged.
struct Evaluation {
  int64_t numSamples = 0;
  int64_t numRight = 0;
  int64_t numInTop = 0;
  /// confusion[right class][class found].
  std::vector<std::vector<int64_t>> confusion;
  /// Microseconds of each invocation, the median over all.
  double medianMicroseconds = 0;
  /// Of the compilation.
  int64_t codeBytes = 0;
  int64_t constantBytes = 0;
  int64_t arenaBytes = 0;

  double getAccuracy() const { return numSamples ? double(numRight) / double(numSamples) : 0; }
  double getTopAccuracy() const { return numSamples ? double(numInTop) / double(numSamples) : 0; }
};

/// Runs samples with labels through a classifier: the first output of the signature has a score for
/// each class. A sample without a label is an error.
llvm::Expected<Evaluation> evaluateModel(mlir::ModuleOp module, SampleSource &samples,
                                         const EvaluateOptions &options);

} // namespace tflc

#endif // TFLC_QUANTIZER_EVALUATE_H
