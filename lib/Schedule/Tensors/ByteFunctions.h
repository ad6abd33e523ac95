//===- ByteFunctions.h - values that depend on few bits ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_TENSORS_BYTEFUNCTIONS_H
#define TFLC_LIB_SCHEDULE_TENSORS_BYTEFUNCTIONS_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <optional>

namespace tflc {

/// What functions may depend on.
enum class FunctionRoot {
  Byte,    ///< any i8 value
  LowBits, ///< x & (2^k - 1), for k of 10 at most
};

/// Which values of an elementwise body are functions of a single byte, or of the lowest bits of a
/// single integer, and constants.
class ByteFunctions {
public:
  explicit ByteFunctions(mlir::Block &body, FunctionRoot kind = FunctionRoot::Byte);

  /// The value of the body that determines `value`, which may be `value` itself; null where
  /// there is none, and for constants. A chain of functions leads to its beginning.
  mlir::Value root(mlir::Value value) const { return roots.lookup(value); }

  /// The ops between the root of `value`, its last one defining `value`, in the body's order.
  llvm::SmallVector<mlir::Operation *> opsOf(mlir::Value value) const;

  /// The integer `value` for every value of its root, the root's bits taken as an unsigned index;
  /// none where an op cannot be evaluated.
  std::optional<llvm::SmallVector<int64_t>> tabulate(mlir::Value value) const;

private:
  FunctionRoot kind;
  llvm::DenseMap<mlir::Value, mlir::Value> roots;
};

/// A function of a byte as a table, from the least byte to the greatest.
struct ByteTerm {
  mlir::Value byte;
  bool isUnsigned = false; ///< from 0 to 255 instead of -128 to 127
  llvm::SmallVector<int64_t> table;

  int32_t first() const { return isUnsigned ? 0 : -128; }
};

/// Tabulates `value`, whose byte is taken as signed or unsigned, whichever way it is no step.
std::optional<ByteTerm> readByteTerm(const ByteFunctions &functions, mlir::Value value);

/// Erases the pure ops of `body` that nothing reads, as tables leave them.
void eraseDeadOps(mlir::Block &body);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_TENSORS_BYTEFUNCTIONS_H
