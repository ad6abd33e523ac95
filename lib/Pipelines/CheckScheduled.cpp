//===- CheckScheduled.cpp - the contract of the phase `bufferize` ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"

namespace tflc {
#define GEN_PASS_DEF_CHECKSCHEDULED
#include "tflc/Pipelines/Passes.h.inc"
} // namespace tflc

using namespace mlir;

static LogicalResult checkEntry(func::FuncOp function) {
  if (!function->hasAttr("tfl.signature"))
    return success();
  for (Type type : function.getResultTypes())
    if (!type.isInteger(32))
      return function.emitOpError("returns ") << type << " where only a status may be returned";
  for (Type type : function.getArgumentTypes()) {
    auto memref = dyn_cast<MemRefType>(type);
    if (!type.isIndex() && !(memref && memref.hasStaticShape() && memref.getLayout().isIdentity()))
      return function.emitOpError("has an argument of type ")
             << type << ", expected a contiguous memref or an index";
  }
  return success();
}

namespace {
struct CheckScheduledPass : public tflc::impl::CheckScheduledBase<CheckScheduledPass> {
  void runOnOperation() override {
    bool failed = false;
    getOperation()->walk([&](Operation *op) {
      auto fail = [&](const Twine &message) {
        op->emitOpError(message);
        failed = true;
      };
      if (isa<memref::AllocOp, memref::DeallocOp, memref::ReallocOp>(op))
        return fail("allocates outside of the arena");
      if (isa<tensor::TensorDialect, bufferization::BufferizationDialect>(op->getDialect()))
        return fail("is left after bufferization");
      if (llvm::any_of(op->getResultTypes(), llvm::IsaPred<TensorType>))
        return fail("gives a tensor after bufferization");
      if (auto function = dyn_cast<func::FuncOp>(op))
        failed |= mlir::failed(checkEntry(function));
    });
    if (failed)
      signalPassFailure();
  }
};
} // namespace
