//===- RowChain.h - kernels that run row by row -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Rows are the second dimension of buffers whose first one has a single element: the height of an
// image. docs/Scheduling.md, "Rows instead of tensors", explains the scheme.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_ROWS_ROWCHAIN_H
#define TFLC_LIB_SCHEDULE_ROWS_ROWCHAIN_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <memory>
#include <optional>
#include <vector>

namespace tflc {

/// A buffer as part of an allocation or argument: the same dimensions, further inside.
struct PlainView {
  mlir::Value base;
  mlir::SmallVector<int64_t> offsets, sizes; ///< one for each dimension
};

/// `buffer` itself, or what it is through views that cut boxes out; none for other views.
std::optional<PlainView> findPlainView(mlir::Value buffer);

/// What one operand of an op shows of a buffer in row r of the kernel: the rows
/// scale * r + [lowest, highest].
struct RowRead {
  unsigned op = 0, operand = 0; ///< numbers of the linalg op in its kernel, and of its operand
  mlir::Value buffer;
  int64_t scale = 1, lowest = 0, highest = 0;
};

/// A kernel that runs row by row. Each row of its output depends on few rows of what it reads, or
/// it is a collector: all rows that it reads join its output, one after the other.
struct RowKernel {
  mlir::Value output;
  int64_t rows = 0; ///< of the output; those that a collector reads
  mlir::SmallVector<RowRead> reads;
  mlir::SmallVector<mlir::Value> wholes; ///< buffers that every row reads all of
  int64_t work = 0;                      ///< operations for one row
  int64_t wholeBytes = 0;                ///< of `wholes`
  /// A collector's buffer that rows are added to: the output, or one within the kernel from which
  /// the output is made when all rows are there. Null for other kernels.
  mlir::Value sums;
  unsigned rowLoop = 0; ///< the collector's loop over rows

  bool isCollector() const { return sums != nullptr; }
  /// Whether the output is written behind the last row only.
  bool isOutputLast() const { return isCollector() && sums != output; }
};

/// None where the kernel has no rows, or where rows depend on more than linear windows.
std::optional<RowKernel> analyzeRows(tflrt::KernelOp kernel);

/// A kernel that fills its sums, reduces over all rows of one buffer (and over whatever else), and
/// may make its output from the sums; none where it does something else.
std::optional<RowKernel> analyzeCollector(tflrt::KernelOp kernel);

/// Whether nothing of an input but its shape matters, which says how often `loop` runs.
bool isShapeOnly(mlir::linalg::LinalgOp op, mlir::OpOperand &operand, unsigned loop);

/// The linalg ops of a kernel in their order.
mlir::SmallVector<mlir::linalg::LinalgOp> linalgOpsOf(tflrt::KernelOp kernel);

/// Whether `op` is a kernel that does nothing but fill a buffer.
mlir::linalg::FillOp getSingleFill(mlir::Operation *op);

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
