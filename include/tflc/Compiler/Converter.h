//===- Converter.h - from a source to a .tflite file ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_CONVERTER_H
#define TFLC_COMPILER_CONVERTER_H

#include "tflc/Import/FrontEnd.h"
#include "tflc/Pipelines/Convert.h"
#include "tflc/Support/Diagnostics.h"

namespace tflc {

struct ConvertOptions {
  std::vector<ShapeOverride> shapes;
  /// The keys of the signatures to convert; empty for all.
  std::vector<std::string> signatures;
  /// Operations of TensorFlow that stay what they are, as custom operators.
  std::vector<std::string> customOperators;
  /// How the result is going to be quantized, in the numbers of TensorFlow Lite's conversion
  /// metadata, which the file then holds.
  std::vector<int32_t> optimizationModes;
  /// The last phase to run; the result is then the module as text.
  std::optional<ConvertPhase> stopAfter;
};

/// The bytes of a .tflite file with what is in a source, or what the options ask for instead. The
/// same source gives the same bytes. On failure the findings have been reported.
llvm::FailureOr<std::string> convertSource(const Source &source, const ConvertOptions &options,
                                           Diagnostics &diagnostics);

} // namespace tflc

#endif // TFLC_COMPILER_CONVERTER_H
