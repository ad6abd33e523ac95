//===- DynamicSlots.h - room that buffers of unknown size share -*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_DYNAMICSLOTS_H
#define TFLC_LIB_SCHEDULE_MEMORY_DYNAMICSLOTS_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace tflc {

constexpr int64_t slotAlignment = 64;

/// A part of the arena whose size is a fixed number of bytes times the product of `factors`.
/// Buffers of the same unknown factors share it one after the other.
struct DynamicSlot {
  llvm::SmallVector<mlir::Value> factors;
  int64_t bytes = 0;
  int64_t busyUntil = -1;
  llvm::SmallVector<mlir::memref::AllocOp> buffers;
  /// Whether the size is known, or bounded, when an invocation begins.
  bool isPlanned = false;
};

/// The bytes of a buffer but for its unknown sizes.
int64_t getKnownBytes(mlir::MemRefType type);

/// One slot or more for the buffers that are allocated in `body` and the blocks inside of it.
llvm::SmallVector<DynamicSlot> assignSlots(mlir::Block &body);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_DYNAMICSLOTS_H
