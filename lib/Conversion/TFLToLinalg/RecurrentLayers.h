//===- RecurrentLayers.h - RNN, SVDF and the basic LSTM ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_RECURRENTLAYERS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_RECURRENTLAYERS_H

#include "Sequence.h"
#include "TFL/IR/RecurrentOperands.h"
#include "tflc/Quantization/Activation.h"

namespace tflc {

/// A layer of simple recurrent cells: its operands in the model and after conversion, and its
/// options.
struct RnnSpec {
  tfl::RnnOperands model, converted;
  Activation activation;
  bool isAsymmetric;
};

std::unique_ptr<RecurrentLayer> createRnn(const RnnSpec &spec);

struct SvdfSpec {
  tfl::SvdfOperands model, converted;
  mlir::RankedTensorType outputType;
  int64_t rank;
  Activation activation;
  bool isAsymmetric;
};

/// The output [batch, units] of one step and the state after it, from the state before.
std::pair<mlir::Value, mlir::Value> createSvdf(mlir::OpBuilder &builder, mlir::Location loc,
                                               const SvdfSpec &spec, mlir::Value state);

/// The four results of LSTM with the kernel type BASIC: activation, state, joined inputs, sums.
llvm::SmallVector<mlir::Value> createBasicLstm(mlir::OpBuilder &builder, mlir::Location loc,
                                               const tfl::BasicLstmOperands &model,
                                               const tfl::BasicLstmOperands &converted);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_RECURRENTLAYERS_H
