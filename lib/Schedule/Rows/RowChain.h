//===- RowChain.h - kernels that run row by row -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_ROWS_ROWCHAIN_H
#define TFLC_LIB_SCHEDULE_ROWS_ROWCHAIN_H

#include "RowKernel.h"

#include <memory>
#include <vector>

namespace tflc {

/// The first row that a kernel computes in each iteration from `first` on.
struct RowStarts {
  int64_t first = 0;
  mlir::SmallVector<int64_t> rows;

  int64_t at(int64_t iteration) const {
    return rows[std::clamp<int64_t>(iteration - first, 0, rows.size() - 1)];
  }
};

/// One kernel of a chain. A collector runs when what it reads has been computed, and takes the rows
/// of that kernel's iteration that were not there before.
struct ChainMember {
  tflrt::KernelOp kernel;
  const RowKernel *rows = nullptr;
  int64_t count = 0; ///< rows of one iteration
  int64_t step = 0;  ///< rows that the next iteration is ahead, where no border is near
  /// The first and the last iteration in which it runs. Behind that one all its rows are there.
  int64_t first = 0, last = 0;
  RowStarts start;
  /// What it writes, unless it is the last one: an allocation of which only `window` rows exist at
  /// a time, and the padding above and below. The `window - count` oldest of them come from the
  /// iteration before.
  mlir::Value buffer;
  int64_t above = 0, window = 0, below = 0;
  mlir::Value padding; ///< its value; null where there is none
  /// Of a collector: the number of the member whose rows it takes, so many at once.
  unsigned producer = 0;
  int64_t batch = 0;

  int64_t carried() const { return window - count; }
  int64_t ringRows() const { return above + window + below; }
  int64_t ringBytes() const;
  /// The row of the image in the first row of the window.
  int64_t windowStart(int64_t iteration) const { return start.at(iteration) - carried(); }
  /// Of the rows of an iteration those that no earlier one has computed; they are the last ones.
  int64_t newRows(int64_t iteration) const {
    return iteration <= first ? count : start.at(iteration) - start.at(iteration - 1);
  }
};

/// How an output may lie over a buffer that the chain reads for the last time.
struct ChainOverwrite {
  mlir::Value input;
  int64_t distance = 0; ///< of the output's address behind the input's, at most
};

/// A run of consecutive ops of a block that become one loop. Iterations go from `first` to `end`.
struct RowChain {
  int64_t stripe = 0;
  int64_t first = 0, end = 0;
  mlir::Operation *place = nullptr; ///< the last one of the ops, in front of which the loop goes
  /// Each behind all whose rows it reads. The stripe is that of the last one.
  std::vector<ChainMember> members;
  mlir::SmallVector<mlir::Operation *> fills; ///< of padding that the rings hold
  mlir::SmallVector<ChainOverwrite> overwrites;
  int64_t overhead = 0; ///< operations that would not be there without the loop
};

/// Plans chains of one block. What it has found out about a kernel it keeps.
class RowChainPlanner {
public:
  /// The structure of a chain from op `begin` to op `end` of `steps`, inclusive; none where these
  /// do not form one.
  std::optional<RowChain> findChain(mlir::ArrayRef<mlir::Operation *> steps);
  /// Completes a chain for stripes of so many rows; false where that is not possible.
  bool schedule(RowChain &chain, int64_t stripe) const;
  bool isMember(mlir::Operation *op) { return rowsOf(op) != nullptr; }

private:
  const RowKernel *rowsOf(mlir::Operation *op);

  llvm::DenseMap<mlir::Operation *, std::unique_ptr<RowKernel>> kernels;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_ROWS_ROWCHAIN_H
