//===- Quantize.h - from a float model to a quantized one -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_QUANTIZE_H
#define TFLC_QUANTIZER_QUANTIZE_H

#include "tflc/Quantizer/QuantizeRule.h"

#include "TFL/Transforms/Passes.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace tflc {

/// Whether ranges of activations are needed, hence data.
inline bool needsCalibration(tfl::QuantizationMode mode) {
  return mode == tfl::QuantizationMode::Int8 || mode == tfl::QuantizationMode::Int16x8;
}

struct QuantizeOptions {
  tfl::QuantizationMode mode = tfl::QuantizationMode::Int8;
  tfl::ModelInterface interface;
  /// Leave operators without a kernel in float instead of failing.
  bool allowFloat = false;
  /// Clip int8 weights where that makes their squared error less.
  bool clipWeights = false;
  /// Make the channels between two layers equally wide before anything else.
  bool equalize = false;
  /// Make up for the mean error of weights in the biases; needs data.
  bool correctBiases = false;
  /// 8, or 4 for the weights that kernels take so, in the modes int8 and dynamic-range. With data,
  /// weights of 4 bits are rounded by GPTQ.
  unsigned weightBits = 8;
  /// How many weights of 4 bits share a scale, in the mode dynamic-range: 32, 64, 128 or 256
  /// neighbours of a row; 0 for all of a channel.
  unsigned weightBlock = 0;
  /// Regular expressions; an operator whose name ("CONV_2D") or whose result's name contains a
  /// match, and a constant of such a name, stays in float.
  std::vector<std::string> keepFloat;
  /// What holds for some operators and tensors only; of several rules the last counts.
  std::vector<QuantizeRule> rules;
};

/// Whether some weights are to have fewer than 8 bits.
bool hasSmallWeights(const QuantizeOptions &options);

/// Whether data are of use beyond the ranges of activations.
inline bool takesData(const QuantizeOptions &options) {
  return needsCalibration(options.mode) || options.correctBiases || hasSmallWeights(options);
}

/// Fails, with an error at the first quantized tensor, where `module` is no float model. Pairs of
/// QUANTIZE and DEQUANTIZE of a model trained with quantization are float.
llvm::LogicalResult checkFloatModel(mlir::ModuleOp module);

/// Whether an option asks for what there is not: an integer interface of another width, a regular
/// expression that is none.
llvm::Error checkOptions(const QuantizeOptions &options);

/// Rewrites the float model to the operators that quantize, and marks what is to stay in float.
/// Comes before calibration.
llvm::LogicalResult prepareModel(mlir::ModuleOp module, const QuantizeOptions &options);

/// Quantizes a prepared model; the modes that need ranges take those that calibrateModel noted.
/// What is wrong is emitted as diagnostics, and the module is to be thrown away then.
llvm::LogicalResult quantizeModel(mlir::ModuleOp module, const QuantizeOptions &options);

} // namespace tflc

#endif // TFLC_QUANTIZER_QUANTIZE_H
