//===- EmitKernels.cpp - kernels to loops over vectors --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "Schedule/Nest/Tiles.h"

#include "tflc/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/SetVector.h"

namespace tflc {
#define GEN_PASS_DEF_EMITKERNELS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

struct EmitKernelsPass : tflc::impl::EmitKernelsBase<EmitKernelsPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    TargetInfo target = getTarget(module);
    ConstantPool pool(module);
    SmallVector<tflrt::KernelOp> kernels;
    module.walk([&](tflrt::KernelOp kernel) { kernels.push_back(kernel); });
    llvm::SetVector<func::FuncOp> usesTiles;
    for (tflrt::KernelOp kernel : kernels) {
      std::optional<Strategy> strategy;
      if (kernel.getStrategyAttr())
        strategy = Strategy::fromAttr(kernel.getStrategyAttr());
      auto nest = analyzeKernel(kernel);
      if (!strategy || !nest || !strategy->prepare(*nest) ||
          strategy->tile.size() != nest->dims.size()) {
        kernel.emitError("kernel has no strategy that fits it");
        return signalPassFailure();
      }
      if (strategy->tiles)
        usesTiles.insert(kernel->getParentOfType<func::FuncOp>());
      KernelEmitter(kernel, *nest, *strategy, pool, target).emit();
      kernel.erase();
    }
    // Those that the program calls ask, also for what they call themselves.
    for (unsigned i = 0; i < usesTiles.size(); ++i) {
      func::FuncOp function = usesTiles[i];
      bool isCalled = false;
      std::optional<SymbolTable::UseRange> calls =
          SymbolTable::getSymbolUses(function, module.getOperation());
      for (SymbolTable::SymbolUse call : *calls)
        if (auto caller = call.getUser()->getParentOfType<func::FuncOp>()) {
          usesTiles.insert(caller);
          isCalled = true;
        }
      if (!isCalled || function.isPublic())
        requestTiles(function);
    }
  }
};

} // namespace
