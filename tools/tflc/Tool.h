//===- Tool.h - the compiler's command line ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_TFLC_TOOL_H
#define TFLC_TOOLS_TFLC_TOOL_H

#include "llvm/ADT/ArrayRef.h"

namespace tflc {

/// Does what a command line says; `args` begins with the subcommand. Writes to the standard streams
/// and returns the exit status.
int runTool(llvm::ArrayRef<const char *> args);

} // namespace tflc

#endif // TFLC_TOOLS_TFLC_TOOL_H
