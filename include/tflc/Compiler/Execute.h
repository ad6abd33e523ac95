//===- Execute.h - runs compiled code on arrays -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_EXECUTE_H
#define TFLC_COMPILER_EXECUTE_H

#include "tflc/Compiler/Binding.h"

#include "tflc/Pipelines/Compile.h"

namespace tflc {

/// One run of the program: all invocations of one signature, in order, in one process.
struct Execution {
  const CompileResult &result;
  /// As the compiled model has it: all shapes are known.
  const SignatureInfo &signature;
  const InputSet &inputs;
  /// Clears the variables before each invocation, not only before the first.
  bool reset = false;
  /// Objects, archives and shared libraries with the functions of custom operators.
  llvm::ArrayRef<std::string> linkedFiles;
  /// Threads that share the tasks of a model compiled for that; 0 for none.
  unsigned threads = 0;
};

/// What a status of compiled code means, for messages.
std::string describeStatus(int32_t status);

/// Runs in this process. Reports what goes wrong and returns the exit status.
int executeHere(const Execution &execution, std::vector<Array> &outputs, Diagnostics &diagnostics);

/// Links the object with the target's cross compiler into a program and runs it in the target's
/// emulator.
int executeEmulated(const Execution &execution, const TargetInfo &target,
                    std::vector<Array> &outputs, Diagnostics &diagnostics);

/// Whether code for the target runs in this process.
bool canExecuteHere(const TargetInfo &target);

} // namespace tflc

#endif // TFLC_COMPILER_EXECUTE_H
