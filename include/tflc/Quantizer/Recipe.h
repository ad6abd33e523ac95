//===- Recipe.h - how a model is quantized, as a file -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_RECIPE_H
#define TFLC_QUANTIZER_RECIPE_H

#include "tflc/Quantization/ChooseRange.h"
#include "tflc/Quantizer/Quantize.h"

namespace tflc {

/// All that decides what becomes of a model, but for the model and the data.
struct Recipe {
  QuantizeOptions quantize;
  RangeOptions range;
};

/// Reads a JSON object:
///
///   {"mode": "int8", "io": "int8", "range": "percentile=99.9", "equalize": true,
///    "correct_biases": true, "clip_weights": true, "weight_bits": 4, "allow_float": true,
///    "keep_float": ["^stem/", "SOFTMAX"],
///    "rules": [{"match": "^head/", "bits": 8, "range": "mse"}, {"match": "logits", "mode":
///    "float"}]}
///
/// Only `mode` must be there, and `match` in a rule. An unknown key or value is an error that names
/// it, with the nearest known one.
llvm::Expected<Recipe> parseRecipe(llvm::StringRef text);

/// The text that parseRecipe makes the same recipe of.
std::string writeRecipe(const Recipe &recipe);

/// "float", "int8", "uint8" or "int16"; "uint8,float" where inputs and outputs differ.
std::string getInterfaceName(tfl::ModelInterface interface);
std::optional<tfl::ModelInterface> parseInterface(llvm::StringRef name);

} // namespace tflc

#endif // TFLC_QUANTIZER_RECIPE_H
