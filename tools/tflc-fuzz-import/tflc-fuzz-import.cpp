//===- tflc-fuzz-import.cpp - feeds the importer with damaged models ------===//
//
// Part of tflc, under the Apache License 2.0.
//
// docs/Testing.md says how to build and run it.
//
// What the importer accepts must also survive the exporter, and be accepted again.
//
//===----------------------------------------------------------------------===//

#include "tflc/Import/Export.h"
#include "tflc/Import/Import.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;

/// LLVM's shared libraries are not instrumented, so that what both sides do to one container or
/// allocator looks wrong to the sanitizer.
extern "C" const char *__asan_default_options() {
  return "allow_user_poisoning=0:detect_container_overflow=0:detect_leaks=0";
}

static std::unique_ptr<MLIRContext> makeContext() {
  auto context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  context->getDiagEngine().registerHandler([](Diagnostic &) { return success(); });
  return context;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // Attributes live as long as their context, so it has to be renewed now and then.
  constexpr unsigned runsPerContext = 500;
  static std::unique_ptr<MLIRContext> context;
  static unsigned runs = 0;
  if (runs++ % runsPerContext == 0)
    context = makeContext();

  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  tflc::ImportOptions options;
  options.dynamic = size % 2 != 0;
  OwningOpRef<ModuleOp> module =
      tflc::importModel(llvm::MemoryBufferRef(text, "fuzz.tflite"), context.get(), options);
  if (!module)
    return 0;
  FailureOr<std::string> file = tflc::exportModel(*module);
  if (failed(file))
    return 0;
  if (!tflc::importModel(llvm::MemoryBufferRef(*file, "again.tflite"), context.get(), options))
    llvm::report_fatal_error("the exported model is refused");
  return 0;
}
