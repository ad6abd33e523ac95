//===- ConvertSource.h - what fuzz targets of front ends share --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_FUZZ_CONVERTSOURCE_H
#define TFLC_TOOLS_FUZZ_CONVERTSOURCE_H

#include "TFL/IR/TFLDialect.h"
#include "tflc/Import/Export.h"
#include "tflc/Import/FrontEnd.h"
#include "tflc/Pipelines/Convert.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"

/// LLVM's shared libraries are not instrumented, so that what both sides do to one container or
/// allocator looks wrong to the sanitizer.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0:detect_container_overflow=0:detect_leaks=0";
}

namespace tflc {

/// Reads a source, and sends what the reader accepts through all phases to a file. Faults are
/// expected and say nothing.
inline void convertSilently(const FrontEnd &frontEnd, const Source &source) {
  using namespace mlir;
  MLIRContext context(MLIRContext::Threading::DISABLED);
  context.getDiagEngine().registerHandler([](Diagnostic &) { return success(); });
  context.allowUnregisteredDialects();
  context.loadDialect<tfl::TFLDialect>();
  ImportOptions options;
  options.fileName = "fuzz";
  OwningOpRef<ModuleOp> module = frontEnd.read(source, &context, options);
  if (!module)
    return;
  PassManager manager(&context);
  for (const ConvertPhaseInfo &info : getConvertPhases())
    buildConvertPhase(manager, info.phase);
  if (succeeded(manager.run(*module)))
    (void)exportModel(*module);
}

} // namespace tflc

#endif // TFLC_TOOLS_FUZZ_CONVERTSOURCE_H
