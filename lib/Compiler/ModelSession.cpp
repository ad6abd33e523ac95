//===- ModelSession.cpp - a model in work ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/ModelSession.h"

#include "tflc/Compiler/Converter.h"
#include "tflc/Compiler/Outcome.h"

#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tflc;

std::unique_ptr<ModelSession> ModelSession::open(const SessionOptions &options,
                                                 Diagnostics &diagnostics) {
  llvm::Expected<Source> source = Source::open(options.path);
  if (!source) {
    diagnostics.check(source.takeError());
    return nullptr;
  }
  if (findFrontEnd(*source).getLevel() == SourceLevel::TFL && !source->isFolder)
    return create(std::move(source->contents), options, diagnostics);
  FailureOr<std::string> converted = convertSource(*source, {}, diagnostics);
  if (failed(converted))
    return nullptr;
  return create(std::move(*converted), options, diagnostics);
}

std::unique_ptr<ModelSession> ModelSession::create(std::string contents,
                                                   const SessionOptions &options,
                                                   Diagnostics &diagnostics) {
  diagnostics.setFile(options.path);
  if (contents.empty()) {
    diagnostics.error("the file is empty");
    return nullptr;
  }
  return std::unique_ptr<ModelSession>(new ModelSession(options, diagnostics, std::move(contents)));
}

ModelSession::ModelSession(const SessionOptions &options, Diagnostics &diagnostics,
                           std::string contents)
    : options(options), diagnostics(diagnostics), contents(std::move(contents)) {
  DialectRegistry registry;
  registerCompileDialects(registry);
  // Models are compiled function by function and most have one: threads would only cost start-up.
  context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
  diagnostics.attach(*context);
}

ModelSession::~ModelSession() = default;

OwningOpRef<ModuleOp> ModelSession::import(bool dynamic, llvm::ArrayRef<ShapeOverride> shapes,
                                           bool allowUnsupported) {
  auto work = showWork("reading");
  ImportOptions importOptions;
  importOptions.fileName = options.path;
  importOptions.dynamic = dynamic;
  importOptions.allowUnsupported = allowUnsupported;
  context->allowUnregisteredDialects(allowUnsupported);
  importOptions.shapes = options.shapes;
  llvm::append_range(importOptions.shapes, shapes);
  return importModel(llvm::MemoryBufferRef(contents, options.path), context.get(), importOptions,
                     options.customFunctions);
}

/// Whether a phase has been completed.
static bool hasPhase(ArrayRef<std::pair<std::string, double>> done, Phase phase) {
  return llvm::any_of(done, [&](const auto &entry) { return parsePhase(entry.first) == phase; });
}

int ModelSession::compile(ModuleOp module, CompileResult &result) {
  auto work = showWork("compiling");
  LogicalResult compiled = compileModel(module, options.compile, result);
  if (succeeded(compiled))
    return exitDone;
  // What the model can be blamed for shows until it is lowered; code generation may miss a linker.
  const auto &done = result.statistics.seconds;
  bool isDefect =
      diagnostics.getNumErrors() == 0 ||
      (hasPhase(done, Phase::Lower) && !hasPhase(done, Phase::LLVM) && !result.isUnbounded);
  if (!isDefect)
    return exitFault;
  if (diagnostics.getNumErrors() == 0)
    diagnostics.error("compilation failed without saying why");
  diagnostics.help("this is a defect of tflc; please report it with the model");
  return exitDefect;
}
