//===- CompiledModel.h - a compiled model in this process -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_EXECUTION_COMPILEDMODEL_H
#define TFLC_EXECUTION_COMPILEDMODEL_H

#include "tflc/Pipelines/Compile.h"
#include "tflc/tflc.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace tflc {

/// The object file of a compilation for this machine, loaded and linked in this process: `tflc run`
/// and `tflc bench` execute exactly the bytes that `tflc compile` would have written.
class CompiledModel {
public:
  /// `result` must hold an object for the native target. `linkedFiles` are objects, archives and
  /// shared libraries with the functions of custom operators; they may use what this process has.
  static llvm::Expected<std::unique_ptr<CompiledModel>>
  create(const CompileResult &result, llvm::ArrayRef<std::string> linkedFiles = {});
  ~CompiledModel();

  /// Runs one signature and returns the function's status, 0 for success. `arena` has the size and
  /// alignment of the compilation's statistics; `dims` is laid out as `getDimsLayout` says.
  llvm::Expected<int32_t> invoke(llvm::StringRef signature, llvm::ArrayRef<const void *> inputs,
                                 llvm::ArrayRef<void *> outputs, void *arena,
                                 llvm::MutableArrayRef<int64_t> dims = {}) const;

  /// Lets later invocations of a model with tasks run them in so many threads, the caller's
  /// included; others stay as they are. Fails where the system gives no threads.
  llvm::Error setThreads(unsigned threads);

  /// A packed function of the object, with the threads of the model.
  class PackedFunction {
  public:
    PackedFunction(tflc_invoke_fn function = nullptr, const tflc_parallel *parallel = nullptr,
                   bool hasTasks = false)
        : function(function), parallel(parallel), hasTasks(hasTasks) {}

    explicit operator bool() const { return function != nullptr; }
    int32_t operator()(void *const *inputs, void *const *outputs, void *arena,
                       int64_t *dims) const {
      if (!hasTasks)
        return function(inputs, outputs, arena, dims);
      return reinterpret_cast<tflc_invoke_parallel_fn>(reinterpret_cast<void (*)()>(function))(
          inputs, outputs, arena, dims, parallel);
    }

  private:
    tflc_invoke_fn function;
    const tflc_parallel *parallel;
    bool hasTasks;
  };
  /// The entry of a signature for callers that invoke it often; null if there is none of that key.
  PackedFunction getFunction(llvm::StringRef signature) const;

  /// Maps the unknown dimensions of the inputs to the arena's size and, in `dims` behind them, to
  /// those of the outputs and to the limits of measured ones; a negative result rejects them.
  using PlanFunction = int64_t (*)(int64_t *dims);
  /// Null where all dimensions of the signature are known.
  PlanFunction getPlan(llvm::StringRef signature) const;

  /// Gives the variables in `arena` their initial values; must come before the first invoke. Does
  /// nothing for a model without variables.
  void reset(void *arena) const;

private:
  CompiledModel();
  struct Impl;
  std::unique_ptr<Impl> impl;
};

} // namespace tflc

#endif // TFLC_EXECUTION_COMPILEDMODEL_H
