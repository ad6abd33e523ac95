//===- ModelSession.h - a model file in work --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_MODELSESSION_H
#define TFLC_TOOLS_MODELSESSION_H

#include "ModelOptions.h"
#include "Progress.h"

#include "tflc/Import/Import.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/ScopeExit.h"

#include <memory>

namespace tflc {

/// The file, and the context in which its modules live. What is wrong with the model is printed by
/// `diagnostics`, under the file's name.
class ModelSession {
public:
  /// Null if the file cannot be read; that has been reported then.
  static std::unique_ptr<ModelSession> open(const ModelOptions &options, Diagnostics &diagnostics);
  ~ModelSession();

  /// Imports the model as its file says and `--shape` fixes it. `dynamic` keeps open dimensions;
  /// `allowUnsupported` takes operators that cannot be compiled, for looking at them.
  mlir::OwningOpRef<mlir::ModuleOp> import(bool dynamic = false,
                                           llvm::ArrayRef<ShapeOverride> shapes = {},
                                           bool allowUnsupported = false);

  /// Compiles what import gave, and returns the exit status. A failure before the model has become
  /// our own code is the model's fault and has been reported; any later one is a defect of tflc.
  int compile(mlir::ModuleOp module, CompileResult &result);

  /// Tells on the progress line what is done with the model, as long as the result lives.
  [[nodiscard]] auto showWork(llvm::StringRef what) {
    progress.begin((what + " " + options.path).str());
    return llvm::make_scope_exit([this] { progress.end(); });
  }

  CompileOptions &getCompileOptions() { return options.compile; }
  const std::string &getPath() const { return options.path; }
  Diagnostics &getDiagnostics() { return diagnostics; }
  int64_t getFileSize() const { return contents.size(); }

private:
  ModelSession(const ModelOptions &options, Diagnostics &diagnostics, std::string contents);

  ModelOptions options;
  Diagnostics &diagnostics;
  std::string contents;
  std::unique_ptr<mlir::MLIRContext> context;
  Progress progress;
};

} // namespace tflc

#endif // TFLC_TOOLS_MODELSESSION_H
