//===- CheckNormalized.cpp - the contract of normalization ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/TFLDialect.h"
#include "TFL/IR/VariableOps.h"
#include "TFL/Transforms/Passes.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_CHECKNORMALIZEDPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

/// The shapes of the results are those that follow from the operands.
static LogicalResult checkShapes(ShapeInferenceOpInterface op) {
  SmallVector<SmallVector<int64_t>> shapes;
  if (failed(op.inferShapes(shapes)))
    return failure();
  for (auto [type, shape] : llvm::zip(op->getResultTypes(), shapes)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (tensor && tensor.getShape() != ArrayRef<int64_t>(shape))
      return op->emitError("the result has shape ")
             << getShapeText(tensor.getShape()) << ", but " << getShapeText(shape) << " follows";
  }
  return success();
}

namespace {

class CheckNormalized : public tflc::tfl::impl::CheckNormalizedPassBase<CheckNormalized> {
  void runOnOperation() override {
    bool isFailed = false;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      function.walk([&](Operation *op) { isFailed |= failed(check(op)); });
    }
    if (isFailed)
      signalPassFailure();
  }

  LogicalResult check(Operation *op) {
    if (isa<CallOnceOp>(op))
      return op->emitError("this call is not part of a signature");
    if (!isa_and_present<TFLDialect, func::FuncDialect>(op->getDialect()))
      return op->emitError("'") << op->getName() << "' is not an operator of a model";
    auto inferable = dyn_cast<ShapeInferenceOpInterface>(op);
    if (inferable && failed(checkShapes(inferable)))
      return failure();
    return success();
  }
};

} // namespace
