//===- DropDebugging.cpp - what serves no inference -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ControlOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_DROPDEBUGGINGPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

namespace {

class DropDebugging : public tflc::tf::impl::DropDebuggingPassBase<DropDebugging> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      if (isa<AssertOp, ConsumeMutexLockOp, DisableCopyOnReadOp, NoOp, PrintV2Op>(op) &&
          op->use_empty()) {
        op->erase();
      } else if (auto several = dyn_cast<IdentityNOp>(op)) {
        several->replaceAllUsesWith(several->getOperands());
        several->erase();
      }
    });
  }
};

} // namespace
