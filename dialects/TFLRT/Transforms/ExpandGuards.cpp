//===- ExpandGuards.cpp - conditional returns -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/TFLRTDialect.h"
#include "TFLRT/Transforms/Passes.h"

#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Transforms/DialectConversion.h"

namespace tflc::tflrt {
#define GEN_PASS_DEF_EXPANDGUARDS
#include "TFLRT/Transforms/Passes.h.inc"
} // namespace tflc::tflrt

using namespace mlir;
using namespace tflc::tflrt;

static bool holdsGuard(Operation *op) {
  return op->walk([](GuardOp) { return WalkResult::interrupt(); }).wasInterrupted();
}

/// Turns the loops and branches around guards into blocks of the function, which a guard can leave.
static LogicalResult flattenAroundGuards(func::FuncOp function) {
  ConversionTarget target(*function.getContext());
  target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
  target.addDynamicallyLegalDialect<scf::SCFDialect>([](Operation *op) { return !holdsGuard(op); });
  RewritePatternSet patterns(function.getContext());
  populateSCFToControlFlowConversionPatterns(patterns);
  return applyPartialConversion(function, target, std::move(patterns));
}

static LogicalResult checkPlaces(func::FuncOp function, ArrayRef<GuardOp> guards) {
  if (function.getNumResults() != 0)
    return function.emitOpError("has guards and results");
  if (!SymbolTable::symbolKnownUseEmpty(function, function->getParentOp()))
    return function.emitOpError("has guards and is called");
  for (GuardOp guard : guards) {
    if (guard.getValue())
      return guard->emitOpError("is on tensors");
    if (guard->getParentOp() != function)
      return guard->emitOpError("is not at the top level of its function, nor in a loop or branch");
  }
  return success();
}

static void expand(func::FuncOp function, ArrayRef<GuardOp> guards) {
  Location loc = function.getLoc();
  OpBuilder builder(function);
  Type i32 = builder.getI32Type();
  Block *exit = builder.createBlock(&function.getBody(), function.getBody().end(), i32, loc);
  func::ReturnOp::create(builder, loc, exit->getArguments());

  builder.setInsertionPointToStart(&function.front());
  Value ok = arith::ConstantIntOp::create(builder, loc, i32, 0);
  SmallVector<func::ReturnOp> returns;
  for (Block &block : function.getBody())
    if (auto end = dyn_cast<func::ReturnOp>(block.getTerminator()); end && &block != exit)
      returns.push_back(end);
  for (func::ReturnOp end : returns) {
    builder.setInsertionPoint(end);
    cf::BranchOp::create(builder, end.getLoc(), exit, ok);
    end.erase();
  }
  for (GuardOp guard : guards) {
    Block *block = guard->getBlock();
    Block *next = block->splitBlock(guard->getNextNode());
    builder.setInsertionPoint(guard);
    Value isRejected = arith::CmpIOp::create(builder, guard.getLoc(), arith::CmpIPredicate::ne,
                                             guard.getStatus(), ok);
    cf::CondBranchOp::create(builder, guard.getLoc(), isRejected, exit, guard.getStatus(), next,
                             ValueRange());
    guard.erase();
  }
  function.setType(builder.getFunctionType(function.getArgumentTypes(), i32));
}

namespace {
struct ExpandGuardsPass : public tflc::tflrt::impl::ExpandGuardsBase<ExpandGuardsPass> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (!holdsGuard(function))
        continue;
      if (failed(flattenAroundGuards(function)))
        return signalPassFailure();
      SmallVector<GuardOp> guards;
      function.walk([&](GuardOp guard) { guards.push_back(guard); });
      if (failed(checkPlaces(function, guards)))
        return signalPassFailure();
      expand(function, guards);
    }
  }
};
} // namespace
