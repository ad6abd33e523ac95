//===- RowKernel.h - what a kernel reads for a row --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Rows are the second dimension of buffers whose first one has a single element: the height of an
// image. docs/Scheduling.md, "Rows instead of tensors", explains the scheme.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_ROWS_ROWKERNEL_H
#define TFLC_LIB_SCHEDULE_ROWS_ROWKERNEL_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <optional>

namespace tflc {

/// The dimension of buffers that is cut.
constexpr unsigned rowDim = 1;

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

/// Whether nothing but tables of constants and the operands decide what the body gives.
bool hasPureBody(mlir::linalg::LinalgOp op);

/// Whether only kernels of `allowed` touch `buffer`, directly or through views.
bool isTouchedByOnly(mlir::Value buffer, const mlir::DenseSet<mlir::Operation *> &allowed);

/// Erases an allocation or view that nothing but unused views uses, with these.
void eraseUnused(mlir::Operation *op);

/// Whether rows of the type can be taken one by one.
bool hasRows(mlir::Type type);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_ROWS_ROWKERNEL_H
