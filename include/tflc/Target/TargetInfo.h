//===- TargetInfo.h - what the compiler knows of a machine ------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// One table maps target names to facts. Schedules and lowerings ask for facts ("how wide is a
// vector?"), never for a target's name, so a new machine is a new row of the table.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TARGET_TARGETINFO_H
#define TFLC_TARGET_TARGETINFO_H

#include "tflc/Target/InstructionSet.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/LogicalResult.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mlir {
class DictionaryAttr;
class MLIRContext;
class ModuleOp;
} // namespace mlir

namespace tflc {

/// What machine code is made for; decided by the triple.
enum class Architecture { Unknown, X86, AArch64, ARM, RISCV };

/// Widest floating point format that the machine computes with in hardware.
enum class FloatUnit { None, Single, Double };

struct TargetInfo {
  std::string name;
  std::string description;

  // What LLVM is told.
  std::string triple;
  std::string cpu;
  std::string features; // "+a,-b", LLVM's form
  std::string abi;      // empty: the triple's default

  // Facts for schedules and lowerings.
  unsigned pointerBits = 64;
  unsigned vectorBits = 0; // 0: no vector unit
  unsigned vectorRegisters = 0;
  bool scalableVectors = false;
  InstructionSet instructions;
  FloatUnit floatUnit = FloatUnit::Double;
  bool hasFMA = false;           // fused multiply-add of f32
  bool hasRounding = true;       // floor, ceil, trunc, nearest even of f32 as instructions
  bool hasHalfConversion = true; // f16 <-> f32 as instructions
  bool hasDivide = true;         // integer division at pointer width
  bool hasWideMultiply = true;   // twice the width of a register as result
  int64_t l1Bytes = 0;           // data caches; 0: none or unknown
  int64_t l2Bytes = 0;
  int64_t flashBytes = 0; // of a typical part; 0: not a microcontroller
  int64_t ramBytes = 0;

  // How tests and `tflc run --target` build and execute a program; empty: not possible here.
  std::vector<std::string> linkCommand; // the cross compiler and its flags
  std::vector<std::string> runCommand;  // the emulator and its flags; the program's path follows

  bool isBareMetal() const;
  bool isNative() const { return name == "native"; }
  Architecture getArchitecture() const;
  /// Whether `machine` executes programs for this target.
  bool runsOn(const TargetInfo &machine) const;

  /// The value of the module attribute `tflc.target`.
  mlir::DictionaryAttr toAttr(mlir::MLIRContext *context) const;
  /// Reads that attribute. What it leaves out has the value that the table says, where it names a
  /// target and no triple, and otherwise the default. An unknown name of an instruction, or an
  /// entry of another type, is an error.
  static llvm::Expected<TargetInfo> fromAttr(mlir::DictionaryAttr attr);
};

/// Name of the module attribute that holds the target.
inline constexpr llvm::StringLiteral kTargetAttrName = "tflc.target";

/// Every known target, in the order in which they are listed to users; "native" comes first.
std::vector<TargetInfo> getAllTargets();

/// The target of that name, or none.
std::optional<TargetInfo> lookupTarget(llvm::StringRef name);

/// What a user may say of a target; empty fields leave the table's value.
struct TargetSelection {
  std::string name; // empty: "native", or "generic" where a triple is given
  std::string triple;
  std::string cpu;
  std::string features; // added after those of the table
};

/// Resolves what the user said: table entry and overrides, checked with LLVM's own tables.
llvm::Expected<TargetInfo> resolveTarget(const TargetSelection &selection);

/// The machine this process runs on.
TargetInfo detectNativeTarget();

/// Facts that follow from the triple and the feature string alone; the table states what does not.
/// Returns an error where LLVM does not know triple, cpu or feature.
llvm::Error deriveFacts(TargetInfo &target);

void setTarget(mlir::ModuleOp module, const TargetInfo &target);
/// The module's target; the native one where the module names none. An attribute that cannot be
/// read is reported at the module.
llvm::FailureOr<TargetInfo> getTarget(mlir::ModuleOp module);

/// Registers LLVM's code generators; may be called any number of times.
void initializeTargets();

} // namespace tflc

#endif // TFLC_TARGET_TARGETINFO_H
