//===- TargetTable.cpp - the known machines -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The table states what a name stands for. Everything that follows from triple, processor and
// features (vector width, dot products, ...) is derived from LLVM's own tables in TargetFacts.cpp,
// so that --cpu and
// --features change it in the same way.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/TargetInfo.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"
#include <algorithm>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace llvm;
using namespace tflc;

namespace {
struct TableRow {
  StringLiteral name;
  StringLiteral description;
  StringLiteral triple;
  StringLiteral cpu;
  StringLiteral features;
  StringLiteral abi;
  int64_t l1Kilobytes;
  int64_t l2Kilobytes;
  // Of a typical part with this core: what `tflc check` compares with.
  int64_t flashKilobytes;
  int64_t ramKilobytes;
  StringLiteral linkCommand;
  StringLiteral runCommand;
};
} // namespace

#define AARCH64_LINK "aarch64-linux-gnu-gcc"
#define AARCH64_RUN "qemu-aarch64 -L /usr/aarch64-linux-gnu -cpu max"
#define RISCV64_RUN "qemu-riscv64 -L /usr/riscv64-linux-gnu"
#define X86_LINK "cc"
// picolibc's start-up code and files by semihosting; its linker script is told the board's memory.
#define ARM_NONE                                                                                   \
  "arm-none-eabi-gcc --specs=picolibc.specs --crt0=semihost --oslib=semihost -mthumb "
#define MEMORY(flash, ram, size)                                                                   \
  " -Wl,--defsym=__flash=" flash ",--defsym=__flash_size=" size ",--defsym=__ram=" ram             \
  ",--defsym=__ram_size=" size ",--defsym=__stack_size=0x8000"
#define MPS2 MEMORY("0", "0x20000000", "0x400000")
#define MPS2_M33 MEMORY("0x10000000", "0x38000000", "0x200000")
// The core starts in the instruction memory, which has half a megabyte.
#define MPS3_M55                                                                                   \
  " -Wl,--defsym=__flash=0,--defsym=__flash_size=0x80000,--defsym=__ram=0x21000000"                \
  ",--defsym=__ram_size=0x200000,--defsym=__stack_size=0x8000"
#define RUN_M(board)                                                                               \
  "qemu-system-arm -M " board " -nographic -monitor none -semihosting-config "                     \
  "enable=on,target=native -kernel"

static constexpr TableRow kTable[] = {
    {"x86-64", "any 64 bit x86 (SSE2)", "x86_64-unknown-linux-gnu", "x86-64", "", "", 32, 256, 0, 0,
     X86_LINK, "qemu-x86_64 -cpu max"},
    {"x86-64-v2", "x86 with SSE4.2 (2009)", "x86_64-unknown-linux-gnu", "x86-64-v2", "", "", 32,
     256, 0, 0, X86_LINK, "qemu-x86_64 -cpu max"},
    {"x86-64-v3", "x86 with AVX2 and FMA (Haswell, Zen)", "x86_64-unknown-linux-gnu", "x86-64-v3",
     "", "", 32, 256, 0, 0, X86_LINK, "qemu-x86_64 -cpu max"},
    {"x86-64-v4", "x86 with AVX-512", "x86_64-unknown-linux-gnu", "x86-64-v4", "-prefer-256-bit",
     "", 32, 1024, 0, 0, X86_LINK, ""},
    {"sapphirerapids", "Intel server, AVX-512 with VNNI and AMX", "x86_64-unknown-linux-gnu",
     "sapphirerapids", "-prefer-256-bit", "", 48, 2048, 0, 0, X86_LINK, ""},
    {"aarch64", "any 64 bit ARM (NEON)", "aarch64-unknown-linux-gnu", "generic", "", "", 32, 512, 0,
     0, AARCH64_LINK, AARCH64_RUN},
    {"cortex-a53", "Raspberry Pi 3, small cores of phones", "aarch64-unknown-linux-gnu",
     "cortex-a53", "", "", 32, 512, 0, 0, AARCH64_LINK, AARCH64_RUN},
    {"cortex-a72", "Raspberry Pi 4", "aarch64-unknown-linux-gnu", "cortex-a72", "", "", 32, 1024, 0,
     0, AARCH64_LINK, AARCH64_RUN},
    {"cortex-a76", "Raspberry Pi 5, phones (dot product)", "aarch64-unknown-linux-gnu",
     "cortex-a76", "", "", 64, 512, 0, 0, AARCH64_LINK, AARCH64_RUN},
    {"neoverse-v1", "ARM server, Graviton 3 (i8mm, SVE)", "aarch64-unknown-linux-gnu",
     "neoverse-v1", "", "", 64, 1024, 0, 0, AARCH64_LINK, AARCH64_RUN},
    {"apple-m1", "Apple silicon, macOS", "arm64-apple-macosx11.0.0", "apple-m1", "", "", 128, 12288,
     0, 0, "", ""},
    {"armv7-a", "32 bit ARM with NEON, hard float", "armv7a-unknown-linux-gnueabihf", "generic",
     "+neon", "", 32, 256, 0, 0, "arm-linux-gnueabihf-gcc",
     "qemu-arm -L /usr/arm-linux-gnueabihf -cpu max"},
    {"cortex-m0plus", "microcontroller, no FPU, no DSP (RP2040)", "thumbv6m-unknown-none-eabi",
     "cortex-m0plus", "", "", 0, 0, 2048, 264, ARM_NONE "-mcpu=cortex-m0plus" MPS2,
     // A board with the next larger core, which executes the same instructions.
     RUN_M("mps2-an385")},
    {"cortex-m3", "microcontroller, no FPU (STM32F1)", "thumbv7m-unknown-none-eabi", "cortex-m3",
     "", "", 0, 0, 512, 64, ARM_NONE "-mcpu=cortex-m3" MPS2, RUN_M("mps2-an385")},
    {"cortex-m4", "microcontroller with DSP and FPU (STM32F4, nRF52)",
     "thumbv7em-unknown-none-eabihf", "cortex-m4", "", "", 0, 0, 1024, 192,
     ARM_NONE "-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16" MPS2, RUN_M("mps2-an386")},
    {"cortex-m7", "microcontroller, DSP, double FPU (STM32H7)", "thumbv7em-unknown-none-eabihf",
     "cortex-m7", "", "", 16, 0, 2048, 512,
     ARM_NONE "-mcpu=cortex-m7 -mfloat-abi=hard -mfpu=fpv5-d16" MPS2, RUN_M("mps2-an500")},
    {"cortex-m33", "microcontroller with DSP and FPU (STM32U5, RP2350)",
     "thumbv8m.main-unknown-none-eabihf", "cortex-m33", "", "", 0, 0, 2048, 768,
     ARM_NONE "-mcpu=cortex-m33 -mfloat-abi=hard" MPS2_M33, RUN_M("mps2-an505")},
    {"cortex-m55", "microcontroller with vectors (MVE)", "thumbv8.1m.main-unknown-none-eabihf",
     "cortex-m55", "", "", 32, 0, 4096, 2048, ARM_NONE "-mcpu=cortex-m55 -mfloat-abi=hard" MPS3_M55,
     RUN_M("mps3-an547")},
    {"cortex-m85", "microcontroller with vectors (MVE), dual issue",
     "thumbv8.1m.main-unknown-none-eabihf", "cortex-m85", "", "", 32, 0, 4096, 2048,
     ARM_NONE "-mcpu=cortex-m55 -mfloat-abi=hard" MPS3_M55, RUN_M("mps3-an547")},
    {"riscv64-gc", "64 bit RISC-V for Linux", "riscv64-unknown-linux-gnu", "generic-rv64",
     "+m,+a,+f,+d,+c", "lp64d", 32, 256, 0, 0, "riscv64-linux-gnu-gcc", RISCV64_RUN},
    {"riscv64-gcv", "64 bit RISC-V with vectors (RVV 1.0)", "riscv64-unknown-linux-gnu",
     "generic-rv64", "+m,+a,+f,+d,+c,+v", "lp64d", 32, 256, 0, 0, "riscv64-linux-gnu-gcc",
     RISCV64_RUN},
    {"riscv32-imc", "32 bit RISC-V microcontroller, no FPU (ESP32-C3)", "riscv32-unknown-none-elf",
     "generic-rv32", "+m,+c", "ilp32", 0, 0, 4096, 400, "", ""},
    {"riscv32-imafc", "32 bit RISC-V microcontroller with FPU", "riscv32-unknown-none-elf",
     "generic-rv32", "+m,+a,+f,+c", "ilp32f", 0, 0, 4096, 512, "", ""},
};

static std::vector<std::string> splitCommand(StringRef command) {
  SmallVector<StringRef> words;
  command.split(words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return {words.begin(), words.end()};
}

/// RISC-V's vectors are a property of QEMU's processor, and so is their length. Programs run on
/// longer registers, too, but the shortest ones that they are made for show more mistakes.
static void chooseEmulatedVectors(TargetInfo &target) {
  if (!Triple(target.triple).isRISCV() || target.runCommand.empty())
    return;
  std::vector<std::string> &command = target.runCommand;
  if (auto option = llvm::find(command, "-cpu"); option != command.end())
    command.erase(option, option + 2);
  if (target.vectorBits) {
    command.push_back("-cpu");
    command.push_back(formatv("rv64,v=true,vlen={0},vext_spec=v1.0", target.vectorBits));
  }
}

static TargetInfo makeTarget(const TableRow &row) {
  TargetInfo target;
  target.name = row.name.str();
  target.description = row.description.str();
  target.triple = row.triple.str();
  target.cpu = row.cpu.str();
  target.features = row.features.str();
  target.abi = row.abi.str();
  target.l1Bytes = row.l1Kilobytes * 1024;
  target.l2Bytes = row.l2Kilobytes * 1024;
  target.flashBytes = row.flashKilobytes * 1024;
  target.ramBytes = row.ramKilobytes * 1024;
  target.linkCommand = splitCommand(row.linkCommand);
  target.runCommand = splitCommand(row.runCommand);
  cantFail(deriveFacts(target));
  chooseEmulatedVectors(target);
  return target;
}

/// Linux gives a process the tile registers of AMX when it asks for them.
static bool mayUseTiles() {
#if defined(__linux__) && defined(__x86_64__)
  constexpr int requestPermission = 0x1023, tileData = 18; // ARCH_REQ_XCOMP_PERM of asm/prctl.h
  return syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
#else
  return false;
#endif
}

TargetInfo tflc::detectNativeTarget() {
  TargetInfo target;
  target.name = "native";
  target.description = "the machine that compiles";
  target.triple = sys::getDefaultTargetTriple();
  target.cpu = sys::getHostCPUName().str();
  // A string map has no stable order, and the string ends up in the object's attributes.
  std::vector<std::string> features;
  for (const auto &feature : sys::getHostCPUFeatures())
    features.push_back((feature.second ? "+" : "-") + feature.first().str());
  llvm::sort(features);
  // 512 bit vectors do not slow down the processors that matter here, and dot products double.
  if (Triple(target.triple).isX86())
    features.push_back("-prefer-256-bit");
  if (llvm::is_contained(features, "+amx-int8") && !mayUseTiles())
    features.push_back("-amx-int8");
  target.features = join(features, ",");
  target.l1Bytes = 32 * 1024;
  target.l2Bytes = 512 * 1024;
#if defined(__linux__) && defined(_SC_LEVEL1_DCACHE_SIZE)
  if (long bytes = sysconf(_SC_LEVEL1_DCACHE_SIZE); bytes > 0)
    target.l1Bytes = bytes;
  if (long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE); bytes > 0)
    target.l2Bytes = bytes;
#endif
  target.linkCommand = {"cc"};
  cantFail(deriveFacts(target));
  return target;
}

std::vector<TargetInfo> tflc::getAllTargets() {
  std::vector<TargetInfo> targets = {detectNativeTarget()};
  for (const TableRow &row : kTable)
    targets.push_back(makeTarget(row));
  return targets;
}

std::optional<TargetInfo> tflc::lookupTarget(StringRef name) {
  if (name == "native")
    return detectNativeTarget();
  const auto *row = llvm::find_if(kTable, [&](const TableRow &row) { return row.name == name; });
  if (row == std::end(kTable))
    return std::nullopt;
  return makeTarget(*row);
}

/// The known name nearest to what the user wrote, for the error's hint.
static StringRef nearestName(StringRef name) {
  StringRef best;
  unsigned bestDistance = 4;
  for (const TableRow &row : kTable) {
    unsigned distance = StringRef(row.name).edit_distance(name, true, bestDistance);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = row.name;
    }
  }
  return best;
}

Expected<TargetInfo> tflc::resolveTarget(const TargetSelection &selection) {
  TargetInfo target;
  if (!selection.name.empty() || selection.triple.empty()) {
    StringRef name = selection.name.empty() ? StringRef("native") : StringRef(selection.name);
    std::optional<TargetInfo> known = lookupTarget(name);
    if (!known) {
      std::string message = formatv("unknown target '{0}'", name);
      if (StringRef nearest = nearestName(name); !nearest.empty())
        message += formatv("; did you mean '{0}'?", nearest);
      return createStringError(message);
    }
    target = *known;
  }
  bool changed = !selection.triple.empty() || !selection.cpu.empty() || !selection.features.empty();
  if (!changed)
    return target;
  if (!selection.triple.empty()) {
    // Processor, features and ABI of the table's row belong to its own triple.
    std::string normal = Triple::normalize(selection.triple);
    if (Triple(normal).getArch() != Triple(target.triple).getArch()) {
      target = TargetInfo();
      target.l1Bytes = 32 * 1024;
      target.description = "given by --triple";
    }
    target.triple = normal;
  }
  if (!selection.cpu.empty()) {
    if (selection.cpu == "native")
      return createStringError("'native' is a target, not a processor; use --target=native");
    target.cpu = selection.cpu;
    // Every host feature is spelled out in the native row and would override the processor's own.
    if (target.isNative())
      target.features.clear();
  }
  if (!selection.features.empty())
    target.features += (target.features.empty() ? "" : ",") + selection.features;
  target.name = !selection.name.empty() ? selection.name : "custom";
  if (target.isNative())
    target.name = "custom";
  if (Error error = deriveFacts(target))
    return std::move(error);
  chooseEmulatedVectors(target);
  return target;
}
