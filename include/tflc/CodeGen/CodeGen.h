//===- CodeGen.h - from the LLVM dialect to machine code --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CODEGEN_CODEGEN_H
#define TFLC_CODEGEN_CODEGEN_H

#include "tflc/Support/OptLevel.h"
#include "tflc/Target/TargetInfo.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace mlir {
class DialectRegistry;
class ModuleOp;
} // namespace mlir

namespace tflc {

/// The target's data layout in LLVM's notation.
llvm::Expected<std::string> getDataLayout(const TargetInfo &target);

llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTargetMachine(const TargetInfo &target,
                                                                         OptLevel level);

/// What translateToLLVMIR needs to know of dialects; to be appended before passes run.
void registerTranslations(mlir::DialectRegistry &registry);

/// LLVM IR of a module in the LLVM dialect, with the attributes that every function of a compiled
/// model has. Null after a diagnostic.
std::unique_ptr<llvm::Module> translateToLLVMIR(mlir::ModuleOp module, llvm::LLVMContext &context,
                                                llvm::TargetMachine &machine,
                                                const TargetInfo &target, OptLevel level);

/// LLVM's optimizations, without those that invent calls of library functions, and then the
/// expansion of what code generation would turn into such calls.
void optimize(llvm::Module &module, llvm::TargetMachine &machine, const TargetInfo &target,
              OptLevel level);

/// Replaces integer operations that the target would call its compiler's run-time library for (64
/// bit division on 32 bit machines, long multiplication on the smallest) by plain code.
void expandIntegerOperations(llvm::Module &module, const TargetInfo &target);

/// The product of code generation.
struct MachineCode {
  std::string bytes;
  int64_t stackBytes = 0; // of an exported function and what it calls
};

enum class MachineCodeKind { Object, Assembly };

/// Code generation consumes the module.
llvm::Expected<MachineCode> emitMachineCode(llvm::Module &module, llvm::TargetMachine &machine,
                                            MachineCodeKind kind);

/// Whether an object for `target` can be made of several: ELF with 64 bits, on x86 and AArch64.
bool canJoinObjects(const TargetInfo &target);

/// One object of several that refer to each other by hidden symbols, which become local ones.
llvm::Expected<std::string> joinObjects(llvm::ArrayRef<std::string> objects);

/// How many instructions of LLVM IR make it worth to compile a part of a module by itself.
inline constexpr int64_t instructionsOfPart = 10000;

/// Optimizes a large module for a target whose objects can be joined, and generates its object, in
/// parts of their own contexts that several threads compile. Functions that are not to be inlined
/// are what parts are made of. The bytes depend on the module alone. False, and nothing is done,
/// where the module is too small.
llvm::Expected<bool> compileInParts(llvm::Module &module, const TargetInfo &target, OptLevel level,
                                    MachineCode &code);

struct ObjectSummary {
  int64_t codeBytes = 0;
  int64_t constantBytes = 0;
  int64_t dataBytes = 0;                     // writable; zero for every compiled model
  std::vector<std::string> undefinedSymbols; // sorted, without memcpy, memmove, memset
};

llvm::Expected<ObjectSummary> summarizeObject(llvm::StringRef bytes);

/// Fails if the object needs anything but memcpy, memmove and memset; the message lists the
/// symbols.
llvm::Error checkObject(const ObjectSummary &summary);

/// An error at each op of a module in the LLVM dialect that computes with floats which the target
/// has no instructions for. LLVM may still have found a way around, so that this is to explain why
/// an object needs symbols. False if there is no such op.
bool reportMissingFloats(mlir::ModuleOp module, const TargetInfo &target);

/// A static library of one member, without time stamps.
llvm::Expected<std::string> makeArchive(llvm::StringRef memberName, llvm::StringRef object,
                                        const TargetInfo &target);

/// A shared library made of the object by lld or the target's compiler driver.
llvm::Expected<std::string> linkShared(llvm::StringRef name, llvm::StringRef object,
                                       const TargetInfo &target);

} // namespace tflc

#endif // TFLC_CODEGEN_CODEGEN_H
