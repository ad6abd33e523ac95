//===- Recurrence.h - a cell over the steps of a sequence -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_RECURRENCE_H
#define TFLC_LIB_IMPORT_KERAS_RECURRENCE_H

#include "KeptStates.h"

namespace tflc::keras {

enum class CellKind { Simple, LSTM, GRU };

/// How many states a cell has.
inline size_t countStates(CellKind kind) { return kind == CellKind::LSTM ? 2 : 1; }

/// One recurrent layer: its cell, its weights, and what surrounds it.
class Recurrence {
public:
  Recurrence(LayerBuilder &layer, CellKind kind, llvm::StringRef child, bool goesBackwards)
      : layer(layer), kind(kind), child(child), goesBackwards(goesBackwards), kept(layer) {}

  /// `inputs` are the sequence [b, t, n] and, if the caller gives them, the first states. The
  /// results are the output, all of its steps or the last, and the last states.
  Values build(llvm::ArrayRef<mlir::Value> inputs, bool isStateful, bool returnsSequence,
               bool returnsState);

  /// Whether outputs of steps that do not count are zero, instead of the output before.
  void setZeroesMaskedOutput(bool value) { zeroesMaskedOutput = value; }

  /// Whether the weights are those of a layer of CuDNN, which lays them out in its own way.
  void setCudnn(bool value) { isCudnn = value; }

private:
  void takeWeights();
  void takeCudnnWeights();
  bool isFused(llvm::ArrayRef<mlir::Value> states, bool returnsState);
  mlir::Value makeFused(mlir::Value x);
  Values makeFirstStates(mlir::Value x, bool isStateful);
  Values step(mlir::Value products, llvm::ArrayRef<mlir::Value> states);
  Values loop(mlir::Value x, llvm::ArrayRef<mlir::Value> states, bool areZeros,
              bool returnsSequence);
  mlir::Value select(mlir::Value mask, mlir::Value number, mlir::Value next, mlir::Value otherwise);
  mlir::Value gate(mlir::Value x) {
    return activate(layer, x, layer.config.get("recurrent_activation"));
  }
  llvm::SmallVector<mlir::Value> split(mlir::Value x, int64_t count);

  LayerBuilder &layer;
  CellKind kind;
  llvm::StringRef child;
  bool goesBackwards;
  int64_t units = 1;
  bool resetsAfter = false; ///< GRU: the reset gate multiplies products, not the state
  mlir::Value kernel, recurrent, bias, recurrentBias;
  bool isCudnn = false;
  mlir::Value mask;                ///< [b, t]; null where all steps count
  bool zeroesMaskedOutput = false; ///< instead of repeating the output before
  KeptStates kept;
};

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_RECURRENCE_H
