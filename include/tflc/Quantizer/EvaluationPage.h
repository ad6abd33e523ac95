//===- EvaluationPage.h - evaluations side by side --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_EVALUATIONPAGE_H
#define TFLC_QUANTIZER_EVALUATIONPAGE_H

#include "tflc/Quantizer/Evaluate.h"

namespace tflc {

/// One of the models that are evaluated side by side.
struct EvaluatedModel {
  /// The file, and the form if it was quantized: "mnist.tflite, int8".
  std::string name;
  int64_t fileBytes = 0;
  Evaluation evaluation;
};

/// One HTML page without anything from outside: a table of all models, with bars, and the
/// confusions of each one as a picture. `top` as in EvaluateOptions.
std::string makeEvaluationPage(llvm::ArrayRef<EvaluatedModel> models, unsigned top);

} // namespace tflc

#endif // TFLC_QUANTIZER_EVALUATIONPAGE_H
