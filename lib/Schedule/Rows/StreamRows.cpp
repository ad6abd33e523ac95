//===- StreamRows.cpp - chains of kernels run row by row ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ChainChooser.h"
#include "RewriteChain.h"

#include "tflc/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace tflc {
#define GEN_PASS_DEF_STREAMROWS
#include "tflc/Schedule/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {
struct StreamRowsPass : tflc::impl::StreamRowsBase<StreamRowsPass> {
  void runOnOperation() override {
    ConstantPool pool(getOperation());
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      ArenaBuffers arena = collectArenaBuffers(func.front());
      ChainChooser chooser(arena); // chains refer to what it knows of kernels
      for (const RowChain &chain : chooser.choose())
        rewriteChain(chain, pool);
      // Buffers that no kernel touches any longer, with their views.
      for (Value alloc : arena.allocs)
        eraseUnused(alloc.getDefiningOp());
    }
  }
};
} // namespace
