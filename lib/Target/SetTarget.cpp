//===- SetTarget.cpp - attach a target's facts to the module --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/IR/BuiltinOps.h"

namespace tflc {
#define GEN_PASS_DEF_SETTARGET
#include "tflc/Target/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {
struct SetTargetPass : public tflc::impl::SetTargetBase<SetTargetPass> {
  using SetTargetBase::SetTargetBase;

  void runOnOperation() override {
    if (target.empty() && getOperation()->hasAttr(kTargetAttrName))
      return;
    TargetSelection selection;
    selection.name = target;
    llvm::Expected<TargetInfo> info = resolveTarget(selection);
    if (!info) {
      getOperation().emitError(llvm::toString(info.takeError()));
      return signalPassFailure();
    }
    setTarget(getOperation(), *info);
  }
};
} // namespace
