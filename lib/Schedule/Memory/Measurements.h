//===- Measurements.h - what only an invocation shows -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_MEASUREMENTS_H
#define TFLC_LIB_SCHEDULE_MEMORY_MEASUREMENTS_H

#include "DynamicSlots.h"

#include "TFLRT/IR/RoomOps.h"
#include "tflc/tflc.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {

/// Emits what deals with sizes that only an invocation shows. `extents` is the function's argument
/// with what its caller is told and has to give, the bytes of the arena at `arenaNumber`.
class Measurements {
public:
  Measurements(mlir::ImplicitLocOpBuilder &b, mlir::Value arena, mlir::Value extents,
               int64_t arenaNumber)
      : b(b), arena(arena), extents(extents), arenaNumber(arenaNumber) {}

  mlir::Value loadExtent(int64_t number);
  void storeExtent(int64_t number, mlir::Value value);
  mlir::Value multiplyBytes(int64_t bytes, mlir::ValueRange sizes);
  void guardAtMost(mlir::Value bytes, mlir::Value capacity, tflc_status status);

  /// Places the slots of `body` that are not planned, from `plannedEnd` on.
  void place(mlir::Block &body, llvm::MutableArrayRef<DynamicSlot> slots, mlir::Value plannedEnd);

private:
  void placeIn(mlir::Block &block);
  void placeSlot(DynamicSlot &slot);
  void measureRoom(tflrt::RoomOp op);
  void tellLargerRoom(tflrt::GuardOp op);

  mlir::ImplicitLocOpBuilder &b;
  mlir::Value arena, extents;
  int64_t arenaNumber;
  /// Where the slots end that are placed so far, as an i64.
  mlir::Value end;
  llvm::DenseMap<mlir::Operation *, DynamicSlot *> firstBuffers;
  llvm::SmallVector<mlir::Operation *> placed; // go at the end
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_MEASUREMENTS_H
