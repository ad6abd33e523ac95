//===- ModelQuantizer.h - a float model, quantized in any way ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_MODELQUANTIZER_H
#define TFLC_TOOLS_MODELQUANTIZER_H

#include "Options.h"

#include "tflc/Compiler/ModelSession.h"
#include "tflc/Quantizer/Recipe.h"

#include "llvm/ADT/StringSet.h"

#include <map>

namespace tflc {

/// Quantizes the model of a session by any number of recipes. What calibration found out is kept
/// for recipes that need the same, whichever operators they leave in float. The data are those of
/// --calibrate, or else of --data.
class ModelQuantizer {
public:
  ModelQuantizer(ModelSession &session, const Arguments &arguments)
      : session(session), arguments(arguments) {}

  /// The bytes of the .tflite file. Without a value what is wrong has been reported, and
  /// getStatus() is the exit status. What `more` matches stays in float, too.
  std::optional<std::string> quantize(const Recipe &recipe, llvm::ArrayRef<std::string> more = {});
  int getStatus() const { return status; }

private:
  mlir::ModuleOp prepare(const Recipe &recipe);
  bool calibrate(mlir::ModuleOp module, const Recipe &recipe);

  ModelSession &session;
  const Arguments &arguments;
  int status = 0;
  /// By what operators and their marks depend on.
  std::map<std::string, mlir::OwningOpRef<mlir::ModuleOp>> prepared;
  /// Of these the first one for each way to calibrate.
  std::map<std::string, mlir::ModuleOp> calibrated;
  llvm::StringSet<> reportedExpressions;
};

/// A session for the model of `session` as the options of `arguments` quantize it, if they do.
/// Null where something is wrong, which has been reported; `status` is the exit status then.
std::unique_ptr<ModelSession> quantizeSession(std::unique_ptr<ModelSession> session,
                                              const SessionOptions &options,
                                              const Arguments &arguments, int &status);

} // namespace tflc

#endif // TFLC_TOOLS_MODELQUANTIZER_H
