//===- Converter.cpp - from a source to a .tflite file --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/Converter.h"

#include "ConversionMetadata.h"

#include "TFL/IR/TFLDialect.h"
#include "tflc/Import/Export.h"
#include "tflc/Support/OutputFiles.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace tflc;

/// A number for the content of a source.
static uint64_t hashSource(const Source &source) {
  if (!source.isFolder)
    return llvm::xxh3_64bits(source.contents);
  llvm::Expected<std::string> graph = readFile(source.path + "/saved_model.pb");
  if (graph)
    return llvm::xxh3_64bits(*graph);
  llvm::consumeError(graph.takeError());
  return 0;
}

/// What the format keeps beside the model: who wrote it, the oldest runtime that reads it, and
/// where it comes from.
static void addMetadata(ModuleOp module, const Source &source, const ConvertOptions &options) {
  Builder builder(module.getContext());
  auto entry = [&](StringRef name, StringRef data) {
    return builder.getDictionaryAttr({builder.getNamedAttr("name", builder.getStringAttr(name)),
                                      builder.getNamedAttr("data", builder.getStringAttr(data))});
  };
  // The format wants 16 bytes.
  std::string oldest = "1.5.0";
  oldest.resize(16);
  ConversionMetadata metadata;
  metadata.kind = source.isFolder ? SourceKind::SavedModel : SourceKind::Keras;
  metadata.hash = hashSource(source);
  metadata.optimizationModes = options.optimizationModes;
  metadata.allowsCustomOperators = !options.customOperators.empty();
  if (auto version = module->getAttrOfType<StringAttr>("tf.version"))
    metadata.version = version.str();
  module->setAttr("tfl.description", builder.getStringAttr("tflc converted."));
  module->setAttr("tfl.metadata", builder.getArrayAttr({entry("min_runtime_version", oldest),
                                                        entry(conversionMetadataName,
                                                              writeConversionMetadata(metadata))}));
}

/// Takes the signatures away that `wanted` does not name. False, after a report, where it names one
/// that is not there.
static bool selectSignatures(ModuleOp module, llvm::ArrayRef<std::string> wanted,
                             Diagnostics &diagnostics) {
  if (wanted.empty())
    return true;
  llvm::StringSet<> found;
  std::string known;
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
    auto key = function->getAttrOfType<StringAttr>("tfl.signature");
    if (!key)
      continue;
    known += (known.empty() ? "'" : ", '") + key.str() + "'";
    found.insert(key.getValue());
    if (!llvm::is_contained(wanted, key.getValue()))
      function.erase();
  }
  for (const std::string &key : wanted) {
    if (found.contains(key))
      continue;
    diagnostics.error("the model has no signature '" + key + "'");
    diagnostics.help("it has " + known);
    return false;
  }
  return true;
}

static std::string print(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream, OpPrintingFlags().elideLargeElementsAttrs(64));
  stream << '\n';
  return text;
}

static LogicalResult runPhases(ModuleOp module, const ConvertOptions &options) {
  for (const ConvertPhaseInfo &info : getConvertPhases()) {
    PassManager manager(module.getContext());
    manager.enableVerifier(false);
    buildConvertPhase(manager, info.phase);
    if (failed(manager.run(module)))
      return failure();
    if (options.stopAfter == info.phase)
      return success();
  }
  return success();
}

FailureOr<std::string> tflc::convertSource(const Source &source, const ConvertOptions &options,
                                           Diagnostics &diagnostics) {
  diagnostics.setFile(source.path);
  MLIRContext context(MLIRContext::Threading::DISABLED);
  diagnostics.attach(context);
  // Operators that the tfl dialect lacks can be written all the same.
  context.allowUnregisteredDialects();
  context.loadDialect<tfl::TFLDialect>();
  ImportOptions importOptions;
  importOptions.fileName = source.path;
  importOptions.shapes = options.shapes;
  importOptions.dynamic = true;
  importOptions.allowUnsupported = true;
  const FrontEnd &frontEnd = findFrontEnd(source);
  OwningOpRef<ModuleOp> module = frontEnd.read(source, &context, importOptions);
  if (!module)
    return failure();
  if (!selectSignatures(*module, options.signatures, diagnostics))
    return failure();
  if (frontEnd.getLevel() == SourceLevel::TF) {
    setCustomOperators(*module, options.customOperators);
    if (failed(runPhases(*module, options))) {
      if (diagnostics.getNumErrors() == 0)
        diagnostics.error("the conversion failed without saying why");
      return failure();
    }
    addMetadata(*module, source, options);
  }
  return options.stopAfter ? FailureOr<std::string>(print(*module)) : exportModel(*module);
}
