//===- RecurrentOperands.h - operands of recurrent layers -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The schema numbers up to 48 operands. These structs give them names, once, for verifiers and
// lowerings: they take the operands of an op as well as their converted values.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_RECURRENTOPERANDS_H
#define TFL_IR_RECURRENTOPERANDS_H

#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/ValueRange.h"

#include <array>

namespace tflc::tfl {

/// The gates of an LSTM cell, in the order of the schema.
enum Gate : unsigned { InputGate, ForgetGate, CellGate, OutputGate };
constexpr unsigned numGates = 4;

/// "input", "forget", "cell", "output": as names of operands have them.
llvm::StringRef getGateName(unsigned gate);

/// One value for each gate; null where the operand is absent.
using GateValues = std::array<mlir::Value, numGates>;

/// The operands of one layer of LSTM cells; null where one is absent.
struct LstmOperands {
  mlir::Value input, auxInput;
  /// [n_cell, n_input], [n_cell, n_aux_input], [n_cell, n_output] or [n_cell], [n_cell] each.
  GateValues inputWeights, auxWeights, recurrentWeights, peephole, bias, layerNorm;
  /// [n_output, n_cell] and [n_output].
  mlir::Value projectionWeights, projectionBias;
  /// [batch, n_output] and [batch, n_cell].
  mlir::Value outputState, cellState;

  /// Whether the input gate is what the forget gate leaves (CIFG).
  bool isCoupled() const { return !inputWeights[InputGate]; }
  bool hasPeephole() const { return bool(peephole[OutputGate]); }
  bool hasLayerNorm() const { return bool(layerNorm[ForgetGate]); }
};

/// The operands of LSTM (kernel type FULL) and UNIDIRECTIONAL_SEQUENCE_LSTM.
LstmOperands getLstmOperands(mlir::ValueRange operands);
/// Those of the two layers of BIDIRECTIONAL_SEQUENCE_LSTM. Where there are no auxiliary weights, an
/// auxiliary input is the backward layer's input.
LstmOperands getForwardLstmOperands(mlir::ValueRange operands);
LstmOperands getBackwardLstmOperands(mlir::ValueRange operands);

/// The operands of LSTM with the kernel type BASIC.
struct BasicLstmOperands {
  mlir::Value input, activation, weights, bias, state;
};
BasicLstmOperands getBasicLstmOperands(mlir::ValueRange operands);

/// The operands of one layer of simple recurrent cells.
struct RnnOperands {
  mlir::Value input, auxInput;
  mlir::Value inputWeights, auxWeights, recurrentWeights, bias, state;
};

/// The operands of RNN and UNIDIRECTIONAL_SEQUENCE_RNN.
RnnOperands getRnnOperands(mlir::ValueRange operands);
RnnOperands getForwardRnnOperands(mlir::ValueRange operands);
/// `timeMajor`: only then is an auxiliary input without weights the backward layer's input.
RnnOperands getBackwardRnnOperands(mlir::ValueRange operands, bool timeMajor);

struct SvdfOperands {
  mlir::Value input, featureWeights, timeWeights, bias, state;
};
SvdfOperands getSvdfOperands(mlir::ValueRange operands);

/// The numbers of the operands that an operator replaces by new values when it is invoked, where it
/// has `count` operands.
llvm::ArrayRef<unsigned> getStateNumbers(mlir::OperationName name, size_t count);

} // namespace tflc::tfl

#endif // TFL_IR_RECURRENTOPERANDS_H
