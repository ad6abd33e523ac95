//===- TargetFacts.cpp - facts that follow from LLVM's tables -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/Registers.h"
#include "tflc/Target/TargetInfo.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Triple.h"
#include <memory>

using namespace llvm;
using namespace tflc;

void tflc::initializeTargets() {
  static const bool initialized = [] {
    InitializeAllTargetInfos();
    InitializeAllTargets();
    InitializeAllTargetMCs();
    InitializeAllAsmPrinters();
    InitializeAllAsmParsers();
    return true;
  }();
  (void)initialized;
}

bool TargetInfo::isBareMetal() const {
  Triple parsed(triple);
  return parsed.getOS() == Triple::UnknownOS;
}

Architecture TargetInfo::getArchitecture() const {
  Triple parsed(triple);
  if (parsed.isX86())
    return Architecture::X86;
  if (parsed.isAArch64())
    return Architecture::AArch64;
  if (parsed.isARM() || parsed.isThumb())
    return Architecture::ARM;
  return parsed.isRISCV() ? Architecture::RISCV : Architecture::Unknown;
}

bool TargetInfo::runsOn(const TargetInfo &machine) const {
  Triple own(triple), other(machine.triple);
  if (own.getArch() != other.getArch() || own.getOS() != other.getOS())
    return false;
  // Every x86-64 multiplies words in pairs.
  DotInstruction needed = instructions.dot->instruction;
  bool hasDot = instructions.dot == machine.instructions.dot || needed == DotInstruction::None ||
                needed == DotInstruction::Maddwd;
  return vectorBits <= machine.vectorBits && hasDot && (machine.hasFMA || !hasFMA);
}

unsigned tflc::getGeneralRegisters(const TargetInfo &target) {
  switch (target.getArchitecture()) {
  case Architecture::AArch64:
    return 28;
  case Architecture::RISCV:
    return 27;
  case Architecture::ARM:
    return target.hasWideMultiply ? 13 : 8;
  case Architecture::X86:
  case Architecture::Unknown:
    return 14;
  }
  llvm_unreachable("all architectures are listed");
}

StringRef tflc::getRegisterConstraint(const TargetInfo &target, bool isFloat) {
  Architecture architecture = target.getArchitecture();
  if (target.vectorBits == 0)
    return isFloat && architecture != Architecture::AArch64 ? "f" : "r";
  switch (architecture) {
  case Architecture::X86:
    return "v";
  case Architecture::AArch64:
    return "w";
  case Architecture::RISCV:
    return "vr";
  case Architecture::ARM:
  case Architecture::Unknown:
    return "r";
  }
  llvm_unreachable("all architectures are listed");
}

static void deriveX86(TargetInfo &target, const Triple &triple, const StringSet<> &has) {
  auto with = [&](StringRef name) { return has.contains(name); };
  bool wide = with("avx512f") && with("avx512bw") && with("avx512vl");
  target.vectorBits = wide ? 512 : with("avx2") ? 256 : 128;
  target.vectorRegisters = wide ? 32 : 16;
  bool wideVNNI = wide && with("avx512vnni");
  InstructionSet &instructions = target.instructions;
  instructions.dot = &getDotProduct(wideVNNI              ? DotInstruction::VNNI512
                                    : with("avxvnniint8") ? DotInstruction::AVXVNNIINT8
                                    : with("avxvnni")     ? DotInstruction::AVXVNNI
                                                          : DotInstruction::Maddwd);
  instructions.hasBytePairs = with("ssse3");
  // The generated code knows how to ask Linux for the registers. What does not go through them
  // needs the unsigned rows of VPDPBUSD, too.
  instructions.hasTileProducts =
      wideVNNI && with("amx-int8") && triple.isOSLinux() && triple.isArch64Bit();
  instructions.lookup = &getLookup(wide && with("avx512vbmi") ? LookupInstruction::Vpermi2b
                                   : with("ssse3")            ? LookupInstruction::Pshufb
                                                              : LookupInstruction::None);
  target.hasFMA = with("fma") || with("avx512f");
  instructions.floatRescale = target.hasFMA;
  target.hasRounding = with("sse4.1");
  target.hasHalfConversion = with("f16c") || with("avx512f");
}

static void deriveAArch64(TargetInfo &target, const StringSet<> &has) {
  bool neon = has.contains("neon");
  target.vectorBits = neon ? 128 : 0;
  target.vectorRegisters = neon ? 32 : 0;
  InstructionSet &instructions = target.instructions;
  instructions.dot = &getDotProduct(has.contains("i8mm")      ? DotInstruction::Smmla
                                    : has.contains("dotprod") ? DotInstruction::Sdot
                                                              : DotInstruction::None);
  instructions.lookup = &getLookup(neon ? LookupInstruction::Tbl : LookupInstruction::None);
  instructions.hasLaneProducts = neon;
  target.hasFMA = true;
}

static void deriveARM(TargetInfo &target, const Triple &triple, const StringSet<> &has) {
  auto with = [&](StringRef name) { return has.contains(name); };
  bool mainline = with("thumb2"); // Cortex-M0 and its kin have neither long multiply nor divide
  target.vectorBits = with("neon") || with("mve") ? 128 : 0;
  target.vectorRegisters = with("neon") ? 16 : with("mve") ? 8 : 0;
  bool mve = with("mve") && !with("neon");
  target.instructions.dot = &getDotProduct(with("neon")  ? DotInstruction::None
                                           : mve         ? DotInstruction::Mve
                                           : with("dsp") ? DotInstruction::Smlad
                                                         : DotInstruction::None);
  // LLVM takes pairs of 32 bits for pairs of 64 with MVE, and calls a library to divide or convert
  // those.
  target.instructions.hasHalfVectors = !mve;
  target.instructions.extendsAlternateLanes = mve;
  target.floatUnit = with("fp64")                       ? FloatUnit::Double
                     : with("fpregs") && with("vfp2sp") ? FloatUnit::Single
                                                        : FloatUnit::None;
  target.hasFMA = with("vfp4d16sp");
  target.hasRounding = with("fp-armv8d16sp");
  target.hasHalfConversion = with("fp16");
  target.hasDivide = triple.isThumb() ? mainline && with("hwdiv") : with("hwdiv-arm");
  target.hasWideMultiply = mainline;
}

/// The length of vector registers that a machine with V has at least: the longest of the features
/// `zvl*b`, each of which implies the shorter ones. Code for it runs on longer registers, too, of
/// which it uses a part: what a vector holds does not depend on the machine it runs on.
static unsigned getLeastVectorLength(const StringSet<> &has) {
  // Vectors lie along channels, and few layers of small networks have more of them than the 32
  // lanes of 1024 bits. QEMU 7.2 has no longer ones to test with.
  for (unsigned bits : {1024, 512, 256})
    if (has.contains(formatv("zvl{0}b", bits).str()))
      return bits;
  return 128; // what V itself demands
}

static void deriveRISCV(TargetInfo &target, const StringSet<> &has) {
  auto with = [&](StringRef name) { return has.contains(name); };
  target.scalableVectors = with("v");
  target.vectorBits = with("v") ? getLeastVectorLength(has) : 0;
  target.vectorRegisters = with("v") ? 32 : 0;
  target.floatUnit = with("d")   ? FloatUnit::Double
                     : with("f") ? FloatUnit::Single
                                 : FloatUnit::None;
  target.hasFMA = with("f");
  // Without Zfa LLVM rounds through integers, but calls a library where code shall be small.
  target.hasRounding = with("zfa");
  target.hasHalfConversion = with("zfhmin") || with("zfh");
  target.hasDivide = with("m");
  target.hasWideMultiply = with("m");
}

Error tflc::deriveFacts(TargetInfo &target) {
  initializeTargets();
  // Of `thumbv7em-none-eabihf` LLVM would take the last part for an operating system, and then
  // pass floats in general registers.
  target.triple = Triple::normalize(target.triple);
  Triple triple(target.triple);
  std::string reason;
  const Target *registered = TargetRegistry::lookupTarget(triple, reason);
  if (!registered)
    return createStringError(formatv("unknown triple '{0}'", target.triple));

  // LLVM prints a warning for an unknown processor or feature and goes on; a user wants an error.
  std::unique_ptr<MCSubtargetInfo> plain(registered->createMCSubtargetInfo(triple, "", ""));
  if (!target.cpu.empty() && !plain->isCPUStringValid(target.cpu))
    return createStringError(
        formatv("unknown processor '{0}' for triple '{1}'", target.cpu, target.triple));
  StringSet<> known;
  for (const SubtargetFeatureKV &feature : plain->getAllProcessorFeatures())
    known.insert(feature.Key);
  // The host may report features that this LLVM has no name for.
  SmallVector<StringRef> features, usable;
  StringRef(target.features).split(features, ',', -1, false);
  for (StringRef feature : features) {
    bool wellFormed = feature.starts_with("+") || feature.starts_with("-");
    if (wellFormed && known.contains(feature.drop_front())) {
      usable.push_back(feature);
      continue;
    }
    if (!target.isNative())
      return createStringError(formatv("unknown feature '{0}' for triple '{1}'{2}", feature,
                                       target.triple,
                                       wellFormed ? "" : "; write '+name' or '-name'"));
  }
  target.features = join(usable, ",");

  std::unique_ptr<MCSubtargetInfo> subtarget(
      registered->createMCSubtargetInfo(triple, target.cpu, target.features));
  StringSet<> has;
  for (const SubtargetFeatureKV &feature : subtarget->getEnabledProcessorFeatures())
    has.insert(feature.Key);

  target.pointerBits = triple.isArch64Bit() ? 64 : 32;
  if (triple.isX86())
    deriveX86(target, triple, has);
  else if (triple.isAArch64())
    deriveAArch64(target, has);
  else if (triple.isARM() || triple.isThumb())
    deriveARM(target, triple, has);
  else if (triple.isRISCV())
    deriveRISCV(target, has);
  else
    return createStringError(
        formatv("no code generation for the architecture of triple '{0}'", target.triple));
  return Error::success();
}
