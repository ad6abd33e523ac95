//===- LayerStates.h - recurrent layers over a sequence ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_LAYERSTATES_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_LAYERSTATES_H

#include "Sequence.h"
#include "Variables.h"

namespace tflc {

/// The states of a layer, as matrices [batch, size].
class LayerStates {
public:
  explicit LayerStates(const VariableSymbols &symbols) : symbols(symbols) {}

  /// Reads the state whose operand is `model`.
  void read(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value model, mlir::Value converted,
            int64_t size);
  /// Gives the variables among the states their present values.
  void assign(mlir::OpBuilder &builder, mlir::Location loc);

  llvm::SmallVector<mlir::Value> values;

private:
  const VariableSymbols &symbols;
  llvm::SmallVector<StateTensor> states;
};

/// One of two layers of an operator.
struct Direction {
  std::unique_ptr<RecurrentLayer> layer;
  LayerStates states;
  bool isBackward;
};

/// One step of a layer from its present states, which become the next ones. Gives its output.
mlir::Value takeStep(mlir::OpBuilder &builder, mlir::Location loc, RecurrentLayer &layer,
                     LayerStates &states);

/// The outputs of `type` that one layer gives over a sequence.
mlir::Value visitSequence(mlir::OpBuilder &builder, mlir::Location loc, RecurrentLayer &layer,
                          LayerStates &states, mlir::Value input, bool timeMajor,
                          mlir::RankedTensorType type);

/// Visits the sequence `repeats` times with both layers (ShapedType::kDynamic: as often as it has
/// steps). Returns their outputs, in one tensor if `op` has one result.
llvm::SmallVector<mlir::Value> visitBothWays(mlir::OpBuilder &builder, mlir::Location loc,
                                             mlir::Operation *op, mlir::Value input, bool timeMajor,
                                             int64_t repeats,
                                             llvm::MutableArrayRef<Direction> directions);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_LAYERSTATES_H
