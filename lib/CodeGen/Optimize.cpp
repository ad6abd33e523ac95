//===- Optimize.cpp - LLVM's optimizations as compiled models need them ---===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/CodeGen.h"

#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/OptimizationLevel.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;
using namespace tflc;

static OptimizationLevel getLevel(OptLevel level) {
  switch (level) {
  case OptLevel::O0: // the plain loops, but not with every value in memory
  case OptLevel::O1:
    return OptimizationLevel::O1;
  case OptLevel::O2:
    return OptimizationLevel::O2;
  case OptLevel::O3:
    return OptimizationLevel::O3;
  case OptLevel::Os:
    return OptimizationLevel::Os;
  }
  llvm_unreachable("all levels are listed");
}

/// Darwin's code generators clear memory with bzero where they know that the value is zero.
static void clearWithMemset(Module &module) {
  SmallVector<MemSetInst *> found;
  for (Function &function : module)
    for (Instruction &instruction : instructions(function))
      if (auto *set = dyn_cast<MemSetInst>(&instruction))
        found.push_back(set);
  for (MemSetInst *set : found) {
    IRBuilder<> b(set);
    Type *size = module.getDataLayout().getIntPtrType(module.getContext());
    FunctionCallee memset =
        module.getOrInsertFunction("memset", b.getPtrTy(), b.getPtrTy(), b.getInt32Ty(), size);
    CallInst *call =
        b.CreateCall(memset, {set->getDest(), b.CreateZExt(set->getValue(), b.getInt32Ty()),
                              b.CreateZExtOrTrunc(set->getLength(), size)});
    call->addFnAttr(Attribute::NoBuiltin);
    set->eraseFromParent();
  }
}

void tflc::optimize(Module &module, TargetMachine &machine, const TargetInfo &target,
                    OptLevel level) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;

  PipelineTuningOptions tuning;
  // Kernels come as vectors, and are unrolled as their strategies say; what LLVM would add to them
  // is compile time, and registers that spill. Scalar loops gain from it, and those of RISC-V
  // vectors.
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  tuning.LoopInterleaving = false;
  tuning.LoopUnrolling = target.vectorBits == 0 || target.scalableVectors;

  // Two passes that take a fifth of ResNet-50's compile time and find nothing to do: our loops
  // count from zero to a constant, and what a kernel's iteration stores the next one does not load.
  // Scalar loops are unrolled by what the first one finds.
  PassInstrumentationCallbacks callbacks;
  if (!tuning.LoopUnrolling)
    callbacks.registerShouldRunOptionalPassCallback([](StringRef pass, Any) {
      return pass != "IndVarSimplifyPass" && pass != "LoopLoadEliminationPass";
    });

  PassBuilder builder(&machine, tuning, std::nullopt, &callbacks);
  // Loops may become calls of these three, which every C program has, and of nothing else.
  TargetLibraryInfoImpl library(machine.getTargetTriple());
  library.disableAllFunctions();
  library.setAvailable(LibFunc_memcpy);
  library.setAvailable(LibFunc_memmove);
  library.setAvailable(LibFunc_memset);
  functions.registerPass([&] { return TargetLibraryAnalysis(library); });

  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(getLevel(level)).run(module, modules);

  expandIntegerOperations(module, target);
  if (machine.getTargetTriple().isOSDarwin())
    clearWithMemset(module);
}
