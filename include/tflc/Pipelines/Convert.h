//===- Convert.h - phases from tf to tfl ------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PIPELINES_CONVERT_H
#define TFLC_PIPELINES_CONVERT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>

namespace mlir {
class ModuleOp;
class OpPassManager;
} // namespace mlir

namespace tflc {

/// What happens between a front end that gives tf and the exporter, as named phases.
enum class ConvertPhase { Import, Inline, Simplify, Recognize, Legalize };

struct ConvertPhaseInfo {
  ConvertPhase phase;
  llvm::StringRef name;        // as --stop-after takes it
  llvm::StringRef description; // one line
};

/// All phases in order.
llvm::ArrayRef<ConvertPhaseInfo> getConvertPhases();
std::optional<ConvertPhase> parseConvertPhase(llvm::StringRef name);

/// Adds the passes of `phase`. Import has none: it is not a pass.
void buildConvertPhase(mlir::OpPassManager &manager, ConvertPhase phase);

/// Notes which operations of TensorFlow stay what they are, as custom operators.
void setCustomOperators(mlir::ModuleOp module, llvm::ArrayRef<std::string> names);

/// Makes every phase known to tflc-opt as the pipeline `tflc-convert-<phase>`.
void registerConvertPipelines();

} // namespace tflc

#endif // TFLC_PIPELINES_CONVERT_H
