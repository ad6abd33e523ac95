//===- SharedLoop.h - kernels that run along one loop together --*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Consecutive kernels whose outermost parallel loops go along each other: heads of attention, rows
// of a softmax or of a normalization. docs/Scheduling.md, "Heads and rows that stay in the cache".
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_ROWS_SHAREDLOOP_H
#define TFLC_LIB_SCHEDULE_ROWS_SHAREDLOOP_H

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

#include <optional>

namespace tflc {

/// An operand of a kernel that is memory from outside of it.
struct SharedAccess {
  mlir::Value view;            ///< as the kernel's ops see it
  mlir::Value base;            ///< the memory behind the view
  std::optional<unsigned> dim; ///< of the view, along the loop; none where all iterations read all
  bool isWritten = false;
};

/// A kernel with one of its loops.
struct SharedKernel {
  tflrt::KernelOp kernel;
  mlir::SmallVector<SharedAccess> accesses; ///< each view once
  /// Of the memory within the kernel: the dimension along the loop.
  mlir::DenseMap<mlir::Value, unsigned> locals;
};

/// Kernels of one block, in its order, that can run along one loop together.
class SharedLoop {
public:
  /// Begins with the outermost loop of what `kernel` writes; none where it has no such loop.
  static std::optional<SharedLoop> begin(tflrt::KernelOp kernel);
  /// Takes the next kernel of the block along; false where it has no loop of this kind, or where
  /// iterations would need what others write.
  bool add(tflrt::KernelOp kernel);

  int64_t size() const { return iterations; }
  const std::vector<SharedKernel> &kernels() const { return members; }
  /// Whether each kernel has turned out to run along the loop, or can run in front of it, as a
  /// product of which the last kernels read the result. One that touches nothing that the others
  /// touch is only known to run along the loop once another kernel reads what it writes.
  bool isComplete() const {
    return llvm::all_of(pending, [&](tflrt::KernelOp kernel) { return mayRunBefore(kernel); }) &&
           isOrderFree();
  }
  /// Allocations that nothing but these kernels touches, and that no iteration shares with another:
  /// one slice is enough of each.
  mlir::SmallVector<mlir::Value> findIntermediates() const;
  /// Bytes of one iteration of a buffer that is cut; 0 for others.
  int64_t sliceBytes(mlir::Value base) const;
  /// Elements between the slices of `base`.
  int64_t strideOf(mlir::Value base) const { return strides.lookup(base); }

private:
  explicit SharedLoop(int64_t iterations) : iterations(iterations) {}
  std::optional<SharedKernel> cut(tflrt::KernelOp kernel) const;
  std::optional<unsigned> findDim(mlir::Value view) const;
  bool isOrderFree() const;
  bool mayRunBefore(tflrt::KernelOp kernel) const;
  void take(SharedKernel kernel);

  int64_t iterations;
  std::vector<SharedKernel> members;
  mlir::SmallVector<tflrt::KernelOp> pending;
  /// Of buffers whose slices follow each other, by the buffer.
  mlir::DenseMap<mlir::Value, int64_t> strides;
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_ROWS_SHAREDLOOP_H
