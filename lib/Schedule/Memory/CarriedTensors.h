//===- CarriedTensors.h - tensors that loops and branches give --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_CARRIEDTENSORS_H
#define TFLC_LIB_SCHEDULE_MEMORY_CARRIEDTENSORS_H

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// Gives each tensor that a loop carries, or a branch results in, one place in memory: what
/// an iteration yields is written to where the loop holds the tensor, and what the blocks of a
/// branch yield goes to one tensor in front of it. Without that, bufferization would allocate
/// a new buffer in each iteration, and a pointer would say which one is valid.
///
/// The computation of a yielded tensor writes there directly, unless the tensor of the iteration
/// before is still read behind it; then, and only then, bufferization makes a second buffer
/// and a copy.
///
/// Emits an error where a branch results in a tensor of unknown size.
llvm::LogicalResult placeCarriedTensors(mlir::ModuleOp module);

/// Behind bufferization: loops and branches refer to their buffers directly, and neither carry nor
/// give any. Emits an error where one still does.
llvm::LogicalResult dropCarriedBuffers(mlir::ModuleOp module);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_CARRIEDTENSORS_H
