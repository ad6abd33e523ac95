//===- LowerForTest.cpp - from hand-written buffers to machine code -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LowerForTest.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"
#include "gtest/gtest.h"

using namespace tflc;

mlir::OwningOpRef<mlir::ModuleOp> lowerForTest(mlir::MLIRContext &context, llvm::StringRef source,
                                               const TargetInfo &target, OptLevel level) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  registerTranslations(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(source, &context);
  if (!module) {
    ADD_FAILURE() << "the test's source does not parse";
    return nullptr;
  }
  setTarget(*module, target);
  mlir::PassManager manager(&context);
  buildLowerToLLVMPipeline(manager, level);
  EXPECT_TRUE(succeeded(manager.run(*module))) << target.name;
  return module;
}

MachineCode compileForTest(llvm::StringRef source, const TargetInfo &target, OptLevel level) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = lowerForTest(context, source, target, level);
  llvm::LLVMContext llvmContext;
  auto machine = llvm::cantFail(createTargetMachine(target, level));
  auto translated = translateToLLVMIR(*module, llvmContext, *machine, target, level);
  if (!translated) {
    ADD_FAILURE() << "no LLVM IR for " << target.name;
    return {};
  }
  optimize(*translated, *machine, target, level);
  llvm::Expected<MachineCode> object =
      emitMachineCode(*translated, *machine, MachineCodeKind::Object);
  if (!object) {
    ADD_FAILURE() << target.name << ": " << llvm::toString(object.takeError());
    return {};
  }
  return std::move(*object);
}
