//===- Sequence.h - loops over the steps of a sequence ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_SEQUENCE_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_SEQUENCE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

#include <memory>

namespace tflc {

/// A layer of recurrent cells. What does not depend on its states is computed ahead, for all steps
/// at once; `createStep` does the rest of one step.
class RecurrentLayer {
public:
  virtual ~RecurrentLayer() = default;

  /// What the steps read: a tensor [batch, time, columns] or [time, batch, columns], or for a
  /// layer of one step [batch, columns].
  virtual mlir::Value createInputs(mlir::OpBuilder &builder, mlir::Location loc) = 0;

  /// The states [batch, size] after a step from those before it. `inputs` [batch, columns] are the
  /// step's part of what `createInputs` gave. The first state is the step's output.
  virtual llvm::SmallVector<mlir::Value> createStep(mlir::OpBuilder &builder, mlir::Location loc,
                                                    mlir::Value inputs,
                                                    mlir::ValueRange states) = 0;
};

/// The steps of a sequence and the order in which a layer visits them.
struct SequenceOrder {
  /// The dimension that counts the steps.
  unsigned timeDim;
  bool isBackward = false;
};

/// Visits all steps of `inputs`, which the layer has created. Writes the output of each into
/// `outputs`, from the column `column` on, and leaves the states of the last one in `states`.
/// Returns the outputs.
mlir::Value createSequence(mlir::OpBuilder &builder, mlir::Location loc, RecurrentLayer &layer,
                           mlir::Value inputs, SequenceOrder order, mlir::Value outputs,
                           int64_t column, llvm::SmallVectorImpl<mlir::Value> &states);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_SEQUENCE_H
