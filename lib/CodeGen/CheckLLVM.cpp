//===- CheckLLVM.cpp - the contract of the last phase ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CustomCalls.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace tflc {
#define GEN_PASS_DEF_CHECKLLVM
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;

namespace {
struct CheckLLVMPass : public tflc::impl::CheckLLVMBase<CheckLLVMPass> {
  void runOnOperation() override {
    bool failed = false;
    getOperation()->walk([&](Operation *op) {
      if (op == getOperation())
        return;
      // Dialects of instruction sets (x86vector, amx, arm_neon) keep intrinsic ops of their own,
      // but each of these has been converted to calls of intrinsics when this pass runs.
      if (!isa<LLVM::LLVMDialect>(op->getDialect())) {
        op->emitOpError("is left after the conversion to LLVM");
        failed = true;
        return;
      }
      auto function = dyn_cast<LLVM::LLVMFuncOp>(op);
      if (!function || !function.isExternal())
        return;
      StringRef name = function.getName();
      if (name.starts_with("llvm.") || name == "memcpy" || name == "memmove" || name == "memset" ||
          name.starts_with(tflc::customFunctionPrefix))
        return;
      function.emitOpError("is declared but has no body: compiled models link with no library");
      failed = true;
    });
    if (failed)
      signalPassFailure();
  }
};
} // namespace
