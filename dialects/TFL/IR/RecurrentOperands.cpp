//===- RecurrentOperands.cpp - operands of recurrent layers ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/RecurrentOperands.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/RecurrentOps.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

StringRef tfl::getGateName(unsigned gate) {
  static constexpr StringLiteral names[] = {"input", "forget", "cell", "output"};
  return names[gate];
}

/// Operand `number`, or null where it is absent.
static Value getOperand(ValueRange operands, unsigned number) {
  return number < operands.size() && isPresent(operands[number]) ? operands[number] : Value();
}

/// Four operands in a row, one for each gate.
static GateValues getGates(ValueRange operands, unsigned first) {
  GateValues values;
  for (unsigned gate = 0; gate < numGates; ++gate)
    values[gate] = getOperand(operands, first + gate);
  return values;
}

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

/// Reads the 17 operands from the input weights to the projection's bias, which all layers have in
/// the same order.
static void readWeights(LstmOperands &cell, ValueRange operands, unsigned first) {
  cell.inputWeights = getGates(operands, first);
  cell.recurrentWeights = getGates(operands, first + 4);
  cell.peephole[InputGate] = getOperand(operands, first + 8);
  cell.peephole[ForgetGate] = getOperand(operands, first + 9);
  cell.peephole[OutputGate] = getOperand(operands, first + 10);
  cell.bias = getGates(operands, first + 11);
  cell.projectionWeights = getOperand(operands, first + 15);
  cell.projectionBias = getOperand(operands, first + 16);
}

/// A cell whose weights and states begin at these operands.
static LstmOperands readCell(ValueRange operands, unsigned weights, unsigned states) {
  LstmOperands cell;
  cell.input = getOperand(operands, 0);
  readWeights(cell, operands, weights);
  cell.outputState = getOperand(operands, states);
  cell.cellState = getOperand(operands, states + 1);
  return cell;
}

LstmOperands tfl::getLstmOperands(ValueRange operands) {
  LstmOperands cell = readCell(operands, 1, 18);
  cell.layerNorm = getGates(operands, 20);
  return cell;
}

LstmOperands tfl::getForwardLstmOperands(ValueRange operands) {
  LstmOperands cell = readCell(operands, 1, 35);
  cell.auxWeights = getGates(operands, 40);
  if (cell.auxWeights[ForgetGate])
    cell.auxInput = getOperand(operands, 39);
  return cell;
}

LstmOperands tfl::getBackwardLstmOperands(ValueRange operands) {
  LstmOperands cell = readCell(operands, 18, 37);
  cell.auxWeights = getGates(operands, 44);
  if (Value aux = getOperand(operands, 39))
    (cell.auxWeights[ForgetGate] ? cell.auxInput : cell.input) = aux;
  return cell;
}

BasicLstmOperands tfl::getBasicLstmOperands(ValueRange operands) {
  return {getOperand(operands, 0), getOperand(operands, 1), getOperand(operands, 2),
          getOperand(operands, 3), getOperand(operands, 4)};
}

//===----------------------------------------------------------------------===//
// RNN and SVDF
//===----------------------------------------------------------------------===//

static RnnOperands getRnnOperandsFrom(ValueRange operands, unsigned first) {
  RnnOperands cell;
  cell.input = getOperand(operands, 0);
  cell.inputWeights = getOperand(operands, first);
  cell.recurrentWeights = getOperand(operands, first + 1);
  cell.bias = getOperand(operands, first + 2);
  cell.state = getOperand(operands, first + 3);
  return cell;
}

RnnOperands tfl::getRnnOperands(ValueRange operands) { return getRnnOperandsFrom(operands, 1); }

RnnOperands tfl::getForwardRnnOperands(ValueRange operands) {
  RnnOperands cell = getRnnOperandsFrom(operands, 1);
  cell.auxWeights = getOperand(operands, 10);
  if (cell.auxWeights)
    cell.auxInput = getOperand(operands, 9);
  return cell;
}

RnnOperands tfl::getBackwardRnnOperands(ValueRange operands, bool timeMajor) {
  RnnOperands cell = getRnnOperandsFrom(operands, 5);
  cell.auxWeights = getOperand(operands, 11);
  Value aux = getOperand(operands, 9);
  if (cell.auxWeights)
    cell.auxInput = aux;
  else if (aux && timeMajor)
    cell.input = aux;
  return cell;
}

SvdfOperands tfl::getSvdfOperands(ValueRange operands) {
  return {getOperand(operands, 0), getOperand(operands, 1), getOperand(operands, 2),
          getOperand(operands, 3), getOperand(operands, 4)};
}

//===----------------------------------------------------------------------===//
// States
//===----------------------------------------------------------------------===//

ArrayRef<unsigned> tfl::getStateNumbers(OperationName name, size_t count) {
  static constexpr unsigned lstm[] = {18, 19}, basicLstm[] = {1, 4},
                            bidirectionalLstm[] = {35, 36, 37, 38}, rnn[] = {4},
                            bidirectionalRnn[] = {4, 8};
  TypeID id = name.getTypeID();
  // The kernel type is not known here, but a full kernel has more operands.
  if (id == TypeID::get<LstmOp>())
    return count <= 5 ? ArrayRef<unsigned>(basicLstm) : ArrayRef<unsigned>(lstm);
  if (id == TypeID::get<UnidirectionalSequenceLstmOp>())
    return lstm;
  if (id == TypeID::get<BidirectionalSequenceLstmOp>())
    return bidirectionalLstm;
  if (id == TypeID::get<RnnOp>() || id == TypeID::get<UnidirectionalSequenceRnnOp>() ||
      id == TypeID::get<SvdfOp>())
    return rnn;
  if (id == TypeID::get<BidirectionalSequenceRnnOp>())
    return bidirectionalRnn;
  return {};
}
