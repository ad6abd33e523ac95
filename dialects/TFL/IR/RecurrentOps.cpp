//===- RecurrentOps.cpp - checks and shapes of RNN and SVDF ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/RecurrentOps.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/OperandChecks.h"
#include "TFL/IR/RecurrentOperands.h"
#include "TFL/IR/ShapeValues.h"
#include "tflc/Quantization/Activation.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

#include "TFL/IR/FileOperands.cpp.inc"

#define GET_OP_CLASSES
#include "TFL/IR/RecurrentOps.cpp.inc"

static bool isByte(Value value) {
  return isStoredInteger(value.getType(), 8) || isStoredInteger(value.getType(), 8, false);
}

static LogicalResult verifyActivationName(Operation *op, StringRef activation) {
  if (parseActivation(activation))
    return success();
  return op->emitError("unknown fused activation function ") << activation;
}

//===----------------------------------------------------------------------===//
// RNN
//===----------------------------------------------------------------------===//

/// Checks one layer of simple recurrent cells. `prefix` is in front of its operands' names.
static LogicalResult verifyCell(Operation *op, const RnnOperands &cell, int64_t inputRank,
                                const Twine &prefix, Value output) {
  OperandChecks checks(op);
  std::string weights = (prefix + "weights").str(),
              recurrent = (prefix + "recurrent_weights").str(), bias = (prefix + "bias").str(),
              state = (prefix + "hidden_state").str(), aux = (prefix + "aux_weights").str();
  if (failed(checks.isPresent(cell.input, "input")) ||
      failed(checks.isPresent(cell.inputWeights, weights)) ||
      failed(checks.isPresent(cell.recurrentWeights, recurrent)) ||
      failed(checks.isPresent(cell.bias, bias)) || failed(checks.isPresent(cell.state, state)) ||
      (cell.auxWeights && failed(checks.isPresent(cell.auxInput, "aux_input"))) ||
      failed(checks.hasRank(cell.input, "input", inputRank)) ||
      failed(checks.hasRank(cell.auxInput, "aux_input", inputRank)) ||
      failed(checks.hasRank(cell.inputWeights, weights, 2)))
    return failure();
  int64_t units = getSize(cell.inputWeights, 0), inputs = getSize(cell.input, inputRank - 1);
  int64_t auxInputs = cell.auxInput ? getSize(cell.auxInput, inputRank - 1) : ShapedType::kDynamic;
  if (failed(checks.hasShape(cell.inputWeights, weights, {units, inputs})) ||
      failed(checks.hasShape(cell.auxWeights, aux, {units, auxInputs})) ||
      failed(checks.hasShape(cell.recurrentWeights, recurrent, {units, units})) ||
      failed(checks.hasShape(cell.bias, bias, units)) ||
      failed(checks.hasRank(cell.state, state, 2)) ||
      failed(checks.isFloat32(cell.input, "input")) ||
      failed(checks.isFloat32(cell.auxInput, "aux_input")) ||
      failed(checks.isFloat32(cell.bias, bias)) || failed(checks.isFloat32(cell.state, state)) ||
      failed(checks.isFloat32(output, "the output")))
    return failure();
  bool isHybrid = isByte(cell.inputWeights);
  for (auto [value, name] :
       {std::pair(cell.inputWeights, weights), std::pair(cell.recurrentWeights, recurrent),
        std::pair(cell.auxWeights, aux)}) {
    if (!value)
      continue;
    if (isHybrid != isByte(value))
      return op->emitError("the weights of a layer must be of one type, found ")
             << getElementTypeName(cell.inputWeights.getType()) << " and "
             << getElementTypeName(value.getType());
    if (failed(isHybrid ? checks.hasOneScale(value, name) : checks.isFloat32(value, name)))
      return failure();
  }
  return success();
}

/// Checks that the state has the size that input and weights ask for.
static LogicalResult verifyState(Operation *op, const RnnOperands &cell, unsigned batchDim,
                                 const Twine &prefix) {
  return OperandChecks(op).hasShape(cell.state, prefix + "hidden_state",
                                    {getSize(cell.input, batchDim), getSize(cell.inputWeights, 0)});
}

static SmallVector<int64_t> replaceLast(Value input, int64_t size) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(input.getType()).getShape());
  shape.back() = size;
  return shape;
}

LogicalResult RnnOp::verify() {
  if (failed(verifyActivationName(*this, getFusedActivationFunction())) ||
      failed(verifyCell(*this, getRnnOperands(getInputs()), 2, "", getOutput())))
    return failure();
  return verifyShapes(*this);
}

LogicalResult RnnOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  RnnOperands cell = getRnnOperands(getInputs());
  shapes.push_back(replaceLast(cell.input, getSize(cell.inputWeights, 0)));
  return verifyState(*this, cell, 0, "");
}

LogicalResult UnidirectionalSequenceRnnOp::verify() {
  if (failed(verifyActivationName(*this, getFusedActivationFunction())) ||
      failed(verifyCell(*this, getRnnOperands(getInputs()), 3, "", getOutput())))
    return failure();
  return verifyShapes(*this);
}

LogicalResult
UnidirectionalSequenceRnnOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  RnnOperands cell = getRnnOperands(getInputs());
  shapes.push_back(replaceLast(cell.input, getSize(cell.inputWeights, 0)));
  return verifyState(*this, cell, getTimeMajor() ? 1 : 0, "");
}

LogicalResult BidirectionalSequenceRnnOp::verify() {
  RnnOperands forward = getForwardRnnOperands(getInputs());
  RnnOperands backward = getBackwardRnnOperands(getInputs(), getTimeMajor());
  size_t expected = getMergeOutputs() ? 1 : 2;
  if (getNumResults() != expected)
    return emitError("expected ") << expected << " results, found " << getNumResults();
  if (bool(forward.auxWeights) != bool(backward.auxWeights))
    return emitError("both layers must have auxiliary weights, or none");
  if (failed(verifyActivationName(*this, getFusedActivationFunction())) ||
      failed(verifyCell(*this, forward, 3, "fw_", getOutputs().front())) ||
      failed(verifyCell(*this, backward, 3, "bw_", getOutputs().back())))
    return failure();
  if (isByte(forward.inputWeights) != isByte(backward.inputWeights))
    return emitError("the weights of both layers must be of one type");
  return verifyShapes(*this);
}

LogicalResult
BidirectionalSequenceRnnOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  RnnOperands forward = getForwardRnnOperands(getInputs());
  RnnOperands backward = getBackwardRnnOperands(getInputs(), getTimeMajor());
  int64_t forwardUnits = getSize(forward.inputWeights, 0),
          backwardUnits = getSize(backward.inputWeights, 0);
  if (getMergeOutputs()) {
    bool isKnown = !ShapedType::isDynamic(forwardUnits) && !ShapedType::isDynamic(backwardUnits);
    shapes.push_back(
        replaceLast(forward.input, isKnown ? forwardUnits + backwardUnits : ShapedType::kDynamic));
  } else {
    shapes.push_back(replaceLast(forward.input, forwardUnits));
    shapes.push_back(replaceLast(forward.input, backwardUnits));
  }
  unsigned batchDim = getTimeMajor() ? 1 : 0;
  return failure(failed(verifyState(*this, forward, batchDim, "fw_")) ||
                 failed(verifyState(*this, backward, batchDim, "bw_")));
}

//===----------------------------------------------------------------------===//
// SVDF
//===----------------------------------------------------------------------===//

static LogicalResult verifyTypes(SvdfOp op, const SvdfOperands &cell) {
  OperandChecks checks(op);
  Value output = op.getOutput();
  if (isStoredInteger(cell.input.getType(), 8)) {
    if (op.getFusedActivationFunction() != "RELU")
      return op.emitError("an int8 layer needs the fused activation function RELU, found ")
             << op.getFusedActivationFunction();
    unsigned width = isStoredInteger(cell.state.getType(), 8) ? 8 : 16;
    return failure(failed(checks.isQuantized(cell.input, "input", 8)) ||
                   failed(checks.isQuantized(cell.featureWeights, "weights_feature", 8)) ||
                   failed(checks.isQuantized(cell.timeWeights, "weights_time", width)) ||
                   failed(checks.isInteger(cell.bias, "bias", 32)) ||
                   failed(checks.isQuantized(cell.state, "state", width)) ||
                   failed(checks.isQuantized(output, "the output", 8)));
  }
  if (failed(checks.isFloat32(cell.input, "input")) ||
      failed(checks.isFloat32(cell.bias, "bias")) ||
      failed(checks.isFloat32(cell.state, "state")) ||
      failed(checks.isFloat32(output, "the output")))
    return failure();
  if (isByte(cell.featureWeights)) {
    if (!isByte(cell.timeWeights))
      return op.emitError("weights_time must be int8 like weights_feature, found ")
             << getElementTypeName(cell.timeWeights.getType());
    return failure(failed(checks.hasOneScale(cell.featureWeights, "weights_feature")) ||
                   failed(checks.hasOneScale(cell.timeWeights, "weights_time")));
  }
  return failure(failed(checks.isFloat32(cell.featureWeights, "weights_feature")) ||
                 failed(checks.isFloat32(cell.timeWeights, "weights_time")));
}

LogicalResult SvdfOp::verify() {
  SvdfOperands cell = getSvdfOperands(getInputs());
  OperandChecks checks(*this);
  if (failed(verifyActivationName(*this, getFusedActivationFunction())) ||
      failed(checks.isPresent(cell.input, "input")) ||
      failed(checks.isPresent(cell.featureWeights, "weights_feature")) ||
      failed(checks.isPresent(cell.timeWeights, "weights_time")) ||
      failed(checks.isPresent(cell.state, "state")) ||
      failed(checks.hasRank(cell.input, "input", 2)) ||
      failed(checks.hasRank(cell.featureWeights, "weights_feature", 2)) ||
      failed(checks.hasRank(cell.timeWeights, "weights_time", 2)) ||
      failed(verifyTypes(*this, cell)))
    return failure();
  int64_t filters = getSize(cell.featureWeights, 0);
  if (ShapedType::isDynamic(filters) || ShapedType::isDynamic(getSize(cell.timeWeights, 1)))
    return emitError("the shapes of the weights must be known");
  auto rank = int32_t(getRank());
  if (rank <= 0 || filters % rank != 0)
    return emitError("the ") << filters << " filters are no multiple of the rank " << rank;
  if (getSize(cell.timeWeights, 1) == 0)
    return emitError("weights_time is empty");
  return verifyShapes(*this);
}

LogicalResult SvdfOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SvdfOperands cell = getSvdfOperands(getInputs());
  int64_t batch = getSize(cell.input, 0), filters = getSize(cell.featureWeights, 0);
  int64_t units = filters / int32_t(getRank()), memory = getSize(cell.timeWeights, 1);
  shapes.push_back({batch, units});
  OperandChecks checks(*this);
  return failure(failed(checks.hasShape(cell.featureWeights, "weights_feature",
                                        {filters, getSize(cell.input, 1)})) ||
                 failed(checks.hasShape(cell.timeWeights, "weights_time", {filters, memory})) ||
                 failed(checks.hasShape(cell.bias, "bias", {units})) ||
                 failed(checks.hasShape(cell.state, "state", {batch, filters * memory})));
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

int64_t UnidirectionalSequenceLstmOp::countMultiplyAccumulates() {
  return countRecurrentProducts(*this);
}

int64_t LstmOp::countMultiplyAccumulates() { return countRecurrentProducts(*this); }

int64_t BidirectionalSequenceLstmOp::countMultiplyAccumulates() {
  return countRecurrentProducts(*this);
}

int64_t RnnOp::countMultiplyAccumulates() { return countRecurrentProducts(*this); }

int64_t UnidirectionalSequenceRnnOp::countMultiplyAccumulates() {
  return countRecurrentProducts(*this);
}

int64_t BidirectionalSequenceRnnOp::countMultiplyAccumulates() {
  return countRecurrentProducts(*this);
}

int64_t SvdfOp::countMultiplyAccumulates() { return countRecurrentProducts(*this); }

//===----------------------------------------------------------------------===//
// Operands in a file
//===----------------------------------------------------------------------===//

unsigned UnidirectionalSequenceLstmOp::getNumFileOperands() { return 20; }

unsigned LstmOp::getNumFileOperands() { return getKernelType() == "BASIC" ? getNumOperands() : 20; }

unsigned BidirectionalSequenceLstmOp::getNumFileOperands() { return 48; }

unsigned RnnOp::getNumFileOperands() { return getNumOperands(); }

unsigned UnidirectionalSequenceRnnOp::getNumFileOperands() { return getNumOperands(); }

unsigned BidirectionalSequenceRnnOp::getNumFileOperands() { return 12; }

unsigned SvdfOp::getNumFileOperands() { return getNumOperands(); }
