//===- TargetMachine.cpp - LLVM's view of a target ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "llvm/IR/DataLayout.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace tflc;

/// Code is position independent everywhere. On bare metal the descriptor, which holds addresses,
/// has to stay in flash, which ELF's PIC does not allow: there only code and its access to
/// constants are independent.
static Reloc::Model getRelocModel(const TargetInfo &target) {
  if (!target.isBareMetal())
    return Reloc::PIC_;
  Triple triple(target.triple);
  return triple.isARM() || triple.isThumb() ? Reloc::ROPI : Reloc::Static;
}

static CodeGenOptLevel getCodeGenLevel(OptLevel level) {
  switch (level) {
  case OptLevel::O0:
  case OptLevel::O1:
    return CodeGenOptLevel::Less;
  case OptLevel::O2:
  case OptLevel::Os:
    return CodeGenOptLevel::Default;
  case OptLevel::O3:
    return CodeGenOptLevel::Aggressive;
  }
  llvm_unreachable("all levels are listed");
}

Expected<std::unique_ptr<TargetMachine>> tflc::createTargetMachine(const TargetInfo &target,
                                                                   OptLevel level) {
  initializeTargets();
  Triple triple(target.triple);
  std::string reason;
  const Target *registered = TargetRegistry::lookupTarget(triple, reason);
  if (!registered)
    return createStringError(formatv("unknown triple '{0}'", target.triple));
  TargetOptions options;
  options.FunctionSections = true;
  options.DataSections = true;
  options.MCOptions.ABIName = target.abi;
  // The ARM EABI renames memcpy and memset; the runtime promises the plain names.
  options.EABIVersion = EABI::GNU;
  options.AllowFPOpFusion = FPOpFusion::Standard;
  if (target.floatUnit == FloatUnit::None)
    options.FloatABIType = FloatABI::Soft;
  else if (triple.isHardFloatABI())
    // Marks the object as one whose callers pass floats in registers; linkers compare that.
    options.FloatABIType = FloatABI::Hard;
  std::optional<CodeModel::Model> codeModel;
  if (triple.isRISCV())
    codeModel = CodeModel::Medium; // relative to the program counter, wherever flash begins
  std::unique_ptr<TargetMachine> machine(
      registered->createTargetMachine(triple, target.cpu, target.features, options,
                                      getRelocModel(target), codeModel, getCodeGenLevel(level)));
  if (!machine)
    return createStringError(formatv("no code generator for triple '{0}'", target.triple));
  return machine;
}

Expected<std::string> tflc::getDataLayout(const TargetInfo &target) {
  auto machine = createTargetMachine(target, OptLevel::O2);
  if (!machine)
    return machine.takeError();
  return (*machine)->createDataLayout().getStringRepresentation();
}
