//===- DataOptions.h - options of all that read data ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_DATAOPTIONS_H
#define TFLC_TOOLS_DATAOPTIONS_H

#include "Options.h"

#include "tflc/Compiler/ModelSession.h"
#include "tflc/Quantizer/Samples.h"

namespace tflc {

/// The samples in `paths` for `model`, as --mean, --scale, --resize, --labels and --signature say.
/// Null where something is wrong, which has been reported.
std::unique_ptr<SampleSource> openData(const Arguments &arguments,
                                       llvm::ArrayRef<llvm::StringRef> paths,
                                       const ModelInfo &model, Diagnostics &diagnostics);

/// How a model in `path` is compiled to run in this process.
SessionOptions getNativeOptions(llvm::StringRef path);

/// A model that runs in this process. Null where something is wrong, which has been reported.
std::unique_ptr<ModelSession> openNativeModel(llvm::StringRef path, Diagnostics &diagnostics);

} // namespace tflc

#endif // TFLC_TOOLS_DATAOPTIONS_H
