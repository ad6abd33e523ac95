//===- StepTree.h - the steps of a function, with its loops -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_MEMORY_STEPTREE_H
#define TFLC_LIB_SCHEDULE_MEMORY_STEPTREE_H

#include "mlir/IR/Block.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace tflc {

/// Steps `first` to `last`, inclusive; `last` is smaller where there is none.
struct StepRange {
  int64_t first = 0, last = -1;

  bool isEmpty() const { return last < first; }
};

/// The steps of a function on buffers. A step is an op that touches memory: a kernel, a linalg op,
/// a load, or a loop over rows. A loop or branch of `scf` around such ops is none itself: its
/// blocks hold steps of their own, so that blocks and steps are a tree. Steps are numbered from
/// zero in the order of the text, which is the order in which they run, but for the loops between
/// them.
class StepTree {
public:
  explicit StepTree(mlir::Block &body);

  llvm::ArrayRef<mlir::Operation *> steps() const { return stepOps; }
  /// All blocks that hold steps, each behind the one around it; `body` is the first.
  llvm::ArrayRef<mlir::Block *> blocks() const { return blockList; }
  bool contains(mlir::Block *block) const { return llvm::is_contained(blockList, block); }
  /// The step that `op` is or belongs to; null for what takes no memory.
  mlir::Operation *stepOf(mlir::Operation *op) const;
  /// The number of a step; for another op of the blocks that of the next step.
  int64_t numberOf(mlir::Operation *op) const { return numbers.lookup(op); }
  /// The steps in which the memory of `buffer`, an allocation of one of the blocks, holds something
  /// or is touched, directly or through views. Where a loop around the touching op lies behind the
  /// allocation, the next iteration may ask for the same contents, so that they live through all of
  /// the loop.
  StepRange lifetimeOf(mlir::Value buffer) const;
  /// Whether `step` is in a loop that does not contain `op`.
  bool isRepeatedSince(mlir::Operation *step, mlir::Operation *op) const {
    return outermostLoop(step, op) != nullptr;
  }

private:
  void visit(mlir::Block &block);
  mlir::Operation *outermostLoop(mlir::Operation *step, mlir::Operation *op) const;
  void addUses(mlir::Value buffer, mlir::Operation *alloc, StepRange &range) const;

  llvm::SmallVector<mlir::Operation *> stepOps;
  llvm::SmallVector<mlir::Block *> blockList;
  llvm::DenseMap<mlir::Operation *, int64_t> numbers; // of all ops of the blocks
  llvm::DenseMap<mlir::Operation *, StepRange> inner; // of loops and branches
};

/// Whether `op` is a loop or branch whose blocks hold steps of their own.
bool holdsSteps(mlir::Operation *op);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_MEMORY_STEPTREE_H
