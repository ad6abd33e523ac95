//===- tflc-translate.cpp - .tflite files to tfl modules and back ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/TFLDialect.h"
#include "tflc/Compiler/PrintFindings.h"
#include "tflc/Import/Export.h"
#include "tflc/Import/Import.h"

#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

static llvm::cl::OptionCategory category("Options of tflc-translate");

static llvm::cl::opt<bool>
    dynamic("dynamic", llvm::cl::cat(category),
            llvm::cl::desc("Keep the dimensions that the model leaves open"));

static llvm::cl::opt<bool> allowUnsupported(
    "allow-unsupported", llvm::cl::cat(category),
    llvm::cl::desc("Import operators that tflc does not support as unsupported.NAME"));

static llvm::cl::list<std::string> shapes("shape", llvm::cl::cat(category),
                                          llvm::cl::desc("Fix the shape of an input"),
                                          llvm::cl::value_desc("NAME:4x28x28"));

static llvm::cl::opt<std::string> modelName("model-name", llvm::cl::cat(category),
                                            llvm::cl::desc("File name for messages and locations"));

static tflc::Diagnostics &getDiagnostics() {
  // Outlives every context.
  static tflc::Diagnostics diagnostics(tflc::printFindingsTo(llvm::errs()));
  return diagnostics;
}

static OwningOpRef<Operation *> importFile(llvm::SourceMgr &sources, MLIRContext *context) {
  getDiagnostics().attach(*context);
  const llvm::MemoryBuffer *file = sources.getMemoryBuffer(sources.getMainFileID());
  tflc::ImportOptions options;
  options.fileName = modelName.empty() ? file->getBufferIdentifier().str() : modelName.getValue();
  options.dynamic = dynamic;
  options.allowUnsupported = allowUnsupported;
  for (const std::string &text : shapes) {
    FailureOr<tflc::ShapeOverride> shape = tflc::parseShapeOverride(text);
    if (failed(shape)) {
      getDiagnostics().error("--shape wants NAME:4x28x28, found " + text);
      return nullptr;
    }
    options.shapes.push_back(*shape);
  }
  context->allowUnregisteredDialects(allowUnsupported);
  OwningOpRef<ModuleOp> module = tflc::importModel(file->getMemBufferRef(), context, options);
  return OwningOpRef<Operation *>(module.release());
}

static LogicalResult exportFile(Operation *op, llvm::raw_ostream &output) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module)
    return op->emitError() << "expected a module";
  FailureOr<std::string> file = tflc::exportModel(module);
  if (failed(file))
    return failure();
  output << *file;
  return success();
}

static void registerDialects(DialectRegistry &registry) {
  registry.insert<tflc::tfl::TFLDialect, func::FuncDialect, quant::QuantDialect>();
}

int main(int argc, char **argv) {
  TranslateToMLIRRegistration importRegistration(
      "import-tflite", "import a .tflite model into the tfl dialect", importFile, registerDialects);
  TranslateFromMLIRRegistration exportRegistration(
      "export-tflite", "export a module of the tfl dialect as a .tflite model", exportFile,
      registerDialects);
  return failed(
      mlirTranslateMain(argc, argv, "translates .tflite models to the tfl dialect and back"));
}
