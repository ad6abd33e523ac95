//===- LstmOps.cpp - checks and shapes of LSTM layers ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/LstmVerifier.h"
#include "TFL/IR/OperandChecks.h"
#include "TFL/IR/RecurrentOperands.h"
#include "TFL/IR/RecurrentOps.h"
#include "TFL/IR/ShapeValues.h"
#include "tflc/Quantization/Activation.h"
#include "tflc/Quantization/PowerOfTwo.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

static LogicalResult verifyOptions(Operation *op, StringRef activation, const APFloat &cellClip,
                                   const APFloat &projClip) {
  if (!parseActivation(activation))
    return op->emitError("unknown fused activation function ") << activation;
  for (auto [name, clip] : {std::pair("cell_clip", cellClip), std::pair("proj_clip", projClip)})
    if (clip.isNaN() || (clip.isNegative() && !clip.isZero()))
      return op->emitError() << name << " must not be negative, found " << clip.convertToDouble();
  return success();
}

/// Checks that states have the size that input and weights ask for; `batchDim` is the input's
/// dimension that counts the batch.
static LogicalResult verifyStates(Operation *op, const LstmOperands &cell, unsigned batchDim,
                                  StringRef prefix) {
  int64_t batch = getSize(cell.input, batchDim);
  if (ShapedType::isDynamic(batch))
    return success();
  bool isDiagonal =
      cast<RankedTensorType>(cell.recurrentWeights[OutputGate].getType()).getRank() == 1;
  OperandChecks checks(op);
  auto count = [&](int64_t size) { return ShapedType::isDynamic(size) ? size : batch * size; };
  return failure(failed(checks.hasElements(
                     cell.outputState, prefix + "output_state",
                     count(getSize(cell.recurrentWeights[OutputGate], isDiagonal ? 0 : 1)))) ||
                 failed(checks.hasElements(cell.cellState, prefix + "cell_state",
                                           count(getSize(cell.inputWeights[OutputGate], 0)))));
}

/// The input's shape with the last size replaced.
static SmallVector<int64_t> replaceLast(Value input, int64_t size) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(input.getType()).getShape());
  shape.back() = size;
  return shape;
}

static int64_t getOutputSize(const LstmOperands &cell) {
  auto type = cast<RankedTensorType>(cell.recurrentWeights[OutputGate].getType());
  return type.getShape().back();
}

//===----------------------------------------------------------------------===//
// UNIDIRECTIONAL_SEQUENCE_LSTM
//===----------------------------------------------------------------------===//

/// Checks what the fields of a layer are read from: the ranks.
static LogicalResult verifyRanks(Operation *op, const LstmOperands &cell, int64_t inputRank) {
  OperandChecks checks(op);
  Value weights = cell.inputWeights[OutputGate], recurrent = cell.recurrentWeights[OutputGate];
  if (failed(checks.isPresent(cell.input, "input")) ||
      failed(checks.isPresent(weights, "input_to_output_weights")) ||
      failed(checks.isPresent(recurrent, "recurrent_to_output_weights")) ||
      failed(checks.hasRank(cell.input, "input", inputRank)) ||
      failed(checks.hasRank(weights, "input_to_output_weights", 2)))
    return failure();
  if (cast<RankedTensorType>(recurrent.getType()).getRank() == 1)
    return success();
  return checks.hasRank(recurrent, "recurrent_to_output_weights", 2);
}

LogicalResult UnidirectionalSequenceLstmOp::verify() {
  LstmOperands cell = getLstmOperands(getInputs());
  if (failed(verifyRanks(*this, cell, 3)) ||
      failed(verifyOptions(*this, getFusedActivationFunction(), getCellClip(), getProjClip())) ||
      failed(LstmVerifier(*this, cell, "").verify(getOutput(), /*mayBeInteger=*/true)))
    return failure();
  return verifyShapes(*this);
}

LogicalResult
UnidirectionalSequenceLstmOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  LstmOperands cell = getLstmOperands(getInputs());
  shapes.push_back(replaceLast(cell.input, getOutputSize(cell)));
  return verifyStates(*this, cell, getTimeMajor() ? 1 : 0, "");
}

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

static LogicalResult verifyBasic(LstmOp op) {
  BasicLstmOperands cell = getBasicLstmOperands(op.getInputs());
  OperandChecks checks(op);
  std::pair<Value, StringRef> operands[] = {{cell.input, "input"},
                                            {cell.activation, "prev_activation"},
                                            {cell.weights, "weights"},
                                            {cell.bias, "bias"},
                                            {cell.state, "prev_state"}};
  for (auto [value, name] : operands)
    if (failed(checks.isPresent(value, name)) ||
        failed(checks.hasRank(value, name, value == cell.bias ? 1 : 2)))
      return failure();
  if (op.getNumResults() != 4)
    return op.emitError("a basic LSTM has 4 results, found ") << op.getNumResults();
  Value activation = op.getOutputs()[0], state = op.getOutputs()[1], joined = op.getOutputs()[2],
        sums = op.getOutputs()[3];
  if (getElementTypeOrSelf(cell.input.getType()).isF32()) {
    for (auto [value, name] : operands)
      if (failed(checks.isFloat32(value, name)))
        return failure();
    for (Value result : op.getOutputs())
      if (failed(checks.isFloat32(result, "each result")))
        return failure();
    return success();
  }
  auto isByte = [](Value value) { return isStoredInteger(value.getType(), 8, false); };
  auto isShort = [](Value value) { return isStoredInteger(value.getType(), 16); };
  if (!isByte(cell.input) || !isByte(cell.activation) || !isByte(cell.weights) ||
      !isStoredInteger(cell.bias.getType(), 32) || !isShort(cell.state) || !isByte(activation) ||
      !isShort(state) || !isByte(joined) || !isShort(sums))
    return op.emitError("unsupported types: a basic LSTM is float32, or has uint8 activations and "
                        "weights, an int32 bias and int16 states");
  if (failed(checks.hasOneScale(cell.weights, "weights")) ||
      failed(checks.hasOneScale(cell.bias, "bias")) ||
      failed(checks.hasOneScale(state, "the state")))
    return failure();
  float scale = getQuantization(state.getType())->scales[0];
  if (getLog2OfPowerOfTwo(scale) != -11)
    return op.emitError("the scale of the state must be 2^-11, found ") << scale;
  return success();
}

LogicalResult LstmOp::verify() {
  if (getKernelType() == "BASIC") {
    if (failed(verifyBasic(*this)))
      return failure();
    return verifyShapes(*this);
  }
  if (getKernelType() != "FULL")
    return emitError("unknown kernel type ") << getKernelType();
  if (getNumResults() != 1)
    return emitError("an LSTM has one result, found ") << getNumResults();
  LstmOperands cell = getLstmOperands(getInputs());
  if (failed(verifyRanks(*this, cell, 2)) ||
      failed(verifyOptions(*this, getFusedActivationFunction(), getCellClip(), getProjClip())) ||
      failed(LstmVerifier(*this, cell, "").verify(getOutputs()[0], /*mayBeInteger=*/true)))
    return failure();
  return verifyShapes(*this);
}

LogicalResult LstmOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  if (getKernelType() != "BASIC") {
    LstmOperands cell = getLstmOperands(getInputs());
    shapes.push_back(replaceLast(cell.input, getOutputSize(cell)));
    return verifyStates(*this, cell, 0, "");
  }
  BasicLstmOperands cell = getBasicLstmOperands(getInputs());
  OperandChecks checks(*this);
  int64_t batch = getSize(cell.input, 0), inputs = getSize(cell.input, 1);
  int64_t units = getSize(cell.activation, 1);
  if (ShapedType::isDynamic(inputs) || ShapedType::isDynamic(units))
    return emitError("the numbers of inputs and units of a basic LSTM must be known, found ")
           << getShapeText({inputs, units});
  int64_t joined = inputs + units, sums = 4 * units;
  shapes.push_back({batch, units});
  shapes.push_back({batch, units});
  shapes.push_back({batch, joined});
  shapes.push_back({batch, sums});
  return failure(failed(checks.hasShape(cell.activation, "prev_activation", {batch, units})) ||
                 failed(checks.hasShape(cell.state, "prev_state", {batch, units})) ||
                 failed(checks.hasShape(cell.weights, "weights", {sums, joined})) ||
                 failed(checks.hasShape(cell.bias, "bias", {sums})));
}

//===----------------------------------------------------------------------===//
// BIDIRECTIONAL_SEQUENCE_LSTM
//===----------------------------------------------------------------------===//

LogicalResult BidirectionalSequenceLstmOp::verify() {
  LstmOperands forward = getForwardLstmOperands(getInputs());
  LstmOperands backward = getBackwardLstmOperands(getInputs());
  size_t expected = getMergeOutputs() ? 1 : 2;
  if (getNumResults() != expected)
    return emitError("expected ") << expected << " results, found " << getNumResults();
  if (failed(verifyRanks(*this, forward, 3)) || failed(verifyRanks(*this, backward, 3)) ||
      failed(verifyOptions(*this, getFusedActivationFunction(), getCellClip(), getProjClip())) ||
      failed(LstmVerifier(*this, forward, "fw_").verify(getOutputs().front(), false)) ||
      failed(LstmVerifier(*this, backward, "bw_").verify(getOutputs().back(), false)))
    return failure();
  if (bool(forward.auxWeights[ForgetGate]) != bool(backward.auxWeights[ForgetGate]))
    return emitError("both layers must have auxiliary weights, or none");
  if (getElementTypeName(forward.inputWeights[ForgetGate].getType()) !=
      getElementTypeName(backward.inputWeights[ForgetGate].getType()))
    return emitError("the weights of both layers must be of one type");
  return verifyShapes(*this);
}

LogicalResult
BidirectionalSequenceLstmOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  LstmOperands forward = getForwardLstmOperands(getInputs());
  LstmOperands backward = getBackwardLstmOperands(getInputs());
  int64_t forwardSize = getOutputSize(forward), backwardSize = getOutputSize(backward);
  if (getMergeOutputs()) {
    bool isKnown = !ShapedType::isDynamic(forwardSize) && !ShapedType::isDynamic(backwardSize);
    shapes.push_back(
        replaceLast(forward.input, isKnown ? forwardSize + backwardSize : ShapedType::kDynamic));
  } else {
    shapes.push_back(replaceLast(forward.input, forwardSize));
    shapes.push_back(replaceLast(forward.input, backwardSize));
  }
  unsigned batchDim = getTimeMajor() ? 1 : 0;
  return failure(failed(verifyStates(*this, forward, batchDim, "fw_")) ||
                 failed(verifyStates(*this, backward, batchDim, "bw_")));
}
