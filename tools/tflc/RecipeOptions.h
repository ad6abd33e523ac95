//===- RecipeOptions.h - options that say how to quantize -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_RECIPEOPTIONS_H
#define TFLC_TOOLS_RECIPEOPTIONS_H

#include "Options.h"

#include "tflc/Quantizer/Recipe.h"
#include "tflc/Support/Diagnostics.h"

namespace tflc {

/// The recipe of the file that --recipe names; without one, of the other options. The mode is the
/// value of `modeOption` ("mode", "quantize"). Without a value what is wrong has been reported.
std::optional<Recipe> readRecipe(const Arguments &arguments, llvm::StringRef modeOption,
                                 Diagnostics &diagnostics);

/// The recipe of the options with `mode` as their mode, which came from `modeOption`.
std::optional<Recipe> readRecipeOfMode(const Arguments &arguments, llvm::StringRef modeOption,
                                       llvm::StringRef mode, Diagnostics &diagnostics);

/// Whether the options ask for quantization.
inline bool wantsQuantization(const Arguments &arguments, llvm::StringRef modeOption) {
  return arguments.has(modeOption) || arguments.has("recipe");
}

} // namespace tflc

#endif // TFLC_TOOLS_RECIPEOPTIONS_H
