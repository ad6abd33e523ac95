//===- Invocation.h - a signature with memory around it ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_EXECUTION_INVOCATION_H
#define TFLC_EXECUTION_INVOCATION_H

#include "tflc/Execution/CompiledModel.h"

#include <vector>

namespace tflc {

/// Runs one signature of a compiled model, whose inputs have known shapes, again and again. Owns
/// the arena and the buffers of the outputs, and makes them larger where data ask for that.
class Invocation {
public:
  /// `signature` is one of `result`; all three must outlive the object.
  Invocation(const CompiledModel &model, const CompileResult &result,
             const SignatureInfo &signature);

  /// Gives the variables their initial values; to be called before the first run.
  void reset();

  /// Returns the status of the function, 0 for success. It is never that of memory too small.
  llvm::Expected<int32_t> run(llvm::ArrayRef<const void *> inputs);

  /// What the last run has left of an output.
  std::vector<int64_t> getShape(size_t output) const;
  llvm::StringRef getData(size_t output) const;

  /// What a packed function is called with to repeat the last run, for who measures it.
  std::vector<void *> getOutputPointers();
  void *getArena() { return arena; }
  int64_t *getDims() { return dims.data(); }

private:
  int64_t countBytes(size_t output) const;
  bool needsLargerOutput() const;
  void setArena(int64_t bytes);

  const CompiledModel &model;
  const CompileResult &result;
  const SignatureInfo &signature;
  DimsLayout layout;
  std::vector<int64_t> dims;
  std::vector<char> storage;
  char *arena = nullptr;
  int64_t arenaBytes = 0;
  std::vector<std::vector<std::max_align_t>> outputs;
};

} // namespace tflc

#endif // TFLC_EXECUTION_INVOCATION_H
