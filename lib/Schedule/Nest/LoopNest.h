//===- LoopNest.h - a kernel as dimensions and linear accesses --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_LOOPNEST_H
#define TFLC_LIB_SCHEDULE_NEST_LOOPNEST_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <optional>

namespace tflc {

/// One loop of a kernel. Iterates over [0, size).
struct LoopDim {
  int64_t size = 0;
  bool isReduction = false;
  bool isWindow = false; ///< in a window of the nest's pooling; parallel for the other stages
};

/// Where an operand's element is for given loop variables: base + offset + sum of coefficient *
/// variable, counted in elements.
struct LinearAccess {
  mlir::Value buffer; ///< null for a scalar operand, and for a constant that none holds yet
  mlir::Value scalar; ///< the operand itself where it is no buffer
  mlir::Type elementType;
  mlir::SmallVector<int64_t> coefficients; ///< one for each loop
  int64_t offset = 0;                      ///< from the aligned pointer of `buffer`
  /// The view `buffer` begins where only the run knows; `offset` counts from there.
  bool startsAtRunTime = false;
  mlir::DenseElementsAttr
      constant; ///< the values, where they are known; laid out as the access says

  int64_t coefficient(unsigned dim) const { return coefficients[dim]; }
  bool isInvariantIn(unsigned dim) const { return coefficients[dim] == 0; }
};

/// One linalg op of a kernel: an elementwise or reducing body over accesses.
struct Stage {
  mlir::linalg::LinalgOp op;
  mlir::SmallVector<LinearAccess> inputs; ///< in the order of the body's arguments
  LinearAccess output;
  /// For each input, whether it is the accumulator of the kernel's reduction.
  mlir::SmallVector<bool> readsAccumulator;

  mlir::Block *body() const {
    mlir::linalg::LinalgOp copy = op; // the interface's methods are not const
    return copy.getBlock();
  }
};

/// A pooling behind the last stage: the results of a window, which differ in the nest's loops of
/// the window only, become one.
struct Pooling {
  mlir::linalg::LinalgOp op; ///< its body joins a result, the first argument, with the last one
  mlir::TypedAttr initial;   ///< what the first result of a window is joined with
  mlir::linalg::LinalgOp epilogue; ///< elementwise, reads nothing but the pooled value; may be null
  /// The largest result is that of the largest accumulator: the stages behind the reduction never
  /// decrease, and `initial` and `epilogue` change nothing.
  bool ofAccumulators = false;
};

/// A kernel whose shapes are known and whose accesses are linear.
struct LoopNest {
  mlir::SmallVector<LoopDim> dims;
  std::optional<Stage> init;      ///< parallel; writes the accumulator
  std::optional<Stage> reduction; ///< reads and writes the accumulator
  std::optional<Stage> epilogue;  ///< parallel; for an elementwise kernel the only stage
  /// Behind all of them. The output of the last stage is then where the pooled value goes.
  std::optional<Pooling> pooling;
  bool usesIndices = false; ///< some body asks for loop variables

  /// The stage whose output the kernel leaves in memory.
  Stage &last() { return epilogue ? *epilogue : *reduction; }
  const Stage &last() const { return epilogue ? *epilogue : *reduction; }

  /// All accesses of memory of all stages (not the accumulator between stages).
  void forEachAccess(mlir::function_ref<void(LinearAccess &)> callback);

  /// Joins neighbouring loops that every access walks as one (the outer's stride is the inner's
  /// stride times its size), and drops loops of one iteration.
  void mergeDims();

  /// Takes `count` iterations of the loop around the contiguous one and all of that as one run, so
  /// that few channels of neighbouring pixels fill a vector. Their constants are repeated and have
  /// no buffer any more. False, and nothing is changed, where another access does not walk both
  /// loops as one. Loops keep their numbers; those of one iteration have been dropped.
  bool joinNeighbours(int64_t count);
};

/// The values of a buffer that is a constant; null for others.
mlir::DenseElementsAttr getConstantValues(mlir::Value buffer);

/// The table that a body's load reads at an index that is a byte, and that byte. Null where the
/// load is of another kind.
struct ByteLookup {
  mlir::DenseElementsAttr table; ///< 256 bytes
  mlir::Value index;             ///< in the body, i8
};
ByteLookup matchByteLookup(mlir::memref::LoadOp load);

/// Whether the place that a body's load reads moves by one along loop `dim`, as RESIZE_BILINEAR's
/// four pixels do along the channels: the last index is that loop's variable, and nothing else
/// depends on the loop.
bool readsRunAlong(unsigned dim, mlir::memref::LoadOp load, const Stage &stage);

/// Reads a kernel; none where a shape is unknown or an access is not linear.
std::optional<LoopNest> analyzeKernel(tflrt::KernelOp kernel);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_LOOPNEST_H
