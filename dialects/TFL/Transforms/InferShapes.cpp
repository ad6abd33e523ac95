//===- InferShapes.cpp - compute all shapes -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LoopShapes.h"

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ControlFlowOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"
#include "TFL/Transforms/Passes.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_INFERSHAPESPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

/// Replaces the result of shape arithmetic by a constant where its value is known.
static bool foldToConstant(Operation *op) {
  if (op->getNumResults() != 1 || isa<ConstOp>(op) || !isPure(op))
    return false;
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isSignlessInteger() ||
      type.getElementTypeBitWidth() < 32)
    return false;
  std::optional<SmallVector<int64_t>> values = evaluateAllInts(op->getResult(0));
  if (!values || int64_t(values->size()) != type.getNumElements())
    return false;
  unsigned width = type.getElementTypeBitWidth();
  auto elements = llvm::map_to_vector(*values, [&](int64_t value) {
    return APInt(width, uint64_t(value), /*isSigned=*/true, /*implicitTrunc=*/true);
  });
  OpBuilder builder(op);
  Value constant =
      ConstOp::create(builder, op->getLoc(), type, DenseElementsAttr::get(type, elements));
  op->getResult(0).replaceAllUsesWith(constant);
  op->erase();
  return true;
}

namespace {

/// Whether shape arithmetic of known value becomes a constant. Not where a block is gone through
/// for one of its iterations: the value may be another in the next one.
enum class Folding { None, Constants };

LogicalResult inferBlock(Block &block, Folding folding);

/// Shapes go into the blocks of a branch or loop before they come out of it.
LogicalResult inferRegions(Operation *op, Folding folding) {
  if (isa<LoopOp, RepeatOp>(op))
    if (failed(
            inferCarriedShapes(op, [](Block &block) { return inferBlock(block, Folding::None); })))
      return failure();
  for (Region &region : op->getRegions())
    if (failed(inferBlock(region.front(), folding)))
      return failure();
  return success();
}

LogicalResult inferBlock(Block &block, Folding folding) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    auto inferable = dyn_cast<ShapeInferenceOpInterface>(op);
    if (!inferable)
      continue;
    // What follows an operator at fault would only repeat its finding.
    if (failed(inferRegions(&op, folding)) || failed(inferResultTypes(inferable)))
      return failure();
    if (folding == Folding::Constants)
      foldToConstant(&op);
  }
  return success();
}

class InferShapes : public tflc::tfl::impl::InferShapesPassBase<InferShapes> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    if (failed(inferBlock(function.front(), Folding::Constants)))
      return signalPassFailure();
    function.setFunctionType(FunctionType::get(
        &getContext(), function.getArgumentTypes(),
        cast<func::ReturnOp>(function.front().getTerminator()).getOperandTypes()));
  }
};

} // namespace
