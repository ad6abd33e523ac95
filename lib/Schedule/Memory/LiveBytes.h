//===- LiveBytes.h - memory that is in use in each step ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_LIVEBYTES_H
#define TFLC_LIB_SCHEDULE_MEMORY_LIVEBYTES_H

#include "StepTree.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

namespace tflc {

/// Memory of the intermediate buffers of a function, each of them alive in the steps that
/// `StepTree` says and at a place of its own, but for results that can lie over what they are made
/// of element by element.
class LiveBytes {
public:
  explicit LiveBytes(mlir::FunctionOpInterface function);

  /// While the step of `kernel` runs.
  int64_t at(mlir::Operation *kernel) const { return bytes[tree.numberOf(tree.stepOf(kernel))]; }
  int64_t most() const { return largest; }

private:
  StepTree tree;
  mlir::SmallVector<int64_t> bytes; // by step
  int64_t largest = 0;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_LIVEBYTES_H
