//===- ModelRunner.h - a model compiled for its samples ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_QUANTIZER_MODELRUNNER_H
#define TFLC_LIB_QUANTIZER_MODELRUNNER_H

#include "tflc/Execution/CompiledModel.h"
#include "tflc/Quantizer/Samples.h"

#include "TFL/Transforms/Passes.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemAlloc.h"

namespace tflc {

/// Compiles copies of a module for the shapes of samples, and runs them. The module stays as it is.
class ModelRunner {
public:
  enum class Expose {
    /// The outputs of the model alone.
    Nothing,
    /// In addition all tensors that calibration looks at, see collectActivations.
    Floats,
    /// In addition all tensors that hold real numbers, quantized ones included.
    Reals,
  };

  /// `module` must outlive the runner.
  ModelRunner(mlir::ModuleOp module, Expose expose, OptLevel optLevel);

  const ModelInfo &getInfo() const { return info; }

  /// Compiles the model for the shapes of a sample, where that has not been done.
  llvm::Error prepare(const Sample &sample);

  /// Runs one sample of the model's types and shapes. Variables keep their values from sample to
  /// sample until another shape makes a new compilation necessary.
  llvm::Error run(const Sample &sample);

  /// The outputs of the last run: those of the signature, then the exposed tensors.
  llvm::ArrayRef<TensorInfo> getOutputs() const { return signature->outputs; }
  const void *getData(size_t output) const { return buffers[output].data(); }
  /// The real numbers of an output that is float or quantized with one scale.
  std::vector<float> getReals(size_t output) const;

  /// What the last compilation measured.
  const CompileResult &getCompilation() const { return result; }

private:
  llvm::Error compile();

  struct AlignedFree {
    size_t size;
    size_t alignment;
    void operator()(void *memory) const { llvm::deallocate_buffer(memory, size, alignment); }
  };

  mlir::ModuleOp module;
  Expose expose;
  OptLevel optLevel;
  ModelInfo info;
  /// A sample of each signature; the model is compiled for their shapes.
  llvm::StringMap<Sample> shapes;
  CompileResult result;
  std::unique_ptr<CompiledModel> model;
  std::unique_ptr<void, AlignedFree> arena{nullptr, AlignedFree{0, 1}};
  const SignatureInfo *signature = nullptr;
  std::vector<std::string> buffers;
};

} // namespace tflc

#endif // TFLC_LIB_QUANTIZER_MODELRUNNER_H
