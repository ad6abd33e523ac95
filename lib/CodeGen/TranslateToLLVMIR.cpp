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

static void setFunctionAttributes(llvm::Function &function, const TargetInfo &target,
                                  OptLevel level) {
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
  function.addFnAttr(llvm::Attribute::NoSync);
  function.addFnAttr(llvm::Attribute::NoFree);
  if (level == OptLevel::Os)
    function.addFnAttr(llvm::Attribute::OptimizeForSize);
}

/// A product and a sum may become one instruction. Anything more would break the tricks of the math
/// functions' expansions, such as adding and subtracting a large number to round. -O0 keeps the
/// definition's own rounding.
static void allowContraction(llvm::Function &function) {
  for (llvm::Instruction &instruction : llvm::instructions(function))
    if (llvm::isa<llvm::FPMathOperator>(instruction))
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
  for (llvm::Function &function : *result) {
    if (function.isDeclaration())
      continue;
    setFunctionAttributes(function, target, level);
    if (level != OptLevel::O0)
      allowContraction(function);
  }
  return result;
}
