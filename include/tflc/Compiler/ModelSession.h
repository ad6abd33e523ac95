//===- ModelSession.h - a model in work --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_MODELSESSION_H
#define TFLC_COMPILER_MODELSESSION_H

#include "tflc/Import/CustomFunctions.h"
#include "tflc/Pipelines/Compile.h"
#include "tflc/Support/Diagnostics.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/ScopeExit.h"

#include <functional>
#include <memory>

namespace tflc {

/// What a session is to do with a model.
struct SessionOptions {
  /// The model's file, as messages and the model's default name say it.
  std::string path;
  /// Shapes of inputs other than the model's own.
  std::vector<ShapeOverride> shapes;
  /// What custom operators become calls of.
  std::vector<CustomFunction> customFunctions;
  CompileOptions compile;
  /// Told when a longer piece of work begins ("compiling net.tflite"), and "" when it ends.
  std::function<void(llvm::StringRef what)> onWork;
};

/// One model, and the context in which its modules live. Sessions do not share anything, so several
/// may work at once, each in its own thread. What is wrong with the model is reported to
/// `diagnostics`, under the file's name.
class ModelSession {
public:
  /// The model in the file or folder `options.path`; what is no .tflite file is converted. Null if
  /// it cannot be read; that has been reported then.
  static std::unique_ptr<ModelSession> open(const SessionOptions &options,
                                            Diagnostics &diagnostics);
  /// The model in `contents`, whose file need not exist.
  static std::unique_ptr<ModelSession> create(std::string contents, const SessionOptions &options,
                                              Diagnostics &diagnostics);
  ~ModelSession();

  /// Imports the model as its file and the options' shapes say. `dynamic` keeps open dimensions;
  /// `allowUnsupported` takes operators that cannot be compiled, for looking at them.
  mlir::OwningOpRef<mlir::ModuleOp> import(bool dynamic = false,
                                           llvm::ArrayRef<ShapeOverride> shapes = {},
                                           bool allowUnsupported = false);

  /// Compiles what import gave, and returns an exit status (Outcome.h). A failure before the model
  /// has become our own code is the model's fault and has been reported; any later one is a defect
  /// of tflc.
  int compile(mlir::ModuleOp module, CompileResult &result);

  /// Tells `onWork` what is done with the model, as long as the result lives.
  [[nodiscard]] auto showWork(llvm::StringRef what) {
    if (options.onWork)
      options.onWork((what + " " + options.path).str());
    return llvm::make_scope_exit([this] {
      if (options.onWork)
        options.onWork("");
    });
  }

  CompileOptions &getCompileOptions() { return options.compile; }
  const std::string &getPath() const { return options.path; }
  Diagnostics &getDiagnostics() { return diagnostics; }
  int64_t getFileSize() const { return contents.size(); }

private:
  ModelSession(const SessionOptions &options, Diagnostics &diagnostics, std::string contents);

  SessionOptions options;
  Diagnostics &diagnostics;
  std::string contents;
  std::unique_ptr<mlir::MLIRContext> context;
};

} // namespace tflc

#endif // TFLC_COMPILER_MODELSESSION_H
