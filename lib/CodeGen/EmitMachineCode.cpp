//===- EmitMachineCode.cpp - objects and assembly -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;
using namespace tflc;

namespace {
/// Collects frame sizes and errors for the time of a code generation.
struct CodeGenDiagnostics : DiagnosticHandler {
  explicit CodeGenDiagnostics(MachineCode &code, std::string &errors)
      : code(code), errors(errors) {}

  bool handleDiagnostics(const DiagnosticInfo &info) override {
    if (const auto *frame = dyn_cast<DiagnosticInfoStackSize>(&info)) {
      int64_t bytes = static_cast<int64_t>(frame->getStackSize());
      code.largestFrame = std::max(code.largestFrame, bytes);
    } else if (info.getSeverity() == DS_Error) {
      raw_string_ostream stream(errors);
      DiagnosticPrinterRawOStream printer(stream);
      stream << (errors.empty() ? "" : "; ");
      info.print(printer);
    }
    return true;
  }

  MachineCode &code;
  std::string &errors;
};
} // namespace

Expected<MachineCode> tflc::emitMachineCode(Module &module, TargetMachine &machine,
                                            MachineCodeKind kind) {
  MachineCode code;
  std::string errors;
  LLVMContext &context = module.getContext();
  std::unique_ptr<DiagnosticHandler> previous = context.getDiagnosticHandler();
  context.setDiagnosticHandler(std::make_unique<CodeGenDiagnostics>(code, errors));

  SmallVector<char, 0> bytes;
  raw_svector_ostream stream(bytes);
  legacy::PassManager passes;
  TargetLibraryInfoImpl library(machine.getTargetTriple());
  library.disableAllFunctions();
  passes.add(new TargetLibraryInfoWrapperPass(library));
  bool unsupported =
      machine.addPassesToEmitFile(passes, stream, nullptr,
                                  kind == MachineCodeKind::Object ? CodeGenFileType::ObjectFile
                                                                  : CodeGenFileType::AssemblyFile);
  if (!unsupported)
    passes.run(module);
  context.setDiagnosticHandler(std::move(previous));
  if (unsupported)
    return createStringError("this target cannot write that kind of file");
  if (!errors.empty())
    return createStringError("code generation failed: " + errors);
  code.bytes.assign(bytes.begin(), bytes.end());
  return code;
}
