//===- ExpandBidirectional.cpp - two layers of LSTM cells as such ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ExpandBidirectional.h"

#include "OperatorModes.h"

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/JoinOps.h"
#include "TFL/IR/PermuteOps.h"
#include "TFL/IR/RecurrentOperands.h"
#include "TFL/IR/RecurrentOps.h"
#include "TFL/Transforms/Passes.h"

using namespace mlir;
using namespace tflc::tfl;

namespace {

struct ExpandBidirectionalLstm : OpRewritePattern<BidirectionalSequenceLstmOp> {
  ExpandBidirectionalLstm(MLIRContext *context, QuantizationMode mode)
      : OpRewritePattern(context), mode(mode) {}

  LogicalResult matchAndRewrite(BidirectionalSequenceLstmOp op,
                                PatternRewriter &rewriter) const override {
    if (getOwnMode(op).value_or(mode) != QuantizationMode::Int8 || op->hasAttr(keepFloatName))
      return rewriter.notifyMatchFailure(op, "is not to compute with int8");
    LstmOperands forward = getForwardLstmOperands(op.getInputs());
    LstmOperands backward = getBackwardLstmOperands(op.getInputs());
    if (forward.auxInput || backward.auxInput)
      return rewriter.notifyMatchFailure(op, "adds an auxiliary input to the gates");
    Value ahead = createLayer(op, rewriter, forward);
    backward.input = reverse(op, rewriter, backward.input);
    Value back = reverse(op, rewriter, createLayer(op, rewriter, backward));
    if (!op.getMergeOutputs()) {
      rewriter.replaceOp(op, {ahead, back});
      return success();
    }
    auto type = cast<RankedTensorType>(op.getResult(0).getType());
    rewriter.replaceOpWithNewOp<ConcatenationOp>(op, type, ValueRange{ahead, back},
                                                 /*axis=*/type.getRank() - 1, "NONE");
    return success();
  }

private:
  static Value createLayer(BidirectionalSequenceLstmOp op, PatternRewriter &rewriter,
                           const LstmOperands &cell);
  static Value reverse(BidirectionalSequenceLstmOp op, PatternRewriter &rewriter, Value sequence);

  QuantizationMode mode;
};

} // namespace

Value ExpandBidirectionalLstm::createLayer(BidirectionalSequenceLstmOp op,
                                           PatternRewriter &rewriter, const LstmOperands &cell) {
  SmallVector<Value> operands = {cell.input};
  llvm::append_range(operands, cell.inputWeights);
  llvm::append_range(operands, cell.recurrentWeights);
  // The cell gate has no peephole.
  for (unsigned gate : {InputGate, ForgetGate, OutputGate})
    operands.push_back(cell.peephole[gate]);
  llvm::append_range(operands, cell.bias);
  operands.append({cell.projectionWeights, cell.projectionBias, cell.outputState, cell.cellState});
  Value absent =
      NoValueOp::create(rewriter, op.getLoc(), rewriter.getNoneType(), rewriter.getUnitAttr());
  for (Value &operand : operands)
    operand = operand ? operand : absent;

  auto inputType = cast<RankedTensorType>(cell.input.getType());
  auto recurrentType = cast<RankedTensorType>(cell.recurrentWeights[OutputGate].getType());
  SmallVector<int64_t> shape(inputType.getShape());
  shape.back() = recurrentType.getShape().back();
  return UnidirectionalSequenceLstmOp::create(
      rewriter, op.getLoc(), inputType.clone(shape), operands, op.getFusedActivationFunctionAttr(),
      op.getCellClipAttr(), op.getProjClipAttr(), op.getTimeMajorAttr(),
      op.getAsymmetricQuantizeInputsAttr(),
      /*diagonal_recurrent_tensors=*/rewriter.getBoolAttr(recurrentType.getRank() == 1),
      /*intermediates=*/ArrayAttr());
}

/// The steps from the last to the first.
Value ExpandBidirectionalLstm::reverse(BidirectionalSequenceLstmOp op, PatternRewriter &rewriter,
                                       Value sequence) {
  auto axisType = RankedTensorType::get({1}, rewriter.getI32Type());
  int32_t time = op.getTimeMajor() ? 0 : 1;
  Value axis =
      ConstOp::create(rewriter, op.getLoc(), axisType, DenseElementsAttr::get(axisType, time));
  return ReverseV2Op::create(rewriter, op.getLoc(), sequence.getType(), sequence, axis);
}

void tflc::tfl::populateExpandBidirectionalPatterns(RewritePatternSet &patterns,
                                                    QuantizationMode mode) {
  patterns.add<ExpandBidirectionalLstm>(patterns.getContext(), mode);
}
