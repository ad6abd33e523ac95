//===- DestinationPassing.h - functions that get their memory ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_DESTINATIONPASSING_H
#define TFLC_LIB_SCHEDULE_MEMORY_DESTINATIONPASSING_H

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// Entry functions on tensors get buffers for their inputs and results, and the arena. Variables
/// become places at the arena's beginning, whose size the module notes, and which the function
/// `tflc.reset` gives their initial values.
void passDestinations(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_DESTINATIONPASSING_H
