//===- QuantizeRule.h - what holds for some operators only ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_QUANTIZERULE_H
#define TFLC_QUANTIZER_QUANTIZERULE_H

#include "TFL/IR/QuantizationRule.h"
#include "tflc/Quantization/ChooseRange.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace tflc {

struct QuantizeOptions;

/// One rule of a recipe: what is other than for the rest of the model. It holds for the operators,
/// constants and inputs in whose name, or whose operator's name ("CONV_2D"), `match` finds
/// something. What is not set stays as it was.
struct QuantizeRule {
  /// A regular expression (POSIX, extended).
  std::string match;
  /// Whether they stay in float, or (false) are quantized in spite of an earlier rule.
  std::optional<bool> keepFloat;
  /// The mode of those that are quantized, where both it and that of the model need calibration:
  /// int8 or int16x8.
  std::optional<tfl::QuantizationMode> mode;
  /// 8 or 4, for operators whose kernels take weights of 4 bits.
  std::optional<unsigned> weightBits;
  /// How many weights of 4 bits share a scale; 0 for all of a channel.
  std::optional<unsigned> weightBlock;
  /// How the range of a result or an input is chosen.
  std::optional<RangeOptions> range;
};

/// Whether a text is a regular expression; the error says why it is none.
llvm::Error checkExpression(const std::string &text);

/// Whether a rule asks for what there is not.
llvm::Error checkRule(const QuantizeRule &rule);

/// Marks operators, constants and inputs of `module` with what the options say of each.
void markByRules(mlir::ModuleOp module, const QuantizeOptions &options);

/// The expressions of the options that match nothing in `module`.
std::vector<std::string> findIdleExpressions(mlir::ModuleOp module, const QuantizeOptions &options);

/// Marks what is to stay in float, by expressions as in QuantizeOptions::keepFloat.
void keepInFloat(mlir::ModuleOp module, llvm::ArrayRef<std::string> expressions);

/// The method for the range of a tensor of a marked module.
RangeOptions getRangeOptions(mlir::Value value, const RangeOptions &others);

/// Takes all marks off again.
void eraseMarks(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_QUANTIZER_QUANTIZERULE_H
