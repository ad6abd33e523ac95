//===- EmitMachineCode.cpp - objects and assembly -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
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
  using Frames = DenseMap<const Function *, int64_t>;

  CodeGenDiagnostics(Frames &frames, std::string &errors) : frames(frames), errors(errors) {}

  bool handleDiagnostics(const DiagnosticInfo &info) override {
    if (const auto *frame = dyn_cast<DiagnosticInfoStackSize>(&info)) {
      frames[&frame->getFunction()] = static_cast<int64_t>(frame->getStackSize());
    } else if (info.getSeverity() == DS_Error) {
      raw_string_ostream stream(errors);
      DiagnosticPrinterRawOStream printer(stream);
      stream << (errors.empty() ? "" : "; ");
      info.print(printer);
    }
    return true;
  }

  Frames &frames;
  std::string &errors;
};
} // namespace

/// The stack that a call of `function` takes, without what it calls by pointers. Compiled models do
/// not recurse.
static int64_t countStack(const Function &function, const CodeGenDiagnostics::Frames &frames) {
  int64_t deepest = 0;
  for (const Instruction &instruction : instructions(function))
    if (auto *call = dyn_cast<CallBase>(&instruction))
      if (const Function *callee = call->getCalledFunction())
        deepest = std::max(deepest, countStack(*callee, frames));
  return frames.lookup(&function) + deepest;
}

/// The stack that an invocation takes. Local functions that are called by pointers are tasks, which
/// the caller's thread may run, too.
static int64_t countStack(const Module &module, const CodeGenDiagnostics::Frames &frames) {
  int64_t exported = 0, tasks = 0;
  for (const Function &function : module) {
    if (!function.hasLocalLinkage())
      exported = std::max(exported, countStack(function, frames));
    else if (function.hasAddressTaken())
      tasks = std::max(tasks, countStack(function, frames));
  }
  return exported + tasks;
}

Expected<MachineCode> tflc::emitMachineCode(Module &module, TargetMachine &machine,
                                            MachineCodeKind kind) {
  MachineCode code;
  CodeGenDiagnostics::Frames frames;
  std::string errors;
  LLVMContext &context = module.getContext();
  std::unique_ptr<DiagnosticHandler> previous = context.getDiagnosticHandler();
  context.setDiagnosticHandler(std::make_unique<CodeGenDiagnostics>(frames, errors));

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
  code.stackBytes = countStack(module, frames);
  code.bytes.assign(bytes.begin(), bytes.end());
  return code;
}
