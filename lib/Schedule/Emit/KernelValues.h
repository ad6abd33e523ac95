//===- KernelValues.h - what a kernel's bodies compute ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_KERNELVALUES_H
#define TFLC_LIB_SCHEDULE_EMIT_KERNELVALUES_H

#include "KernelAccess.h"
#include "Schedule/Nest/Contraction.h"

#include "mlir/IR/IRMapping.h"

namespace tflc {

struct WordLookup;

/// The bodies of a kernel's stages, evaluated for vectors instead of scalars.
class KernelValues : public KernelAccess {
protected:
  explicit KernelValues(const KernelTask &task);

  /// What a stage makes of one vector of its operands and of `accumulator`.
  Value evaluate(const Stage &stage, const Position &position, const Point &point,
                 Value accumulator);
  Value evaluateBody(mlir::Block *body, llvm::ArrayRef<Value> arguments, unsigned lanes,
                     const Position &position, const Point &point);
  /// Repeats a scalar op of a body for operands of which some are vectors; maps its results.
  void cloneForLanes(mlir::Operation &op, mlir::IRMapping &mapping, unsigned lanes);
  /// A look-up in a table: in registers where the target can, otherwise lane by lane.
  Value lookUp(mlir::memref::LoadOp op, mlir::IRMapping &mapping, unsigned lanes);
  /// The neighbours that a load reads along the vector's loop; null where it reads others.
  Value loadRun(mlir::memref::LoadOp op, mlir::IRMapping &mapping, const Position &position,
                const Point &point);

  std::optional<Contraction> product; ///< what the reduction does, if it is one

private:
  Value lookUpPlanes(const WordLookup &lookup, Value indices);
  Value lookUpByLanes(mlir::memref::LoadOp op, mlir::IRMapping &mapping, unsigned lanes);
  Value loopVariable(unsigned dim, unsigned lanes, const Position &position, const Point &point);
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_KERNELVALUES_H
