//===- KernelCode.h - what two kernels may have differently -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CODEGEN_KERNELCODE_H
#define TFLC_LIB_CODEGEN_KERNELCODE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace tflc {

/// A value in the function of a kernel that another kernel with the same code may have differently.
/// It depends on nothing that the function computes.
struct KernelLeaf {
  enum Kind {
    Argument, ///< of the function
    View,     ///< of an argument, from a known byte on
    Global,   ///< a constant of the module
    Number,   ///< in a scalar, or in all lanes of a vector
    Table,    ///< a vector with other numbers in its lanes
    Constant, ///< any other
  };

  Kind kind;
  mlir::Attribute value; ///< of what is constant, or the name of a global
  mlir::Type type;       ///< that it is handed over in: a scalar for numbers, a buffer for tables
  unsigned argument = 0;
  int64_t shift = 0; ///< of a view, in bytes

  bool isBuffer() const { return mlir::isa<mlir::MemRefType>(type); }
  bool operator==(const KernelLeaf &other) const {
    return kind == other.kind && value == other.value && type == other.type &&
           argument == other.argument && shift == other.shift;
  }
  bool operator!=(const KernelLeaf &other) const { return !(*this == other); }
};

/// The code of a kernel's function, apart from its leaves.
class KernelCode {
public:
  /// `isTask`: the last argument is the number of the task, which is no leaf.
  KernelCode(mlir::func::FuncOp function, bool isTask);

  int64_t countOps() const { return places.size(); }
  /// Whether the functions compute the same but for leaves that can be arguments.
  bool isLike(const KernelCode &other) const;

  mlir::func::FuncOp function;
  bool isTask;
  mlir::Block *body;
  llvm::hash_code hash;
  /// The uses of leaves, in the order of the code, and what they use.
  mlir::SmallVector<mlir::OpOperand *> sites;
  mlir::SmallVector<KernelLeaf> leaves;

private:
  /// An op that is no leaf, and where it stands.
  struct Place {
    mlir::Operation *op;
    unsigned parent; ///< number of the op around it
    unsigned region, block;

    bool isLike(const Place &other) const {
      return parent == other.parent && region == other.region && block == other.block;
    }
  };

  void collect(mlir::Region &region, unsigned parent);
  std::optional<KernelLeaf> getLeaf(mlir::Value value) const;
  bool isLeaf(mlir::Operation &op) const;

  mlir::SmallVector<Place> places;
};

} // namespace tflc

#endif // TFLC_LIB_CODEGEN_KERNELCODE_H
