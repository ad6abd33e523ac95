//===- compile.cpp - a program that compiles models itself ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/ModelSession.h"

#include <cstdio>

using namespace tflc;

/// Compiles each file for this machine, in a session of its own, and tells what came out.
int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    Diagnostics diagnostics;
    SessionOptions options;
    options.path = argv[i];
    options.compile.target = detectNativeTarget();
    CompileResult result;
    if (std::unique_ptr<ModelSession> session = ModelSession::open(options, diagnostics))
      if (mlir::OwningOpRef<mlir::ModuleOp> module = session->import())
        if (session->compile(*module, result) == 0)
          std::printf("%s: %zu bytes of object, ", result.name.c_str(),
                      result.files[EmitKind::Object].size());
    std::printf("%zu findings", diagnostics.getFindings().size());
    for (const Finding &finding : diagnostics.getFindings())
      std::printf(": %s: %s: %s", finding.severity == Severity::Error ? "error" : "warning",
                  finding.where.c_str(), finding.text.c_str());
    std::printf("\n");
  }
}
