//===- ExpandTiles.cpp - ops on tile registers as instructions ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Instructions.h"

#include "tflc/CodeGen/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/SetVector.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDTILES
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;
using namespace tflc::tflrt;

namespace {

struct ExpandTilesPass : tflc::impl::ExpandTilesBase<ExpandTilesPass> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](Operation *op) {
      if (isa<TileConfigureOp, TileReleaseOp, TileZeroOp, TileLoadOp, TileStoreOp, TileDotOp>(op))
        ops.push_back(op);
    });
    if (ops.empty())
      return;
    FailureOr<TargetInfo> target = getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    std::unique_ptr<Instructions> instructions = Instructions::create(*target);
    ConstantPool pool(getOperation());
    llvm::SetVector<func::FuncOp> functions;
    for (Operation *op : ops) {
      ImplicitLocOpBuilder b(op->getLoc(), op);
      if (!instructions->emitTileOp(b, op, pool)) {
        op->emitOpError("needs tile registers, which the target lacks");
        return signalPassFailure();
      }
      functions.insert(op->getParentOfType<func::FuncOp>());
      op->erase();
    }
    requestTiles(functions, *instructions);
  }

private:
  /// Functions that the program calls ask for the registers, also for the functions that they call.
  void requestTiles(llvm::SetVector<func::FuncOp> &functions, const Instructions &instructions) {
    for (unsigned i = 0; i < functions.size(); ++i) {
      func::FuncOp function = functions[i];
      bool isCalled = false;
      std::optional<SymbolTable::UseRange> calls =
          SymbolTable::getSymbolUses(function, getOperation());
      for (SymbolTable::SymbolUse call : *calls)
        if (auto caller = call.getUser()->getParentOfType<func::FuncOp>()) {
          functions.insert(caller);
          isCalled = true;
        }
      if (isCalled && !function.isPublic())
        continue;
      auto b = ImplicitLocOpBuilder::atBlockBegin(function.getLoc(), &function.front());
      if (Value status = instructions.requestTiles(b))
        GuardOp::create(b, TypeRange(), status, Value());
    }
  }
};

} // namespace
