//===- Subcommands.h - what tflc can do -------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Each subcommand has a file of its own and a table of its options. It gets the arguments after its
// name and returns the exit status.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_SUBCOMMANDS_H
#define TFLC_TOOLS_SUBCOMMANDS_H

#include "tflc/Support/Diagnostics.h"

#include "llvm/ADT/ArrayRef.h"

namespace tflc {

int compileMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int convertMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int runMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int benchMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int compareMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int evaluateMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int quantizeMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
/// The same for a model in memory: `contents` is that of a .tflite file, and messages call it as
/// the arguments do.
int quantizeContents(std::string contents, llvm::ArrayRef<const char *> args,
                     Diagnostics &diagnostics);
int inspectMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int checkMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int targetsMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);
int opsMain(llvm::ArrayRef<const char *> args, Diagnostics &diagnostics);

} // namespace tflc

#endif // TFLC_TOOLS_SUBCOMMANDS_H
