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

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
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
  /// The instruction that sums products of small integers:
  ///   "vnni512", "avxvnni"  4 x u8*s8 into i32, 512 and 256 bit
  ///   "maddwd"              2 x s16*s16 into i32, at any vector width of x86
  ///   "sdot", "smmla"       4 x s8*s8 into i32, and the 2x8 by 8x2 matrix form
  ///   "mve"                 vector multiply-accumulate across lanes
  ///   "smlad"               2 x s16*s16 in a general register
  ///   "none"
  std::string dot = "none";
  /// The instruction that looks bytes up in registers:
  ///   "vpermi2b"  128 entries (two together serve 256)
  ///   "pshufb"    16 entries, at any vector width of x86
  ///   "tbl"       64 entries
  ///   "none"
  std::string lookup = "none";
  /// Products of vectors take one lane of a register as a factor (NEON's by-element form): a row of
  /// a contraction is loaded as a vector and needs no broadcasts.
  bool hasLaneProducts = false;
  /// Neighbouring products of u8 and s8 are added in 16 bits, which saturate (VPMADDUBSW).
  bool hasBytePairs = false;
  /// Matrices of u8 and s8 are multiplied in tile registers (AMX), for which a program asks Linux.
  bool hasTileProducts = false;
  FloatUnit floatUnit = FloatUnit::Double;
  bool hasFMA = false; // fused multiply-add of f32
  /// Float conversions and a fused multiply-add cost less than an exact product of 32 bit lanes.
  bool floatRescale = false;
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

  /// The value of the module attribute `tflc.target`.
  mlir::DictionaryAttr toAttr(mlir::MLIRContext *context) const;
  static std::optional<TargetInfo> fromAttr(mlir::DictionaryAttr attr);
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
/// The module's target; the native one where the module names none.
TargetInfo getTarget(mlir::ModuleOp module);

/// Registers LLVM's code generators; may be called any number of times.
void initializeTargets();

} // namespace tflc

#endif // TFLC_TARGET_TARGETINFO_H
