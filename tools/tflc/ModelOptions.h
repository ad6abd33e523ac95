//===- ModelOptions.h - options of all that compile a model -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_MODELOPTIONS_H
#define TFLC_TOOLS_MODELOPTIONS_H

#include "Options.h"

#include "tflc/Compiler/ModelSession.h"

namespace tflc {

struct ModelOptions : SessionOptions {
  /// Whether the code is for the machine that tflc runs on.
  bool isNative = true;
  /// Threads that are to run the model; 0 where it is not to be executed in several.
  unsigned threads = 0;
};

/// Reads MODEL, --target, --triple, --cpu, --features, -O and --shape. Without a value what is
/// wrong has been reported.
std::optional<ModelOptions> readModelOptions(const Arguments &arguments, const HelpPage &page,
                                             Diagnostics &diagnostics);

/// The command line of a subcommand that takes a model: parseArguments and readModelOptions.
struct ModelCommand {
  Arguments arguments;
  ModelOptions options;
};

/// Without a value the program is to end with `status`.
std::optional<ModelCommand> parseModelCommand(const llvm::opt::OptTable &table,
                                              llvm::ArrayRef<const char *> args,
                                              const HelpPage &page, Diagnostics &diagnostics,
                                              int &status);

} // namespace tflc

#endif // TFLC_TOOLS_MODELOPTIONS_H
