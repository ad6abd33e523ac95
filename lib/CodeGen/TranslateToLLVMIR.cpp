//===- TranslateToLLVMIR.cpp - LLVM dialect to LLVM IR --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Target/TargetMachine.h"

using namespace tflc;

void tflc::registerTranslations(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
}

/// The functions that call a parallel-for of the caller's, or functions that do: other threads
/// write memory before they return.
static llvm::DenseSet<llvm::Function *> findWaitingFunctions(llvm::Module &module) {
  llvm::DenseSet<llvm::Function *> found;
  llvm::SmallVector<llvm::Function *> work;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *call = llvm::dyn_cast<llvm::CallBase>(&instruction); call && call->isIndirectCall())
        work.push_back(&function);
  while (!work.empty()) {
    llvm::Function *function = work.pop_back_val();
    if (!found.insert(function).second)
      continue;
    for (llvm::User *user : function->users())
      if (auto *call = llvm::dyn_cast<llvm::CallBase>(user))
        work.push_back(call->getFunction());
  }
  return found;
}

static void setFunctionAttributes(llvm::Function &function, const TargetInfo &target,
                                  OptLevel level, bool waits) {
  function.addFnAttr("target-cpu", target.cpu);
  if (!target.features.empty())
    function.addFnAttr("target-features", target.features);
  if (target.vectorBits >= 512) {
    function.addFnAttr("prefer-vector-width", "512");
    function.addFnAttr("min-legal-vector-width", "512");
  }
  // Makes code generation report every frame's size, from which the summary's stack comes.
  function.addFnAttr("warn-stack-size", "0");
  function.addFnAttr("frame-pointer", "none");
  function.addFnAttr(llvm::Attribute::NoUnwind);
  function.addFnAttr(llvm::Attribute::WillReturn);
  if (!waits)
    function.addFnAttr(llvm::Attribute::NoSync);
  function.addFnAttr(llvm::Attribute::NoFree);
  if (level == OptLevel::Os)
    function.addFnAttr(llvm::Attribute::OptimizeForSize);
}

/// The arithmetic whose result becomes an integer: there the last bit of a product can decide about
/// a whole number, and integers are exact.
static llvm::DenseSet<llvm::Instruction *> findIntegerArithmetic(llvm::Function &function) {
  llvm::DenseSet<llvm::Instruction *> found;
  llvm::SmallVector<llvm::Value *> work;
  for (llvm::Instruction &instruction : llvm::instructions(function))
    if (llvm::isa<llvm::FPToSIInst, llvm::FPToUIInst>(instruction))
      work.push_back(instruction.getOperand(0));
  while (!work.empty()) {
    auto *instruction = llvm::dyn_cast<llvm::Instruction>(work.pop_back_val());
    // A value that a loop carries is a sum of many, not one that is rounded.
    if (!instruction || !llvm::isa<llvm::FPMathOperator>(instruction) ||
        llvm::isa<llvm::PHINode>(instruction) || !found.insert(instruction).second)
      continue;
    llvm::append_range(work, instruction->operands());
  }
  return found;
}

/// A product and a sum may become one instruction. Anything more would break the tricks of the math
/// functions' expansions, such as adding and subtracting a large number to round. -O0 keeps the
/// definition's own rounding.
static void allowContraction(llvm::Function &function) {
  llvm::DenseSet<llvm::Instruction *> exact = findIntegerArithmetic(function);
  for (llvm::Instruction &instruction : llvm::instructions(function))
    if (llvm::isa<llvm::FPMathOperator>(instruction) && !exact.contains(&instruction))
      instruction.setHasAllowContract(true);
}

std::unique_ptr<llvm::Module> tflc::translateToLLVMIR(mlir::ModuleOp module,
                                                      llvm::LLVMContext &context,
                                                      llvm::TargetMachine &machine,
                                                      const TargetInfo &target, OptLevel level) {
  std::unique_ptr<llvm::Module> result =
      mlir::translateModuleToLLVMIR(module, context, "model", /*disableVerification=*/true);
  if (!result)
    return nullptr;
  result->setTargetTriple(machine.getTargetTriple());
  result->setDataLayout(machine.createDataLayout());
  if (machine.isPositionIndependent())
    result->setPICLevel(llvm::PICLevel::BigPIC);
  if (!target.abi.empty())
    result->addModuleFlag(llvm::Module::Error, "target-abi",
                          llvm::MDString::get(context, target.abi));
  llvm::DenseSet<llvm::Function *> waiting = findWaitingFunctions(*result);
  for (llvm::Function &function : *result) {
    if (function.isDeclaration())
      continue;
    setFunctionAttributes(function, target, level, waiting.contains(&function));
    if (level != OptLevel::O0)
      allowContraction(function);
  }
  return result;
}
