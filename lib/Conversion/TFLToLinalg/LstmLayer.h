//===- LstmLayer.h - layers of LSTM cells -----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_LSTMLAYER_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_LSTMLAYER_H

#include "Sequence.h"
#include "TFL/IR/RecurrentOperands.h"
#include "tflc/Quantization/Activation.h"

#include "mlir/IR/BuiltinAttributes.h"

namespace tflc {

/// A layer of an operator: its operands in the model and after conversion, and its options.
struct LstmSpec {
  tfl::LstmOperands model, converted;
  Activation activation;
  float cellClip, projectionClip;
  bool isAsymmetric;
  /// The quantization inside of an int8 layer; null for others.
  mlir::ArrayAttr intermediates;
  mlir::RankedTensorType outputType;
};

/// A layer of float32 states, whose weights are float32 or int8.
std::unique_ptr<RecurrentLayer> createFloatLstm(const LstmSpec &spec);

/// A layer of int8 input, weights and output state and an int16 cell state. `batchMajor` says that
/// the reference visits the batch in the outer loop, which shows in its peephole weights.
/// What cannot be lowered has peephole weights and a projection, and sizes or weights that are not
/// known.
bool canLowerIntegerLstm(const LstmSpec &spec);
std::unique_ptr<RecurrentLayer> createIntegerLstm(const LstmSpec &spec, bool batchMajor);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_LSTMLAYER_H
