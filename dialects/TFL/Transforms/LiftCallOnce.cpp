//===- LiftCallOnce.cpp - gather initialization in one function -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/VariableOps.h"
#include "TFL/Transforms/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_LIFTCALLONCEPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

namespace {

class LiftCallOnce : public tflc::tfl::impl::LiftCallOncePassBase<LiftCallOnce> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    llvm::SetVector<func::FuncOp> callees;
    SmallVector<CallOnceOp> calls;
    // A function that runs once may itself ask for another one: that one comes first.
    std::function<void(func::FuncOp)> visit = [&](func::FuncOp function) {
      function.walk([&](CallOnceOp call) {
        calls.push_back(call);
        auto callee = symbols.lookup<func::FuncOp>(call.getInitSubgraph());
        if (!callee || callee.isExternal() || callees.contains(callee) || callee == function)
          return;
        visit(callee);
        callees.insert(callee);
      });
    };
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isPrivate())
        visit(function);
    if (callees.empty())
      return;

    auto builder = OpBuilder::atBlockEnd(module.getBody());
    auto reset = func::FuncOp::create(builder, module.getLoc(), resetFunctionName,
                                      builder.getFunctionType({}, {}));
    reset.setPrivate();
    builder.setInsertionPointToStart(reset.addEntryBlock());
    for (func::FuncOp callee : callees) {
      IRMapping mapping;
      for (Operation &op : callee.front().without_terminator())
        if (!isa<CallOnceOp>(op))
          builder.clone(op, mapping);
    }
    func::ReturnOp::create(builder, module.getLoc());
    for (CallOnceOp call : llvm::SetVector<CallOnceOp>(calls.begin(), calls.end()))
      call.erase();
    for (func::FuncOp callee : callees)
      if (callee.isPrivate() && SymbolTable::symbolKnownUseEmpty(callee, module))
        callee.erase();
  }
};

} // namespace
